#include "lavapp/sandbox/gateway.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "core/runtime_impl.hpp"
#include "core/strand.hpp"
#include "discord/etf.hpp"
#include "lavapp/discord/gateway_options.hpp"
#include "net/byte_stream.hpp"
#include "net/http_message.hpp"
#include "sandbox/gateway_encoder.hpp"
#include "sandbox/json.hpp"
#include "sandbox/target.hpp"
#include "websocket/frame.hpp"
#include "websocket/frame_reader.hpp"
#include "websocket/handshake.hpp"

namespace lavapp::sandbox {
namespace {

using discord::Compression;
using discord::Encoding;

/// Events that a session keeps for a resume.
constexpr std::size_t kKeptEvents = 100'000;
constexpr std::size_t kMaxPayload = 4'096;
constexpr std::size_t kMaxSends = 120;

struct Session {
  std::string id;
  Json shard;  ///< [id, count]
  std::uint64_t sequence = 0;
  std::deque<std::pair<std::uint64_t, std::string>> events;  ///< Payloads, with their sequence numbers.
};

bool belongs_to(Snowflake guild, const Json& shard) {
  return (guild.value() >> 22) % shard[1].get<std::uint64_t>() == shard[0].get<std::uint64_t>();
}

std::string guild_create(Snowflake id) {
  return dump(Json{{"id", id.to_string()}, {"name", "guild " + id.to_string()}, {"unavailable", false}, {"voice_states", Json::array()}});
}

Snowflake id_in(const Json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end()) return {};
  if (it->is_number_unsigned()) return it->get<std::uint64_t>();
  return it->is_string() ? Snowflake::parse(it->get<std::string>()).value_or(Snowflake()) : Snowflake();
}

}  // namespace

class Gateway::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(std::shared_ptr<detail::RuntimeImpl> runtime, GatewayOptions options)
      : shards(options.shards),
        remaining_identifies(options.session_start_limit.remaining),
        guilds(options.guilds),
        options_(std::move(options)),
        strand_(std::move(runtime)),
        port_(options_.port) {}

  void start() {
    auto listening = net::listen(strand_, options_.port, [weak = weak_from_this()](auto stream) {
      if (const auto self = weak.lock()) self->accepted(std::move(stream));
    });
    if (!listening) throw Exception(listening.error());
    listener_ = *std::move(listening);
    port_.store(listener_->port(), std::memory_order_release);
  }
  void stop();
  void post(MoveFunction<void(Impl&)> task) {
    strand_.post([self = shared_from_this(), task = std::move(task)]() mutable { task(*self); });
  }
  std::uint16_t port() const { return port_.load(std::memory_order_acquire); }
  std::string url() const { return "ws://127.0.0.1:" + std::to_string(port()); }

  class Connection;
  /// What may be asked from any thread.
  struct Journal {
    std::vector<SeenPayload> payloads;
    std::vector<int> close_codes;
    std::size_t connections = 0, open = 0, identifies = 0, resumes = 0;
  };
  template <class Look>
  auto with_journal(Look&& look) {
    std::lock_guard lock(mutex_);
    return look(journal_);
  }
  std::vector<std::shared_ptr<Connection>> open();

  // On the strand: what is ordered.
  bool ignore_heartbeats = false, ignore_identify = false, half_open = false, greet_with_hello = true;
  std::string greeting;
  int refuse_close = 0, refuse_status = 0;
  std::uint32_t shards, remaining_identifies;
  std::vector<Snowflake> guilds;
  std::map<std::string, std::shared_ptr<Session>> sessions;
  std::vector<std::shared_ptr<Connection>> hanging;  ///< They are not read from any more, and kept.

  void dispatch(const std::string& name, const std::string& data);
  void dispatch(Session& session, const std::string& name, const std::string& data);
  const GatewayOptions& options() const { return options_; }
  Clock::time_point now() const { return strand_.runtime().clock().now(); }
  /// Notes the identify, if it does not come too soon.
  bool may_identify(std::uint32_t shard_id) {
    const auto group = shard_id % std::max(options_.session_start_limit.max_concurrency, 1u);
    const auto last = last_identify_.find(group);
    if (options_.enforce_max_concurrency && last != last_identify_.end() && now() - last->second < std::chrono::seconds(5)) return false;
    last_identify_[group] = now();
    return true;
  }
  std::string next_session_id() { return "sandbox-session-" + std::to_string(++last_session_); }

 private:
  void accepted(std::shared_ptr<net::ByteStream> stream);

  const GatewayOptions options_;
  detail::Strand strand_;
  std::shared_ptr<net::Listener> listener_;
  std::atomic<std::uint16_t> port_;  ///< Connections tell it, and may come before start() has returned.
  std::vector<std::weak_ptr<Connection>> connections_;
  std::uint64_t last_session_ = 0;
  std::map<std::uint32_t, Clock::time_point> last_identify_;  ///< by group
  std::mutex mutex_;  // guards the journal
  Journal journal_;
};

