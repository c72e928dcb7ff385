#include "net/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace lavapp::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr seconds kLongest = 24h;

/// Digits and nothing else; as much as fits for a number that is too large.
std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || end != text.data() + text.size()) return {};
  if (error == std::errc::result_out_of_range) return INT64_MAX;
  return value;
}

std::vector<std::string_view> words(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> found;
  while (true) {
    const auto begin = text.find_first_not_of(separators);
    if (begin == text.npos) return found;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(separators), text.size());
    found.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<std::chrono::month> month(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return {};
  return std::chrono::month(static_cast<unsigned>(found - names.begin()) + 1);
}

std::optional<std::chrono::year> year(std::string_view digits) {
  const auto value = number(digits);
  if (!value || *value > 9999) return {};
  // Two digits are of this century or the last (RFC 9110 5.6.7: not more than 50 years ahead).
  const auto full = digits.size() == 2 ? *value + (*value < 70 ? 2000 : 1900) : *value;
  return std::chrono::year(static_cast<int>(full));
}

std::optional<seconds> time_of_day(std::string_view text) {
  const auto parts = words(text, ":");
  if (parts.size() != 3) return {};
  const auto h = number(parts[0]), m = number(parts[1]), s = number(parts[2]);
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return {};  // 60: a leap second
  return std::chrono::hours(*h) + std::chrono::minutes(*m) + seconds(*s);
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  // Sun, 06 Nov 1994 08:49:37 GMT  |  Sunday, 06-Nov-94 08:49:37 GMT  |  Sun Nov  6 08:49:37 1994
  const auto parts = words(text, " ,-");
  if (parts.size() < 5) return {};
  const bool asctime = month(parts[1]).has_value();
  if (asctime ? parts.size() != 5 : parts.size() != 6 || parts[5] != "GMT") return {};
  const auto d = number(parts[asctime ? 2 : 1]);
  const auto m = month(parts[asctime ? 1 : 2]);
  const auto y = year(parts[asctime ? 4 : 3]);
  const auto time = time_of_day(parts[asctime ? 3 : 4]);
  if (!d || *d > 31 || !m || !y || !time) return {};
  const std::chrono::year_month_day date(*y, *m, std::chrono::day(static_cast<unsigned>(*d)));
  if (!date.ok()) return {};
  return std::chrono::sys_days(date) + *time;
}

std::optional<std::chrono::milliseconds> retry_after(const Headers& headers, std::chrono::system_clock::time_point now) {
  const auto* field = find_header(headers, "Retry-After");
  if (field == nullptr) return {};
  const auto value = words(*field, " \t");
  if (value.size() == 1) {
    const auto wait = number(value[0]);
    if (!wait) return {};
    return std::min(seconds(*wait), kLongest);
  }
  const auto until = parse_http_date(*field);
  if (!until) return {};
  const auto* date = find_header(headers, "Date");
  const auto here = std::chrono::time_point_cast<seconds>(now);
  const auto from = date != nullptr ? parse_http_date(*date).value_or(here) : here;
  return std::clamp(*until - from, seconds(0), kLongest);
}

}  // namespace lavapp::net
