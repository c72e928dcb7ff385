// What is to be done after Discord has closed a voice connection, as Lavalink's WebSocketClosedEvent tells.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#voice-voice-close-event-codes
#pragma once

#include <string>

#include "lavapp/core/error.hpp"

namespace lavapp::lavalink {

enum class AfterVoiceClose {
  renew,          ///< Ask Discord for a new voice session.
  wait_for_move,  ///< The bot was taken out, or is being moved: Discord tells which.
  renew_later,    ///< After a pause, once.
  give_up,
};

AfterVoiceClose after_voice_close(int code) noexcept;

/// What a close code says, `reason` being Discord's own words.
Error voice_close_error(int code, std::string reason);

}  // namespace lavapp::lavalink
