// Capabilities: what a node has, as its `/v4/info` tells. Pure: no socket.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/lavalink/filters.hpp"
#include "lavapp/lavalink/info.hpp"

namespace lavapp::lavalink {

/// One thing that an operation needs the node to have, by the name that `/v4/info` gives it.
struct Requirement {
  enum Kind { filter, plugin, source_manager, server };
  Kind kind;
  std::string name;
  /// A plugin, or a server (kNodeLink), that will do as well.
  std::string otherwise = {};
};
using Requirements = std::vector<Requirement>;

/// The server's name, of a node that is NodeLink.
inline constexpr const char* kNodeLink = "NodeLink";

/// Every filter that is set. A node lists those of plugins among its own.
Requirements required_by(const Filters& filters);

class Capabilities {
 public:
  explicit Capabilities(const Info& info);

  bool has_filter(std::string_view name) const noexcept { return contains(filters_, name); }
  bool has_plugin(std::string_view name) const noexcept { return contains(plugins_, name); }
  bool has_source_manager(std::string_view name) const noexcept { return contains(source_managers_, name); }
  /// Whether the node is such a server; Lavalink itself has no name here.
  bool is_server(std::string_view name) const noexcept { return !name.empty() && name == server_; }
  bool has(const Requirement& requirement) const noexcept;
  /// `unsupported`, naming the first that is lacking, and the source managers that there are if it is one; nothing if all
  /// are there.
  std::optional<Error> refusal(const Requirements& requirements) const;

 private:
  static bool contains(const std::vector<std::string>& names, std::string_view name) noexcept;

  std::vector<std::string> filters_, plugins_, source_managers_;
  std::string server_;
};

}  // namespace lavapp::lavalink
