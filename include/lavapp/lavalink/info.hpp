// Info: what a node is and can do. https://lavalink.dev/api/rest#get-lavalink-info
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "lavapp/core/optional.hpp"

namespace lavapp::lavalink {

struct Version {
  std::string semver = {};
  int major = 0, minor = 0, patch = 0;
  Optional<std::string> pre_release = {};
  Optional<std::string> build = {};
};
struct Git {
  std::string branch = {}, commit = {};
  std::chrono::milliseconds commit_time{0};  ///< since the Unix epoch
};
struct Plugin {
  std::string name = {}, version = {};
};
struct Info {
  Version version = {};
  std::chrono::milliseconds build_time{0};  ///< since the Unix epoch
  Git git = {};
  std::string jvm = {}, lavaplayer = {};  ///< empty if the node is NodeLink
  std::vector<std::string> source_managers = {};
  std::vector<std::string> filters = {};
  std::vector<Plugin> plugins;
  /// The node is NodeLink, another server that speaks Lavalink v4's protocol; docs/plugins.md has the differences.
  bool is_node_link = false;
  /// The answer's body as it came.
  std::string raw = {};
};

}  // namespace lavapp::lavalink
