#include "describe.hpp"

#include "text.hpp"
#include "time_text.hpp"
#include "words.hpp"

namespace console::gateway {

namespace discord = lavapp::discord;

EventText describe(const Event& event) { return {printable(event.name), "sequence " + std::to_string(event.sequence)}; }

EventText describe(const discord::GatewayReady& event) {
  return {"READY", "session " + printable(event.session_id) + " as " + printable(event.user.username) + ", " +
                       count(static_cast<std::int64_t>(event.guilds.size()), "guild") + " to come"};
}

EventText describe(const discord::GuildsReady& event) {
  const auto missing = static_cast<std::int64_t>(event.missing.size());
  return {"guilds ready", missing == 0 ? "all have come" : count(missing, "guild") + " did not come"};
}

EventText describe(const discord::VoiceStateUpdate& event) {
  return {"VOICE_STATE_UPDATE",
          "user " + event.user_id.to_string() +
              (event.channel_id ? " in channel " + event.channel_id->to_string() : std::string(" has left"))};
}

EventText describe(const discord::VoiceServerUpdate& event) {
  return {"VOICE_SERVER_UPDATE", "guild " + event.guild_id.to_string() +
                                     (event.endpoint ? " at " + printable(*event.endpoint) : " has none for now")};
}

EventText describe(const discord::GatewayStatusChange& event) {
  return {"status", std::string(to_string(event.to)) + ": " + printable(event.reason)};
}

EventText describe(const discord::GatewayReconnecting& event) {
  return {"reconnecting", "attempt " + std::to_string(event.attempt) + " in " + format_span(event.delay) +
                              (event.resuming ? ", to resume: " : ", to a new session: ") +
                              printable(event.reason.what())};
}

std::string transport_of(const discord::GatewayOptions& options) {
  const std::string encoding = options.encoding == discord::Encoding::json ? "JSON" : "ETF";
  switch (options.compression) {
    case discord::Compression::none:
      break;
    case discord::Compression::zlib_stream:
      return encoding + ", zlib-stream";
    case discord::Compression::zstd_stream:
      return encoding + ", zstd-stream";
    case discord::Compression::payload:
      return encoding + ", payload compression";
  }
  return encoding + ", not compressed";
}

}  // namespace console::gateway
