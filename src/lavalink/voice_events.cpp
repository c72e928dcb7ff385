#include "lavalink/voice_events.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "json/reader.hpp"

namespace lavapp::lavalink {
namespace {

struct Envelope {
  Optional<std::string> t = {};
  JsonText d = {};
};

struct GatewayReady {
  GatewayShard shard = {};
};

/// `[id, count]`
bool read_shard(json::sj::value& value, GatewayShard& out, json::Fault& fault) {
  std::vector<int> pair;
  if (!json::read(value, pair, fault)) return false;
  if (pair.size() != 2 || pair[0] < 0 || pair[1] <= pair[0]) return fault.what = "must be [id, count]", false;
  out = {static_cast<std::uint64_t>(pair[0]), static_cast<std::uint64_t>(pair[1])};
  return true;
}

}  // namespace
}  // namespace lavapp::lavalink

namespace lavapp::json {

// https://discord.com/developers/docs/resources/voice#voice-state-object
template <>
struct Table<lavalink::VoiceStateEvent> {
  using T = lavalink::VoiceStateEvent;
  static constexpr std::tuple fields{
      optional("guild_id", &T::guild_id),     optional("channel_id", &T::channel_id),
      required("user_id", &T::user_id),       required("session_id", &T::session_id),
      optional("self_mute", &T::self_mute), optional("self_deaf", &T::self_deaf)};
};
// https://discord.com/developers/docs/events/gateway-events#voice-server-update
template <>
struct Table<lavalink::VoiceServerEvent> {
  using T = lavalink::VoiceServerEvent;
  static constexpr std::tuple fields{required("guild_id", &T::guild_id),
                                     required("token", &T::token),
                                     optional("endpoint", &T::endpoint)};
};
// https://discord.com/developers/docs/events/gateway-events#payload-structure
template <>
struct Table<lavalink::Envelope> {
  using T = lavalink::Envelope;
  static constexpr std::tuple fields{optional("t", &T::t), optional("d", &T::d)};
};
// https://discord.com/developers/docs/events/gateway-events#ready
template <>
struct Table<lavalink::GatewayReady> {
  using T = lavalink::GatewayReady;
  static constexpr std::tuple fields{optional("shard", &T::shard, &lavalink::read_shard)};
};

}  // namespace lavapp::json

namespace lavapp::lavalink {
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

Result<GatewayShard> read_ready(std::string_view d) {
  const auto ready = read<GatewayReady>(d, "READY");
  if (!ready) return ready.error();
  return ready->shard;
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
