#include "client.hpp"

#include <string_view>
#include <utility>

#include "text.hpp"
#include "time_text.hpp"
#include "words.hpp"

namespace console::gateway {
namespace {

namespace discord = lavapp::discord;
using discord::Gateway;
using lavapp::Error;
using lavapp::Result;

discord::GatewayOptions with_token(discord::GatewayOptions options, const Secret& token) {
  options.token = token.reveal();
  return options;
}

}  // namespace

Client::Client(Loop& loop, EventLog& log, lavapp::Runtime& runtime, discord::GatewayOptions options, Secret token)
    : loop_(loop), log_(log), token_(std::move(token)), gateway_(runtime, with_token(std::move(options), token_)) {
  listen();
}

/// Runs a task on the main thread, unless this is gone by then.
auto Client::poster() {
  return [&loop = loop_, alive = std::weak_ptr<bool>(alive_)](auto task) {
    loop.post([alive, task = std::move(task)] {
      if (!alive.expired()) task();
    });
  };
}

/// Hands an event over to the main thread: the time it was said is past by then, so the event is copied.
template <class Tag, class Heard>
void Client::hear(Tag tag, Heard heard) {
  gateway_.on(tag, [post = poster(), heard](const auto& event) { post([heard, event] { heard(event); }); });
}

void Client::listen() {
  gateway_.on(Gateway::dispatch, [this, post = poster()](const discord::Dispatch& event) {
    post([this, event = Event{std::string(event.name()), event.sequence(), std::string(event.data())}] {
      on_dispatch(event);
    });
  });
  hear(Gateway::ready, [this](const discord::GatewayReady& e) {
    ++tally_.new_sessions;
    guilds_.begin(e.guilds);
    tell(tally_.new_sessions == 1 ? Tell::events : Tell::trouble, describe(e));
  });
  gateway_.on(Gateway::resumed, [this, post = poster()] {
    post([this] {
      ++tally_.resumes;
      tell(Tell::trouble, {"RESUMED", "what was missed has come"});
    });
  });
  hear(Gateway::guilds_ready, [this](const discord::GuildsReady& e) {
    ++tally_.guilds_ready;
    tell(e.missing.empty() ? Tell::events : Tell::trouble, describe(e));
  });
  hear(Gateway::voice_state_update, [this](const discord::VoiceStateUpdate& e) {
    voice_state_ = e;
    tell(Tell::events, describe(e));
  });
  hear(Gateway::voice_server_update, [this](const discord::VoiceServerUpdate& e) {
    voice_server_ = e;
    tell(Tell::events, describe(e));
  });
  hear(Gateway::status_change, [this](const discord::GatewayStatusChange& e) { tell(Tell::everything, describe(e)); });
  hear(Gateway::heartbeat_ack, [this](std::chrono::nanoseconds trip) {
    ++tally_.heartbeats;
    latency_ = trip;
    tell(Tell::everything, {"heartbeat", "acknowledged after " + format_latency(trip)});
  });
  hear(Gateway::session_lost, [this](const Error& e) {
    ++tally_.lost_sessions;
    tell(Tell::trouble, {"session lost", printable(e.what())});
  });
  hear(Gateway::reconnecting, [this](const discord::GatewayReconnecting& e) {
    ++tally_.attempts;
    tell(Tell::trouble, describe(e));
  });
  hear(Gateway::identify_limit, [this](std::chrono::milliseconds wait) {
    tell(Tell::trouble,
         {"identify limit", "the new sessions of a day are used up; the next one in " + format_span(wait)});
  });
  hear(Gateway::warning, [this](const Error& e) { tell(Tell::trouble, {"warning", printable(e.what())}); });
  hear(Gateway::closed, [this](const Error& e) { ended_ = e; });
}

/// What has an event of its own is told there.
void Client::on_dispatch(const Event& event) {
  events_.add(token_.hidden_in(event.name), event.sequence);
  on_event(event);
  auto told = describe(event);
  if (event.name == "GUILD_CREATE") told.text = guilds_.created(event.data);
  if (event.name == "GUILD_DELETE") told.text = guilds_.deleted(event.data);
  for (const std::string_view typed : {"READY", "RESUMED", "VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE"}) {
    if (event.name == typed) return;
  }
  tell(Tell::events, std::move(told));
}

void Client::tell(Tell matters, EventText event) {
  event.name = token_.hidden_in(std::move(event.name));
  event.text = token_.hidden_in(std::move(event.text));
  log_.add(matters, event);
}

void Client::show_debug() {
  gateway_.on(Gateway::debug, [this, post = poster()](std::string_view line) {
    post([this, line = printable(line)] { tell(Tell::trouble, {"debug", line}); });
  });
}

Result<void> Client::connect() {
  return loop_.await<void>([&](auto... then) { gateway_.connect(std::move(then)...); });
}

void Client::start() {
  gateway_.connect([this, post = poster()](Result<void> result) {
    post([this, result = std::move(result)] {
      if (!result && is_fatal(result.error())) ended_ = result.error();
    });
  });
}

void Client::leave(KeepSession keep) {
  if (ended_) return;
  if (keep == KeepSession::yes)
    gateway_.terminate();
  else
    (void)loop_.await<void>([&](auto... then) { gateway_.close(1000, std::move(then)...); });
  loop_.run_until([&] { return ended_.has_value(); }, std::chrono::seconds(1));
}

ShardView Client::view(const Look& look) const {
  ShardView view;
  view.status = gateway_.status();
  view.shard = gateway_.options().shard;
  view.latency = latency_;
  view.guilds = guilds_.available();
  view.expected = guilds_.size();
  view.events = events_.total();
  view.types = events_.most(6, look);
  return view;
}

std::string Client::sentence_of(const Error& error) const { return token_.hidden_in(sentence(error)); }

}  // namespace console::gateway
