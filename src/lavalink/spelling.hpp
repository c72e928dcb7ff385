// How the wire spells the enums of the API.
#pragma once

#include <string_view>
#include <utility>

#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/routeplanner.hpp"

namespace lavapp::lavalink {

template <class E>
struct Spelling;

template <>
struct Spelling<TrackEndReason> {
  static constexpr std::pair<std::string_view, TrackEndReason> list[] = {
      {"finished", TrackEndReason::finished}, {"loadFailed", TrackEndReason::load_failed},
      {"stopped", TrackEndReason::stopped},   {"replaced", TrackEndReason::replaced},
      {"cleanup", TrackEndReason::cleanup},
  };
};

template <>
struct Spelling<Severity> {
  static constexpr std::pair<std::string_view, Severity> list[] = {
      {"common", Severity::common},
      {"suspicious", Severity::suspicious},
      {"fault", Severity::fault},
  };
};

template <>
struct Spelling<RouteplannerClass> {
  static constexpr std::pair<std::string_view, RouteplannerClass> list[] = {
      {"RotatingIpRoutePlanner", RouteplannerClass::rotating_ip},
      {"NanoIpRoutePlanner", RouteplannerClass::nano_ip},
      {"RotatingNanoIpRoutePlanner", RouteplannerClass::rotating_nano_ip},
      {"BalancingIpRoutePlanner", RouteplannerClass::balancing_ip},
  };
};

template <class E>
constexpr E spelled(std::string_view text) noexcept {
  for (const auto& [spelling, value] : Spelling<E>::list) {
    if (spelling == text) return value;
  }
  return E::unknown;
}

template <class E>
constexpr std::string_view spelling_of(E wanted) noexcept {
  for (const auto& [spelling, value] : Spelling<E>::list) {
    if (value == wanted) return spelling;
  }
  return "unknown";
}

}  // namespace lavapp::lavalink
