// Info: what a node is and can do. https://lavalink.dev/api/rest#get-lavalink-info
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lavapp::lavalink {

struct Version {
  std::string semver = {};
  int major = 0, minor = 0, patch = 0;
  std::optional<std::string> pre_release = {};
  std::optional<std::string> build = {};
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
  std::string jvm = {}, lavaplayer = {};
  std::vector<std::string> source_managers{};
  std::vector<std::string> filters{};
  std::vector<Plugin> plugins{};
  /// The answer's body as it came.
  std::string raw = {};
};

}  // namespace lavapp::lavalink