/// A TCP connection: one HTTP request, then, as a rule, a WebSocket.
class Gateway::Impl::Connection final : public net::ByteStreamHandler,
                                        public websocket::FrameSink,
                                        public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Impl> gateway, std::shared_ptr<net::ByteStream> stream)
      : gateway_(std::move(gateway)), stream_(std::move(stream)) {}

  void read() {
    const auto room = reader_.prepare();
    place_ = room.data;
    stream_->read_some(shared_from_this(), room.data, room.size);
  }
  void cut() {
    ended(1006);
    stream_->close();
  }
  bool is_open() const { return open_ && !ended_; }
  const std::shared_ptr<Session>& session() const { return session_; }

  /// JSON text, in the client's encoding.
  void send(std::string_view json) {
    if (!is_open()) return;
    std::string bytes(json);
    bool binary = false;
    if (encoding_ == Encoding::etf) {
      bytes = discord::etf::from_json(json).value();
      binary = true;
    }
    bytes = encoder_->encode(bytes, binary);
    send_frame(binary ? websocket::Opcode::binary : websocket::Opcode::text, bytes);
  }
  void send_frame(websocket::Opcode opcode, std::string_view payload) {
    websocket::FrameHeader header;
    header.opcode = opcode;
    header.payload_size = payload.size();
    char head[websocket::kMaxHeaderSize];
    waiting_.append(head, websocket::encode_header(head, header));
    waiting_ += payload;
    write();
  }
  void close(int code, const std::string& reason) {
    if (!is_open()) return;
    send_frame(websocket::Opcode::close, websocket::encode_close(code, reason));
    closing_ = true;
  }
  void write() {
    if (!flying_.empty() || waiting_.empty() || gateway_->half_open) return;
    flying_.swap(waiting_);
    stream_->write(shared_from_this(), flying_);
  }

 private:
  void on_read(const std::error_code& error, std::size_t size) override {
    if (error) {
      ended(1006);
      return stream_->close();
    }
    if (gateway_->half_open) return gateway_->hanging.push_back(shared_from_this());
    if (!open_) {
      const auto used = request_.feed({place_, size});
      if (!used) return stream_->close();
      if (request_.done()) answer();
    } else {
      reader_.commit(size);
      if (reader_.parse(*this)) return cut();
    }
    if (stream_->is_open()) read();
  }
  void on_written(const std::error_code& error) override {
    flying_.clear();
    if (error) return;
    if (over_ && waiting_.empty()) return stream_->close();
    write();
  }

  void answer() {
    const auto& request = request_.request();
    const auto* key = find_header(request.headers, "Sec-WebSocket-Key");
    if (gateway_->refuse_status != 0) return reply(gateway_->refuse_status, "{}");
    if (key == nullptr) {
      const auto target = Target::parse(request.target);
      const auto& path = target ? target->path() : std::string();
      constexpr std::string_view kRoute = "/gateway/bot";
      if (path.size() < kRoute.size() || path.compare(path.size() - kRoute.size(), kRoute.size(), kRoute) != 0) {
        return reply(404, R"({"message":"404: Not Found","code":0})");
      }
      const auto* authorization = find_header(request.headers, "Authorization");
      if (authorization == nullptr || *authorization != "Bot " + gateway_->options().token) {
        return reply(401, R"({"message":"401: Unauthorized","code":0})");
      }
      const auto& limit = gateway_->options().session_start_limit;
      return reply(200, dump(Json{{"url", gateway_->url()},
                                  {"shards", gateway_->shards},
                                  {"session_start_limit",
                                   {{"total", limit.total},
                                    {"remaining", gateway_->remaining_identifies},
                                    {"reset_after", limit.reset_after.count()},
                                    {"max_concurrency", limit.max_concurrency}}}}));
    }
    const auto target = Target::parse(request.target);
    const auto parameter = [&](const char* name) { return target ? target->parameter(name).value_or("") : std::string(); };
    if (parameter("encoding") == "etf") encoding_ = Encoding::etf;
    auto compression = Compression::none;
    if (parameter("compress") == "zlib-stream") compression = Compression::zlib_stream;
    if (parameter("compress") == "zstd-stream") compression = Compression::zstd_stream;
    encoder_ = make_encoder(compression);
    open_ = true;
    number_ = gateway_->with_journal([](Journal& journal) { return ++journal.open, ++journal.connections; });
    waiting_ += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                websocket::accept_value(*key) + "\r\n\r\n";
    write();
    if (parameter("v") != "10") return close(4012, "Invalid API version.");
    if (gateway_->refuse_close != 0) return close(gateway_->refuse_close, "as ordered");
    if (gateway_->greet_with_hello)
      send(dump(Json{{"op", 10}, {"d", {{"heartbeat_interval", gateway_->options().heartbeat_interval.count()}}}, {"s", nullptr}, {"t", nullptr}}));
    else if (!gateway_->greeting.empty())
      send(gateway_->greeting);
  }
  void reply(int status, const std::string& body) {
    net::HttpResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}, {"Content-Length", std::to_string(body.size())}, {"Connection", "close"}};
    response.body = body;
    waiting_ += net::serialize(response);
    over_ = true;
    write();
  }

  bool on_message(std::string_view data, bool) override {
    std::string text(data);
    if (encoding_ == Encoding::etf) {
      auto json = discord::etf::to_json(data);
      text = json ? *std::move(json) : std::string();
    }
    const auto payload = Json::parse(text, nullptr, false);
    const auto op = payload.is_object() && payload.contains("op") && payload["op"].is_number_integer() ? payload["op"].get<int>() : -1;
    gateway_->with_journal([&](Journal& journal) { journal.payloads.push_back({number_, op, text, data.size()}); });
    if (closing_) return true;
    const auto now = gateway_->now();
    sends_.push_back(now);
    while (sends_.front() + std::chrono::seconds(60) <= now) sends_.pop_front();
    if (sends_.size() > kMaxSends) return close(4008, "You are being rate limited."), true;
    if (data.size() > kMaxPayload || !payload.is_object()) return close(4002, "Error while decoding payload."), true;
    handle(op, payload.contains("d") ? payload["d"] : Json());
    return true;
  }

  void handle(int op, const Json& d) {
    switch (op) {
      case 1:
        if (!gateway_->ignore_heartbeats) send(R"({"op":11,"d":null,"s":null,"t":null})");
        return;
      case 2: return session_ ? close(4005, "Already authenticated.") : identify(d);
      case 6: return session_ ? close(4005, "Already authenticated.") : resume(d);
      case 3:
      case 8:
      case 31:
      case 43:
        if (!session_) close(4003, "Not authenticated.");
        return;
      case 4: return session_ ? voice(d) : close(4003, "Not authenticated.");
      default: close(4001, "Unknown opcode.");
    }
  }

  bool wrong_token(const Json& d) {
    if (d.is_object() && d.value("token", Json()) == Json(gateway_->options().token)) return false;
    close(4004, "Authentication failed.");
    return true;
  }

  void identify(const Json& d) {
    gateway_->with_journal([](Journal& journal) { ++journal.identifies; });
    if (gateway_->ignore_identify || wrong_token(d)) return;
    const auto shard = d.value("shard", Json::array({0, 1}));
    if (!shard.is_array() || shard.size() != 2 || !shard[0].is_number_unsigned() || !shard[1].is_number_unsigned() ||
        shard[0].get<std::uint64_t>() >= shard[1].get<std::uint64_t>()) {
      return close(4010, "Invalid shard.");
    }
    const auto intents = d.value("intents", Json());
    if (!intents.is_number_unsigned() || (intents.get<std::uint64_t>() & ~std::uint64_t{discord::intents::all}) != 0) {
      return close(4013, "Invalid intent(s).");
    }
    const auto forbidden = discord::intents::privileged & ~gateway_->options().allowed_intents;
    if ((intents.get<discord::Intents>() & forbidden) != 0) return close(4014, "Disallowed intent(s).");
    if (d.value("compress", false)) encoder_ = make_encoder(Compression::payload);

    std::vector<Snowflake> of_shard;
    for (const auto id : gateway_->guilds) {
      if (belongs_to(id, shard)) of_shard.push_back(id);
    }
    if (of_shard.size() > gateway_->options().max_guilds_per_shard) return close(4011, "Sharding required.");
    if (gateway_->remaining_identifies == 0) return close(4004, "Authentication failed.");
    --gateway_->remaining_identifies;
    if (!gateway_->may_identify(shard[0].get<std::uint32_t>())) return send(R"({"op":9,"d":false,"s":null,"t":null})");
    session_ = std::make_shared<Session>();
    session_->id = gateway_->next_session_id();
    session_->shard = shard;
    gateway_->sessions[session_->id] = session_;

    auto named = Json::array();
    for (const auto id : of_shard) named.push_back({{"id", id.to_string()}, {"unavailable", true}});
    const auto& resume_url = gateway_->options().resume_gateway_url;
    gateway_->dispatch(*session_, "READY",
                       dump(Json{{"v", 10},
                                 {"user", {{"id", gateway_->options().user_id.to_string()}, {"username", "sandbox"}, {"bot", true}}},
                                 {"guilds", std::move(named)},
                                 {"session_id", session_->id},
                                 {"resume_gateway_url", resume_url.empty() ? gateway_->url() : resume_url},
                                 {"shard", shard},
                                 {"application", {{"id", gateway_->options().application_id.to_string()}, {"flags", 0}}}}));
    for (const auto id : of_shard) gateway_->dispatch(*session_, "GUILD_CREATE", guild_create(id));
  }

  void resume(const Json& d) {
    gateway_->with_journal([](Journal& journal) { ++journal.resumes; });
    if (gateway_->ignore_identify || wrong_token(d)) return;
    const auto it = gateway_->sessions.find(d.value("session_id", std::string()));
    if (it == gateway_->sessions.end()) return send(R"({"op":9,"d":false,"s":null,"t":null})");
    const auto seq = d.value("seq", Json());
    if (!seq.is_number_unsigned() || seq.get<std::uint64_t>() > it->second->sequence) return close(4007, "Invalid seq.");
    for (const auto& other : gateway_->open()) {
      if (other.get() != this && other->session_ == it->second) other->cut();
    }
    session_ = it->second;
    for (const auto& [sequence, payload] : session_->events) {
      if (sequence > seq.get<std::uint64_t>()) send(payload);
    }
    gateway_->dispatch(*session_, "RESUMED", "{}");
  }

  void voice(const Json& d) {
    const auto guild = id_in(d, "guild_id");
    const auto channel = id_in(d, "channel_id");
    const auto& silent = gateway_->options().silent_channels;
    if (std::find(silent.begin(), silent.end(), channel) != silent.end()) return;
    const bool leaves = channel == Snowflake();
    gateway_->dispatch(*session_, "VOICE_STATE_UPDATE",
                       dump(Json{{"guild_id", guild.to_string()},
                                 {"channel_id", leaves ? Json() : Json(channel.to_string())},
                                 {"user_id", gateway_->options().user_id.to_string()},
                                 {"session_id", "voice-" + guild.to_string()},
                                 {"deaf", false},
                                 {"mute", false},
                                 {"self_deaf", d.value("self_deaf", false)},
                                 {"self_mute", d.value("self_mute", false)}}));
    if (leaves) return;
    gateway_->dispatch(*session_, "VOICE_SERVER_UPDATE",
                       dump(Json{{"token", "voice-token-" + guild.to_string()}, {"guild_id", guild.to_string()}, {"endpoint", "voice.sandbox.test:443"}}));
  }

  bool on_ping(std::string_view payload) override { return send_frame(websocket::Opcode::pong, payload), true; }
  bool on_pong(std::string_view) override { return true; }
  bool on_close(const websocket::ClosePayload& close) override {
    ended(closing_ ? 0 : close.code);
    if (session_ && !closing_ && (close.code == 1000 || close.code == 1001)) gateway_->sessions.erase(session_->id);
    if (!closing_) send_frame(websocket::Opcode::close, websocket::encode_close(close.code, {}));
    over_ = true;
    if (flying_.empty() && waiting_.empty()) stream_->close();
    return false;
  }
  /// \param code  that the client ended with; 0: the gateway closed
  void ended(int code) {
    if (!open_ || std::exchange(ended_, true)) return;
    gateway_->with_journal([&](Journal& journal) {
      --journal.open;
      if (code != 0 && !closing_) journal.close_codes.push_back(code);
    });
  }

  std::shared_ptr<Impl> gateway_;
  std::shared_ptr<net::ByteStream> stream_;
  net::HttpParser request_{net::HttpPart::request};
  websocket::FrameReader reader_{websocket::Role::server};
  char* place_ = nullptr;
  std::string waiting_, flying_;
  bool open_ = false, closing_ = false, ended_ = false, over_ = false;
  std::uint64_t number_ = 0;
  Encoding encoding_ = Encoding::json;
  std::unique_ptr<GatewayEncoder> encoder_;
  std::shared_ptr<Session> session_;
  std::deque<Clock::time_point> sends_;
};

