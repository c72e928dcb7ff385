// GatewayImpl's events that are dispatches, typed.
#include "discord/event_reader.hpp"
#include "discord/gateway_impl.hpp"

namespace lavapp::discord {

Error GatewayImpl::unreadable(const Dispatch& dispatch, const Error& why) {
  return Error(Errc::bad_payload, std::string(dispatch.name()) + ": " + why.message);
}

template <int Index, class Typed>
void GatewayImpl::tell(Event<Gateway, Index, Typed> event, const Dispatch& dispatch) {
  if (!listened(event)) return;
  const auto typed = read_event<Typed>(dispatch.data());
  if (typed)
    emit(event, *typed);
  else
    warn(unreadable(dispatch, typed.error()));
}

void GatewayImpl::tell_typed(const Dispatch& dispatch) {
  const auto name = dispatch.name();
  if (name == "MESSAGE_CREATE") return tell(Gateway::message_create, dispatch);
  if (name == "VOICE_STATE_UPDATE") return tell(Gateway::voice_state_update, dispatch);
  if (name == "VOICE_SERVER_UPDATE") return tell(Gateway::voice_server_update, dispatch);
  if (name == "VOICE_CHANNEL_STATUS_UPDATE") return tell(Gateway::voice_channel_status_update, dispatch);
  if (name == "INTERACTION_CREATE") return tell(Gateway::interaction_create, dispatch);
  if (name == "GUILD_CREATE") return tell(Gateway::guild_create, dispatch);
  if (name == "GUILD_DELETE") return tell(Gateway::guild_delete, dispatch);
}

}  // namespace lavapp::discord
