// Filters as Lavalink takes them: completed with defaults, coerced, hardly checked.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sandbox/json.hpp"

namespace lavapp::sandbox {

/// The `filters` object of an answer, and what it does to a track.
struct Filters {
  Json json = Json::object();
  double rate = 1.0;  ///< how much faster a track plays (timescale)
  /// The Java exception with which playing fails; empty if these filters can be played.
  std::string fatal = {};
};

/// An answer of 400 without further words.
struct UndecodableFilters {};
/// An equalizer band out of range: 500.
struct BadBand {
  std::int64_t band;
};
/// \param plugin_filters  names of the plugins' filters that the node has
std::variant<Filters, UndecodableFilters, BadBand> parse_filters(const Json& json,
                                                                 const std::vector<std::string>& plugin_filters);

/// Those in `json` that are not in `enabled`.
std::vector<std::string> disabled_filters(const Json& json, const std::vector<std::string>& enabled);

}  // namespace lavapp::sandbox