void Gateway::Impl::stop() {
  post([](Impl& self) {
    self.listener_->close();
    for (const auto& each : self.open()) each->cut();
    self.hanging.clear();
  });
}

void Gateway::Impl::accepted(std::shared_ptr<net::ByteStream> stream) {
  connections_.erase(std::remove_if(connections_.begin(), connections_.end(), [](const auto& weak) { return weak.expired(); }),
                     connections_.end());
  const auto connection = std::make_shared<Connection>(shared_from_this(), std::move(stream));
  connections_.push_back(connection);
  connection->read();
}

std::vector<std::shared_ptr<Gateway::Impl::Connection>> Gateway::Impl::open() {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& weak : connections_) {
    if (auto connection = weak.lock(); connection && connection->is_open()) all.push_back(std::move(connection));
  }
  return all;
}

void Gateway::Impl::dispatch(Session& session, const std::string& name, const std::string& data) {
  const auto sequence = ++session.sequence;
  auto payload = "{\"t\":\"" + name + "\",\"s\":" + std::to_string(sequence) + ",\"op\":0,\"d\":" + data + "}";
  for (const auto& connection : open()) {
    if (connection->session().get() == &session) connection->send(payload);
  }
  session.events.emplace_back(sequence, std::move(payload));
  if (session.events.size() > kKeptEvents) session.events.pop_front();
}

