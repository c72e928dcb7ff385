// RawRequest, looked at: whether it can be sent, and what it becomes. Pure.
#pragma once

#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/raw_request.hpp"

namespace lavapp::lavalink {

/// Errors: `invalid_argument`, whose message begins with the field's name.
Result<void> validate(const RawRequest& request);
/// Its route for people, valid or not: method and path, as far as it is one.
std::string pattern_of(const RawRequest& request);
/// Whether its path has a `{sessionId}`.
bool needs_session(const RawRequest& request) noexcept;
/// The path with `session_id` in place of each `{sessionId}`.
std::string path_of(const RawRequest& request, std::string_view session_id);
/// "a=1&b=2", percent-encoded.
std::string query_of(const RawRequest& request);

}  // namespace lavapp::lavalink
