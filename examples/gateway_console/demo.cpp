#include "demo.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "summary.hpp"
#include "time_text.hpp"

namespace console::gateway {
namespace {

using namespace std::chrono_literals;
namespace discord = lavapp::discord;

constexpr lavapp::Snowflake bot = 170939974227541168;
constexpr lavapp::Snowflake guild = 817327181659111454;
constexpr lavapp::Snowflake voice_channel = 928373827262771242;

/// What a message says, by its event.
std::string content_of(const Event& event) {
  const auto message = nlohmann::json::parse(event.data, nullptr, false);
  return message.is_object() ? message.value("content", "") : "";
}

class Demo final : DemoSteps {
 public:
  Demo(Loop& loop, Screen& screen, EventLog& log, lavapp::Runtime& runtime, Client& client,
       lavapp::sandbox::Gateway& sandbox, bool fast);

  DemoEnd run();

 private:
  std::string connect();
  std::string guilds();
  std::string heartbeat();
  std::string join_voice();
  std::string op_7();
  std::string other_transport();
  std::string op_9();
  std::string lose_connection();
  std::string close();

  /// Something is said in a channel: an event for every session.
  void say(const std::string& content);
  std::string session() const;
  void resumes_without_loss(const std::function<void()>& trouble);

  EventLog& log_;
  lavapp::Runtime& runtime_;
  Client& client_;
  lavapp::sandbox::Gateway& sandbox_;
  std::vector<std::string> heard_;  // what was said, as the shard was told
  Loop::Clock::time_point resumed_at_;
};

Demo::Demo(Loop& loop, Screen& screen, EventLog& log, lavapp::Runtime& runtime, Client& client,
           lavapp::sandbox::Gateway& sandbox, bool fast)
    : DemoSteps(loop, screen, fast), log_(log), runtime_(runtime), client_(client), sandbox_(sandbox) {
  client_.on_event = [this](const Event& event) {
    if (event.name == "MESSAGE_CREATE") heard_.push_back(content_of(event));
  };
  add("Connect", std::bind_front(&Demo::connect, this));
  add("Guilds", std::bind_front(&Demo::guilds, this));
  add("Heartbeat", std::bind_front(&Demo::heartbeat, this));
  add("Join a voice channel", std::bind_front(&Demo::join_voice, this));
  add("Reconnect as asked (op 7)", std::bind_front(&Demo::op_7, this));
  add("ETF and zstd", std::bind_front(&Demo::other_transport, this));
  add("Lose the session (op 9)", std::bind_front(&Demo::op_9, this));
  add("Lose the connection", std::bind_front(&Demo::lose_connection, this));
  add("Close", std::bind_front(&Demo::close, this));
}

void Demo::say(const std::string& content) {
  const nlohmann::json message = {{"id", "1099511627776000001"}, {"guild_id", guild.to_string()}, {"content", content}};
  sandbox_.dispatch("MESSAGE_CREATE", message.dump());
}

std::string Demo::session() const {
  const auto session = client_.shard().session();
  return session ? session->id : "none";
}

std::string Demo::connect() {
  const auto before = Loop::Clock::now();
  must(client_.connect());
  const auto took = Loop::Clock::now() - before;
  until("READY", [&] { return client_.tally().new_sessions == 1; });
  check(sandbox_.identifies() == 1, "the gateway has seen another number of identifies");
  return "session " + session() + " in " + format_latency(took) + "; " + transport_of(client_.shard().options());
}

std::string Demo::guilds() {
  until("the guilds' coming", [&] { return client_.tally().guilds_ready == 1; });
  check(client_.shard().status() == discord::GatewayStatus::ready, "the shard's status is not ready");
  const auto named = client_.guilds().size();
  check(named == demo_sandbox().guilds.size() && client_.guilds().available() == named, "a guild is missing");
  show_for(700ms);
  sandbox_.dispatch("GUILD_CREATE", R"({"id":"922337203685477580","name":"The Paper Lanterns"})");
  until("GUILD_CREATE", [&] { return client_.guilds().available() == named + 1; });
  show_for(700ms);
  return std::to_string(named) + " that READY named, and one that was joined since";
}

std::string Demo::heartbeat() {
  until("the heartbeat's acknowledgement", [&] { return client_.tally().heartbeats > 0; });
  check(client_.shard().last_heartbeat_acked(), "the heartbeat counts as not acknowledged");
  show_for(500ms);
  return "every " + format_span(client_.shard().heartbeat_interval()) + ", acknowledged after " +
         format_latency(client_.latency());
}

std::string Demo::join_voice() {
  discord::VoiceStateRequest join;
  join.channel_id = voice_channel;
  join.self_deaf = true;
  must(loop_.await<void>([&](auto... then) { client_.shard().update_voice_state(guild, join, std::move(then)...); }));
  until("VOICE_STATE_UPDATE", [&] { return client_.voice_state().has_value(); });
  until("VOICE_SERVER_UPDATE", [&] { return client_.voice_server().has_value(); });
  const auto& state = *client_.voice_state();
  check(state.user_id == bot && state.channel_id == voice_channel && state.self_deaf, "the voice state is another one");
  check(client_.voice_server()->guild_id == guild && client_.voice_server()->endpoint.has_value(),
        "the voice server is another guild's");
  show_for(1s);
  return "what a Lavalink node needs: session, token and endpoint";
}

/// What is said while the shard is away is told when it is back, once each and in order, in the same session.
void Demo::resumes_without_loss(const std::function<void()>& trouble) {
  const auto before = session();
  const auto resumes = client_.tally().resumes;
  const auto identifies = sandbox_.identifies();
  heard_.clear();
  trouble();
  std::vector<std::string> said;
  for (const auto* word : {"one", "two", "three"}) {
    said.emplace_back(word);
    say(word);
  }
  until("RESUMED", [&] { return client_.tally().resumes > resumes; });
  resumed_at_ = Loop::Clock::now();
  check(session() == before && sandbox_.identifies() == identifies, "it is another session");
  check(heard_ == said, "what was said in between did not come, or not as it was said");
  check(client_.events().out_of_order() == 0, "an event was missed, or came twice");
}

std::string Demo::op_7() {
  resumes_without_loss([&] { sandbox_.request_reconnect(); });
  show_for(1s);
  return "same session; what was said in between has come, once and in order";
}

std::string Demo::other_transport() {
  auto options = demo_shard(sandbox_);
  options.encoding = discord::Encoding::etf;
  options.compression = discord::Compression::zstd_stream;
  Client other(loop_, log_, runtime_, options, demo_token());
  std::vector<std::string> by_other;
  other.on_event = [&](const Event& event) {
    if (event.name == "MESSAGE_CREATE") by_other.push_back(content_of(event));
  };
  must(other.connect());
  until("the guilds' coming", [&] { return other.tally().guilds_ready == 1; });
  heard_.clear();
  say("Ünïcödé 夜曲 🎵");
  until("the event by JSON", [&] { return !heard_.empty(); });
  until("the event by ETF", [&] { return !by_other.empty(); });
  check(by_other == heard_, "ETF says something else than JSON");
  other.leave(KeepSession::no);
  show_for(700ms);
  return "another shard: " + transport_of(options) + " says what " + transport_of(client_.shard().options()) + " says";
}

std::string Demo::op_9() {
  const auto before = session();
  const auto tally = client_.tally();
  sandbox_.invalidate_sessions(false);
  until("the session's loss", [&] { return client_.tally().lost_sessions > tally.lost_sessions; });
  // Discord wants a random pause of 1 to 5 s.
  until(
      "the new session", [&] { return client_.tally().guilds_ready > tally.guilds_ready; }, 15s);
  check(session() != before, "it is the same session");
  check(client_.tally().resumes == tally.resumes, "it was resumed");
  show_for(700ms);
  return "told as lost, and " + session() + " begun";
}

std::string Demo::lose_connection() {
  // A resume within 5 s of the last one counts as a loop, and a new session would be asked for.
  until(
      "the pause's end", [&] { return Loop::Clock::now() >= resumed_at_ + 5s; }, 6s);
  resumes_without_loss([&] { sandbox_.drop_connections(); });
  show_for(1s);
  return "same session; what was said in between has come, once and in order";
}

std::string Demo::close() {
  client_.leave(KeepSession::no);
  check(client_.shard().status() == discord::GatewayStatus::disconnected, "the shard's status is not disconnected");
  until("the connection's end", [&] { return sandbox_.open_connections() == 0; });
  check(sandbox_.close_codes().back() == 1000, "the gateway has seen another close code than 1000");
  return "with 1000: the session is over";
}

DemoEnd Demo::run() {
  screen_.line(screen_.look().bold("lavapp gateway console: the demo"));
  paragraph("A Discord gateway inside this program, the sandbox, listens at " + sandbox_.url() +
            ". No network, no Discord; all else is as with the real one.");
  screen_.line();
  log_.show(Tell::events, false);
  return run_steps([this] { return summary_of(client_, screen_.look()); });
}

}  // namespace

lavapp::sandbox::GatewayOptions demo_sandbox() {
  lavapp::sandbox::GatewayOptions options;
  options.token = "the-token-of-the-demo";
  options.heartbeat_interval = 2s;
  options.user_id = bot;
  options.guilds = {guild, 613425648685547541, 81384788765712384};
  return options;
}

discord::GatewayOptions demo_shard(const lavapp::sandbox::Gateway& sandbox) {
  discord::GatewayOptions options;
  options.url = sandbox.url();
  options.intents = discord::intents::music | discord::intents::guild_messages;
  options.reconnect.initial_delay = 400ms;
  options.reconnect.max_delay = 1s;
  options.reconnect.jitter = false;
  return options;
}

Secret demo_token() { return Secret(demo_sandbox().token); }

DemoEnd run_demo(Loop& loop, Screen& screen, EventLog& log, lavapp::Runtime& runtime, Client& client,
                 lavapp::sandbox::Gateway& sandbox, bool fast) {
  return Demo(loop, screen, log, runtime, client, sandbox, fast).run();
}

}  // namespace console::gateway
