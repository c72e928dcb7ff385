// PlayerUpdate: the body of `PATCH /v4/sessions/{id}/players/{guild}`, decoded as Lavalink decodes it.
#pragma once

#include <optional>
#include <string>

#include "sandbox/json.hpp"
#include "sandbox/player.hpp"

namespace lavapp::sandbox {

/// Absent is an empty outer optional, null an empty inner one.
template <class T>
using Nullable = std::optional<std::optional<T>>;

struct PlayerUpdate {
  Nullable<std::string> encoded = {};
  std::optional<std::string> identifier = {};
  std::optional<Json> user_data = {};
  std::optional<std::int64_t> position = {};
  Nullable<std::int64_t> end_time = {};
  std::optional<int> volume = {};
  std::optional<bool> paused = {};
  std::optional<Json> filters = {};
  std::optional<Voice> voice = {};

  bool starts_or_stops() const { return encoded || identifier; }

  /// \throws RestError
  static PlayerUpdate decode(const Json& body);
};

/// The body of a request as JSON. \throws RestError if it is none
Json parse_body(const std::string& body);

}  // namespace lavapp::sandbox
