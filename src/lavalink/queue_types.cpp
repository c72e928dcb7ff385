#include "lavapp/lavalink/queue_types.hpp"

namespace lavapp::lavalink {
namespace {

Error invalid(const char* option, const char* range) {
  return Error(Errc::invalid_argument, std::string(option) + " must be " + range);
}

}  // namespace

std::string_view to_string(Loop value) noexcept {
  switch (value) {
    case Loop::none:
      return "none";
    case Loop::track:
      return "track";
    case Loop::queue:
      return "queue";
  }
  return "unknown";
}

std::string_view to_string(QueueState value) noexcept {
  switch (value) {
    case QueueState::idle:
      return "idle";
    case QueueState::playing:
      return "playing";
    case QueueState::waiting:
      return "waiting";
    case QueueState::loading:
      return "loading";
    case QueueState::stopped:
      return "stopped";
  }
  return "unknown";
}

std::string_view to_string(FailureCause value) noexcept {
  switch (value) {
    case FailureCause::exception:
      return "exception";
    case FailureCause::stuck:
      return "stuck";
    case FailureCause::refused:
      return "refused";
    case FailureCause::no_audio:
      return "no_audio";
  }
  return "unknown";
}

std::string_view to_string(StopReason value) noexcept {
  switch (value) {
    case StopReason::requested:
      return "requested";
    case StopReason::by_others:
      return "by_others";
    case StopReason::cleanup:
      return "cleanup";
    case StopReason::session_lost:
      return "session_lost";
    case StopReason::cancelled:
      return "cancelled";
    case StopReason::node_failed:
      return "node_failed";
    case StopReason::too_many_failures:
      return "too_many_failures";
  }
  return "unknown";
}

Result<void> QueueOptions::validate() const {
  if (max_size == 0) return invalid("max_size", "1 or more");
  if (max_failures == 0) return invalid("max_failures", "1 or more");
  if (first_pause.count() <= 0) return invalid("first_pause", "more than 0 ms");
  if (longest_pause < first_pause) return invalid("longest_pause", "at least first_pause");
  if (longest_pause > std::chrono::hours(24)) return invalid("longest_pause", "at most a day");
  if (stable_after.count() <= 0) return invalid("stable_after", "more than 0 ms");
  if (autoplay_timeout.count() <= 0) return invalid("autoplay_timeout", "more than 0 ms");
  return {};
}

}  // namespace lavapp::lavalink
