#include "lavalink/voice_events.hpp"

#include <algorithm>
#include <utility>

#include "lavalink/json_reader.hpp"

namespace lavapp::lavalink {
namespace {

struct Envelope {
  Optional<std::string> t = {};
  JsonText d = {};
};

}  // namespace

namespace json {

// https://discord.com/developers/docs/resources/voice#voice-state-object
template <>
struct Table<VoiceStateEvent> {
  static constexpr std::tuple fields{
      optional("guild_id", &VoiceStateEvent::guild_id),   optional("channel_id", &VoiceStateEvent::channel_id),
      required("user_id", &VoiceStateEvent::user_id),     required("session_id", &VoiceStateEvent::session_id),
      optional("self_mute", &VoiceStateEvent::self_mute), optional("self_deaf", &VoiceStateEvent::self_deaf)};
};
// https://discord.com/developers/docs/events/gateway-events#voice-server-update
template <>
struct Table<VoiceServerEvent> {
  static constexpr std::tuple fields{required("guild_id", &VoiceServerEvent::guild_id),
                                     required("token", &VoiceServerEvent::token),
                                     optional("endpoint", &VoiceServerEvent::endpoint)};
};
// https://discord.com/developers/docs/events/gateway-events#payload-structure
template <>
struct Table<Envelope> {
  static constexpr std::tuple fields{optional("t", &Envelope::t), optional("d", &Envelope::d)};
};

}  // namespace json

namespace {

template <class T>
Result<T> read(std::string_view text, std::string_view what) {
  namespace sj = json::sj;
  T out;
  json::Fault fault;
  sj::parser parser;
  sj::document document;
  sj::object object;
  const simdjson::padded_string padded(text);
  const auto error = parser.iterate(padded).get(document);
  const bool good = error ? fault.broken(error)
                          : json::root_object(document, object, fault) && json::read_object(object, out, fault) &&
                                json::read_end(document, fault);
  if (!good) return Error(Errc::bad_payload, fault.message(what));
  return out;
}

bool mentions(std::string_view text, std::string_view name) { return text.find(name) != text.npos; }

}  // namespace

Result<VoiceStateEvent> read_voice_state(std::string_view d) {
  auto state = read<VoiceStateEvent>(d, "VOICE_STATE_UPDATE");
  if (state && state->session_id.empty()) return Error(Errc::bad_payload, "session_id must not be empty");
  return state;
}

Result<VoiceServerEvent> read_voice_server(std::string_view d) {
  auto server = read<VoiceServerEvent>(d, "VOICE_SERVER_UPDATE");
  if (server && server->token.empty()) return Error(Errc::bad_payload, "token must not be empty");
  return server;
}

Result<Optional<GatewayEvent>> read_gateway_event(std::string_view payload) {
  using None = Optional<GatewayEvent>;
  if (!mentions(payload, "\"VOICE_STATE_UPDATE\"") && !mentions(payload, "\"VOICE_SERVER_UPDATE\"") &&
      !mentions(payload, "\"READY\"")) {
    return None();
  }
  auto event = read<Envelope>(payload, "the payload");
  if (!event) return std::move(event.error());
  if (!event->t) return None();
  return None(GatewayEvent{*std::move(event->t), std::move(event->d.text)});
}

}  // namespace lavapp::lavalink
