#include "sandbox/gateway_connection.hpp"

#include <algorithm>
#include <utility>

#include "discord/etf.hpp"
#include "sandbox/target.hpp"
#include "websocket/handshake.hpp"

namespace lavapp::sandbox {
namespace {

using discord::Compression;
using discord::Encoding;

constexpr std::size_t kMaxPayload = 4'096;
constexpr std::size_t kMaxSends = 120;

}  // namespace

void Gateway::Impl::Connection::read() {
  const auto room = reader_.prepare();
  place_ = room.data;
  stream_->read_some(shared_from_this(), room.data, room.size);
}

void Gateway::Impl::Connection::cut() {
  ended(1006);
  stream_->close();
}

void Gateway::Impl::Connection::send(std::string_view json) {
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

void Gateway::Impl::Connection::send_frame(websocket::Opcode opcode, std::string_view payload) {
  websocket::FrameHeader header;
  header.opcode = opcode;
  header.payload_size = payload.size();
  char head[websocket::kMaxHeaderSize];
  waiting_.append(head, websocket::encode_header(head, header));
  waiting_ += payload;
  write();
}

void Gateway::Impl::Connection::close(int code, const std::string& reason) {
  if (!is_open()) return;
  send_frame(websocket::Opcode::close, websocket::encode_close(code, reason));
  closing_ = true;
}

void Gateway::Impl::Connection::write() {
  if (!flying_.empty() || waiting_.empty() || gateway_->half_open) return;
  flying_.swap(waiting_);
  stream_->write(shared_from_this(), flying_);
}

void Gateway::Impl::Connection::on_read(const std::error_code& error, std::size_t size) {
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

void Gateway::Impl::Connection::on_written(const std::error_code& error) {
  flying_.clear();
  if (error) return;
  if (over_ && waiting_.empty()) return stream_->close();
  write();
}

void Gateway::Impl::Connection::answer() {
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

void Gateway::Impl::Connection::reply(int status, const std::string& body) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"Content-Length", std::to_string(body.size())}, {"Connection", "close"}};
  response.body = body;
  waiting_ += net::serialize(response);
  over_ = true;
  write();
}

bool Gateway::Impl::Connection::on_message(std::string_view data, bool) {
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

void Gateway::Impl::Connection::handle(int op, const Json& d) {
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

bool Gateway::Impl::Connection::wrong_token(const Json& d) {
  if (d.is_object() && d.value("token", Json()) == Json(gateway_->options().token)) return false;
  close(4004, "Authentication failed.");
  return true;
}

void Gateway::Impl::Connection::identify(const Json& d) {
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

void Gateway::Impl::Connection::resume(const Json& d) {
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

void Gateway::Impl::Connection::voice(const Json& d) {
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

bool Gateway::Impl::Connection::on_close(const websocket::ClosePayload& close) {
  ended(closing_ ? 0 : close.code);
  if (session_ && !closing_ && (close.code == 1000 || close.code == 1001)) gateway_->sessions.erase(session_->id);
  if (!closing_) send_frame(websocket::Opcode::close, websocket::encode_close(close.code, {}));
  over_ = true;
  if (flying_.empty() && waiting_.empty()) stream_->close();
  return false;
}

void Gateway::Impl::Connection::ended(int code) {
  if (!open_ || std::exchange(ended_, true)) return;
  gateway_->with_journal([&](Journal& journal) {
    --journal.open;
    if (code != 0 && !closing_) journal.close_codes.push_back(code);
  });
}

}  // namespace lavapp::sandbox
