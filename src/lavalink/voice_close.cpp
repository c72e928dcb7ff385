#include "lavalink/voice_close.hpp"

#include <utility>

namespace lavapp::lavalink {

AfterVoiceClose after_voice_close(int code) noexcept {
  switch (code) {
    case 4014:  // disconnected
    case 4022:  // call terminated
      return AfterVoiceClose::wait_for_move;
    case 4021:  // rate limited
      return AfterVoiceClose::renew_later;
    case 4004:  // authentication failed
    case 4012:  // unknown protocol
    case 4016:  // unknown encryption mode
    case 4017:  // end-to-end encryption required
      return AfterVoiceClose::give_up;
    default:  // 4006 and 4009, the session is over; 4015, the server crashed; 1006, the connection broke
      return AfterVoiceClose::renew;
  }
}

Error voice_close_error(int code, std::string reason) {
  const auto kind = [code] {
    switch (code) {
      case 4004:
        return Errc::voice_authentication_failed;
      case 4014:
      case 4022:
        return Errc::voice_disconnected;
      case 4017:
        return Errc::voice_dave_required;
      case 4021:
        return Errc::voice_rate_limited;
      default:
        return Errc::voice_closed;
    }
  }();
  Error error(kind, std::move(reason));
  error.close_code = code;
  return error;
}

}  // namespace lavapp::lavalink
