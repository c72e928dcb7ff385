#include "lavalink/raw_request.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lavalink/encode.hpp"

namespace lavapp::lavalink {
namespace {

constexpr std::string_view kSessionId = "{sessionId}";

Error mistake(std::string what) { return Error(Errc::invalid_argument, std::move(what)); }

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

// RFC 3986 3.3: pchar, but for %XX, and the slash between segments.
bool may_stand_in_a_path(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

/// ".", "..", and what a server takes for them: they would lead out of the node's own paths.
bool is_dots(std::string segment) {
  for (std::size_t at; (at = segment.find("%2e")) != segment.npos || (at = segment.find("%2E")) != segment.npos;) {
    segment.replace(at, 3, ".");
  }
  return segment == "." || segment == "..";
}

Result<void> validate_path(std::string_view path) {
  if (path.empty() || path.front() != '/') return mistake("path must begin with \"/\"");
  if (path.substr(0, 2) == "//") return mistake("path must not begin with \"//\": it would name another host");
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.substr(i, kSessionId.size()) == kSessionId) {
      i += kSessionId.size() - 1;
    } else if (path[i] == '%') {
      if (path.size() - i < 3 || !is_hex(path[i + 1]) || !is_hex(path[i + 2])) {
        return mistake("path has a % that two hexadecimal digits do not follow");
      }
      i += 2;
    } else if (path[i] == '?' || path[i] == '#') {
      return mistake("path must have no query and no fragment; `query` is for the former");
    } else if (path[i] == '{' || path[i] == '}') {
      return mistake("path has a placeholder other than {sessionId}");
    } else if (!may_stand_in_a_path(path[i])) {
      return mistake("path has a character that must be percent-encoded");
    }
  }
  for (std::size_t begin = 1; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    if (is_dots(std::string(path.substr(begin, end - begin)))) return mistake("path must have no segments \".\" and \"..\"");
    begin = end + 1;
  }
  return {};
}

}  // namespace

Result<void> validate(const RawRequest& request) {
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto& method = request.method;
  if (method.empty() || method.size() > 16 || !std::all_of(method.begin(), method.end(), capital)) {
    return mistake("method must be 1 to 16 capital letters");
  }
  if (auto path = validate_path(request.path); !path) return path;
  for (const auto& [name, value] : request.query) {
    if (name.empty()) return mistake("query has a parameter without a name");
  }
  if (!request.body.empty() && !nlohmann::json::accept(request.body.text)) return mistake("body is no JSON");
  return {};
}

std::string pattern_of(const RawRequest& request) {
  const auto& path = request.path;
  const auto end = std::find_if_not(path.begin(), path.end(), [](char c) {
    return may_stand_in_a_path(c) || c == '%' || c == '{' || c == '}';
  });
  return request.method + " " + std::string(path.begin(), end);
}

bool needs_session(const RawRequest& request) noexcept { return request.path.find(kSessionId) != std::string::npos; }

std::string path_of(const RawRequest& request, std::string_view session_id) {
  const auto id = percent_encode(session_id);
  std::string path = request.path;
  for (auto at = path.find(kSessionId); at != path.npos; at = path.find(kSessionId, at + id.size())) {
    path.replace(at, kSessionId.size(), id);
  }
  return path;
}

std::string query_of(const RawRequest& request) {
  std::string query;
  for (const auto& [name, value] : request.query) {
    query += (query.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  }
  return query;
}

}  // namespace lavapp::lavalink
