// What is to be done after the gateway has closed a connection.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
#pragma once

#include "lavapp/core/error.hpp"

namespace lavapp::discord {

enum class AfterClose {
  resume,
  resume_once,      ///< The session is gone as a rule: one try.
  resume_later,     ///< After a cooldown of a minute.
  identify,         ///< The session is gone.
  give_up,
};

/// \param code  of the gateway's Close frame; 1005 and 1006 if there was none
AfterClose after_close(int code) noexcept;

/// What a close code says, `message` being the gateway's own words. A code without a meaning of its own is
/// `closed_by_peer`; 1006 is `connection_lost`.
Error close_error(int code, std::string message);

}  // namespace lavapp::discord
