// How the wire spells the enums of the API.
#pragma once

#include "json/spelling.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/routeplanner.hpp"

namespace lavapp::json {

template <>
struct Spelling<lavalink::TrackEndReason> {
  using E = lavalink::TrackEndReason;
  static constexpr std::pair<std::string_view, E> list[] = {
      {"finished", E::finished}, {"loadFailed", E::load_failed}, {"stopped", E::stopped},
      {"replaced", E::replaced}, {"cleanup", E::cleanup},
  };
};

template <>
struct Spelling<lavalink::Severity> {
  using E = lavalink::Severity;
  static constexpr std::pair<std::string_view, E> list[] = {
      {"common", E::common},
      {"suspicious", E::suspicious},
      {"fault", E::fault},
  };
};

template <>
struct Spelling<lavalink::RouteplannerClass> {
  using E = lavalink::RouteplannerClass;
  static constexpr std::pair<std::string_view, E> list[] = {
      {"RotatingIpRoutePlanner", E::rotating_ip},
      {"NanoIpRoutePlanner", E::nano_ip},
      {"RotatingNanoIpRoutePlanner", E::rotating_nano_ip},
      {"BalancingIpRoutePlanner", E::balancing_ip},
  };
};

}  // namespace lavapp::json
