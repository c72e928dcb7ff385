#include "discord/close_codes.hpp"

#include <utility>

namespace lavapp::discord {

AfterClose after_close(int code) noexcept {
  switch (code) {
    case 1000:
    case 1001: return AfterClose::resume_once;
    case 4003:  // not authenticated
    case 4005:  // already authenticated
    case 4007:  // invalid sequence
    case 4009:  // the session timed out
      return AfterClose::identify;
    case 4008: return AfterClose::resume_later;
    case 4004:
    case 4010:
    case 4011:
    case 4012:
    case 4013:
    case 4014: return AfterClose::give_up;
    default: return AfterClose::resume;
  }
}

Error close_error(int code, std::string message) {
  const auto kind = [code] {
    switch (code) {
      case 1006: return Errc::connection_lost;
      case 4003:
      case 4005:
      case 4007:
      case 4009: return Errc::session_invalid;
      case 4004: return Errc::authentication_failed;
      case 4008: return Errc::rate_limited;
      case 4010: return Errc::invalid_shard;
      case 4011: return Errc::sharding_required;
      case 4012: return Errc::invalid_api_version;
      case 4013: return Errc::invalid_intents;
      case 4014: return Errc::disallowed_intents;
      default: return Errc::closed_by_peer;
    }
  }();
  Error error(kind, std::move(message));
  if (code != 1006) error.close_code = code;
  return error;
}

}  // namespace lavapp::discord
