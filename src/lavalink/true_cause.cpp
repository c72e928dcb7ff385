// TrackException::true_cause(): what Java's stack traces say of the reason.
//
//   com.sedmelluq.discord.lavaplayer.tools.FriendlyException: Something went wrong while looking up the track.
//   	at lavalink.server.util.LoadingKt.loadAudioItem(loading.kt:20)
//   Caused by: com.sedmelluq.discord.lavaplayer.tools.FriendlyException: That URL is not playable.
//   	... 66 more
//   Caused by: java.lang.IllegalStateException: Status code 403
//
// Whatever is not of the chain is indented: frames, and exceptions that were suppressed on the way. A message may have
// several lines.
#include <algorithm>

#include "lavapp/lavalink/load_result.hpp"

namespace lavapp::lavalink {
namespace {

constexpr std::string_view kCausedBy = "Caused by:";

/// Takes the next line off `text`.
std::string_view take_line(std::string_view& text) noexcept {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return line;
}

bool is_indented(std::string_view line) noexcept { return line.front() == ' ' || line.front() == '\t'; }

/// What follows the last "Caused by:", or all of it.
std::string_view innermost(std::string_view trace) noexcept {
  auto rest = trace, result = trace;
  while (!rest.empty()) {
    const auto from_here = rest;
    if (take_line(rest).substr(0, kCausedBy.size()) == kCausedBy) result = from_here.substr(kCausedBy.size());
  }
  if (!result.empty() && result.front() == ' ') result.remove_prefix(1);
  return result;
}

/// Its lines without the indented ones, as one.
std::string message_of(std::string_view exception) {
  std::string message;
  while (!exception.empty()) {
    const auto line = take_line(exception);
    if (line.empty() || is_indented(line)) continue;
    if (!message.empty()) {
      if (message.back() == '.') message.pop_back();
      message += "; ";
    }
    message += line;
  }
  return message;
}

bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }

bool is_of_a_class_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || is_capital(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '$';
}

/// Without the package; without the class, too, if that only says that the message is for people.
std::string worded(const std::string& exception) {
  const auto name = std::string_view(exception).substr(0, exception.find(':'));
  const auto package_size = name.find_last_of(".$") + 1;  // 0 if there is none
  const auto simple = name.substr(package_size);
  const bool is_class = package_size != 0 && !simple.empty() && is_capital(simple.front()) &&
                        std::all_of(name.begin(), name.end(), is_of_a_class_name);
  if (!is_class) return exception;
  const auto behind = std::string_view(exception).substr(name.size());
  if (simple == "FriendlyException" && behind.size() > 2) return std::string(behind.substr(2));
  return exception.substr(package_size);
}

}  // namespace

std::string TrackException::true_cause() const {
  std::string reason;
  if (cause_stack_trace) reason = worded(message_of(innermost(*cause_stack_trace)));
  if (reason.empty()) reason = worded(message_of(innermost(cause)));
  return reason.empty() ? message.value_or("") : reason;
}

}  // namespace lavapp::lavalink
