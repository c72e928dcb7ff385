#include "sandbox/reply.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace lavapp::sandbox {

Reply Reply::json(const Json& body, int status) {
  return {Form::chunked, status, {{"Content-Type", "application/json"}}, dump(body)};
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 413: return "Request Entity Too Large";
    case 415: return "Unsupported Media Type";
    case 425: return "Too Early";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Ordered";
  }
}

namespace {

// Not strftime: it would speak the user's language.
struct Date {
  explicit Date(std::int64_t wall) {
    const auto seconds = static_cast<std::time_t>(wall / 1000);
    gmtime_r(&seconds, &parts);
    std::snprintf(time.data(), time.size(), "%02d:%02d:%02d", parts.tm_hour, parts.tm_min, parts.tm_sec);
    std::snprintf(day.data(), day.size(), "%02d", parts.tm_mday);
    year = std::to_string(parts.tm_year + 1900);
  }
  const char* weekday() const { return days[static_cast<std::size_t>(parts.tm_wday)]; }
  const char* month() const { return months[static_cast<std::size_t>(parts.tm_mon)]; }

  static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  std::array<char, 40> time{};
  std::array<char, 16> day{};
  std::string year;
};

}  // namespace

std::string http_date(std::int64_t wall) {
  const Date date(wall);
  return std::string(date.weekday()) + ", " + date.day.data() + ' ' + date.month() + ' ' + date.year + ' ' + date.time.data() + " GMT";
}

std::string java_date(std::int64_t wall) {
  const Date date(wall);
  return std::string(date.weekday()) + ' ' + date.month() + ' ' + date.day.data() + ' ' + date.time.data() + " UTC " + date.year;
}

std::string serialize(const Reply& reply, bool keep_alive, bool head_only, std::int64_t wall) {
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) + ' ' + std::string(reason_phrase(reply.status)) + "\r\n";
  if (reply.form == Reply::Form::bare) return out + "Content-Length: 0\r\nConnection: close\r\n\r\n";
  for (const auto& [name, value] : reply.headers) out += name + ": " + value + "\r\n";
  if (reply.form != Reply::Form::nothing) {
    if (!find_header(reply.headers, "Connection")) out += keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
    out += reply.form == Reply::Form::chunked ? "Transfer-Encoding: chunked\r\n"
                                              : "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  }
  if (reply.api_version) out += "Lavalink-Api-Version: 4\r\n";
  out += "Date: " + http_date(wall) + "\r\n\r\n";
  if (head_only || reply.form == Reply::Form::nothing) return out;
  if (reply.form != Reply::Form::chunked) return out + reply.body;
  if (!reply.body.empty()) {
    std::array<char, 20> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", reply.body.size());
    out += size.data();
    out += reply.body;
    out += "\r\n";
  }
  return out + "0\r\n\r\n";
}

}  // namespace lavapp::sandbox