void Gateway::Impl::dispatch(const std::string& name, const std::string& data) {
  const auto document = Json::parse(data, nullptr, false);
  const auto guild = document.is_object() ? id_in(document, "guild_id") : Snowflake();
  for (const auto& [id, session] : sessions) {
    if (guild == Snowflake() || belongs_to(guild, session->shard)) dispatch(*session, name, data);
  }
}

// --- Gateway

Gateway::Gateway(GatewayOptions options)
    : own_runtime_(std::make_unique<Runtime>()), impl_(std::make_shared<Impl>(own_runtime_->impl(), std::move(options))) {
  impl_->start();
}
Gateway::Gateway(Runtime& runtime, GatewayOptions options) : impl_(std::make_shared<Impl>(runtime.impl(), std::move(options))) {
  impl_->start();
}
Gateway::~Gateway() { impl_->stop(); }

std::uint16_t Gateway::port() const noexcept { return impl_->port(); }
std::string Gateway::url() const { return impl_->url(); }
std::string Gateway::api() const { return "http://127.0.0.1:" + std::to_string(port()) + "/api/v10"; }
std::vector<SeenPayload> Gateway::payloads() const {
  return impl_->with_journal([](auto& journal) { return journal.payloads; });
}
std::size_t Gateway::connections() const {
  return impl_->with_journal([](auto& journal) { return journal.connections; });
}
std::size_t Gateway::open_connections() const {
  return impl_->with_journal([](auto& journal) { return journal.open; });
}
std::size_t Gateway::identifies() const {
  return impl_->with_journal([](auto& journal) { return journal.identifies; });
}
std::size_t Gateway::resumes() const {
  return impl_->with_journal([](auto& journal) { return journal.resumes; });
}
std::vector<int> Gateway::close_codes() const {
  return impl_->with_journal([](auto& journal) { return journal.close_codes; });
}

