// GatewayImpl's events that are dispatches, typed.
#include "discord/event_reader.hpp"
#include "discord/gateway_impl.hpp"

namespace lavapp::discord {

Error GatewayImpl::unreadable(const Dispatch& dispatch, const Error& why) {
  return Error(Errc::bad_payload, std::string(dispatch.name()) + ": " + why.message);
}

template <int Index, class Typed>
void GatewayImpl::tell(Event<Gateway, Index, Typed> event, const Payload& payload, const Dispatch& dispatch) {
  if (!listened(event)) return;
  const auto typed = payload.unread.empty() ? read_event<Typed>(dispatch.data()) : read_event_in<Typed>(payload.unread);
  if (typed)
    emit(event, *typed);
  else
    warn(unreadable(dispatch, typed.error()));
}

void GatewayImpl::tell_typed(const Payload& payload, const Dispatch& dispatch) {
  const auto name = dispatch.name();
  if (name == "MESSAGE_CREATE") return tell(Gateway::message_create, payload, dispatch);
  if (name == "VOICE_STATE_UPDATE") return tell(Gateway::voice_state_update, payload, dispatch);
  if (name == "VOICE_SERVER_UPDATE") return tell(Gateway::voice_server_update, payload, dispatch);
  if (name == "VOICE_CHANNEL_STATUS_UPDATE") return tell(Gateway::voice_channel_status_update, payload, dispatch);
  if (name == "INTERACTION_CREATE") return tell(Gateway::interaction_create, payload, dispatch);
  if (name == "GUILD_CREATE") return tell(Gateway::guild_create, payload, dispatch);
  if (name == "GUILD_DELETE") return tell(Gateway::guild_delete, payload, dispatch);
}

}  // namespace lavapp::discord