void Gateway::dispatch(std::string name, std::string data) {
  impl_->post([name = std::move(name), data = std::move(data)](Impl& impl) { impl.dispatch(name, data); });
}
void Gateway::send(std::string payload) {
  impl_->post([payload = std::move(payload)](Impl& impl) {
    for (const auto& each : impl.open()) each->send(payload);
  });
}
void Gateway::invalidate_sessions(bool resumable) {
  if (!resumable) forget_sessions();
  send(resumable ? R"({"op":9,"d":true,"s":null,"t":null})" : R"({"op":9,"d":false,"s":null,"t":null})");
}
void Gateway::close_connections(int code, std::string reason) {
  impl_->post([code, reason = std::move(reason)](Impl& impl) {
    for (const auto& each : impl.open()) each->close(code, reason);
  });
}
void Gateway::drop_connections() {
  impl_->post([](Impl& impl) {
    for (const auto& each : impl.open()) each->cut();
  });
}
void Gateway::ignore_heartbeats(bool ignore) {
  impl_->post([ignore](Impl& impl) { impl.ignore_heartbeats = ignore; });
}
void Gateway::half_open(bool on) {
  impl_->post([on](Impl& impl) {
    impl.half_open = on;
    if (on) return;
    // What hung hangs for ever; who comes now is served.
    for (const auto& each : std::exchange(impl.hanging, {})) each->cut();
  });
}
void Gateway::send_garbage(std::string bytes) {
  impl_->post([bytes = std::move(bytes)](Impl& impl) {
    for (const auto& each : impl.open()) each->send_frame(websocket::Opcode::binary, bytes);
  });
}
void Gateway::greet_with(std::string payload) {
  impl_->post([payload = std::move(payload)](Impl& impl) mutable {
    impl.greet_with_hello = false;
    impl.greeting = std::move(payload);
  });
}
void Gateway::greet_with_hello() {
  impl_->post([](Impl& impl) { impl.greet_with_hello = true; });
}
void Gateway::refuse_with_close(int code) {
  impl_->post([code](Impl& impl) { impl.refuse_close = code; });
}
void Gateway::refuse_with_status(int status) {
  impl_->post([status](Impl& impl) { impl.refuse_status = status; });
}
void Gateway::ignore_identify(bool ignore) {
  impl_->post([ignore](Impl& impl) { impl.ignore_identify = ignore; });
}
void Gateway::add_guild(Snowflake id) {
  impl_->post([id](Impl& impl) {
    impl.guilds.push_back(id);
    for (const auto& [session_id, session] : impl.sessions) {
      if (belongs_to(id, session->shard)) impl.dispatch(*session, "GUILD_CREATE", guild_create(id));
    }
  });
}
void Gateway::remove_guild(Snowflake id) {
  impl_->post([id](Impl& impl) {
    impl.guilds.erase(std::remove(impl.guilds.begin(), impl.guilds.end(), id), impl.guilds.end());
    for (const auto& [session_id, session] : impl.sessions) {
      if (belongs_to(id, session->shard)) impl.dispatch(*session, "GUILD_DELETE", dump(Json{{"id", id.to_string()}}));
    }
  });
}
void Gateway::recommend_shards(std::uint32_t shards) {
  impl_->post([shards](Impl& impl) { impl.shards = shards; });
}
void Gateway::set_remaining_identifies(std::uint32_t remaining) {
  impl_->post([remaining](Impl& impl) { impl.remaining_identifies = remaining; });
}
void Gateway::forget_sessions() {
  impl_->post([](Impl& impl) { impl.sessions.clear(); });
}

}  // namespace lavapp::sandbox
