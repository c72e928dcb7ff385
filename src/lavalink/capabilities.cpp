#include "lavalink/capabilities.hpp"

#include <algorithm>

namespace lavapp::lavalink {

Requirements required_by(const Filters& filters) {
  Requirements result;
  const auto each = [&](bool set, const char* name) {
    if (set) result.push_back({Requirement::filter, name});
  };
  each(filters.volume.has_value(), "volume");
  each(filters.equalizer.has_value(), "equalizer");
  each(filters.karaoke.has_value(), "karaoke");
  each(filters.timescale.has_value(), "timescale");
  each(filters.tremolo.has_value(), "tremolo");
  each(filters.vibrato.has_value(), "vibrato");
  each(filters.rotation.has_value(), "rotation");
  each(filters.distortion.has_value(), "distortion");
  each(filters.channel_mix.has_value(), "channelMix");
  each(filters.low_pass.has_value(), "lowPass");
  for (const auto& [name, value] : filters.plugin_filters) result.push_back({Requirement::filter, name});
  return result;
}

Capabilities::Capabilities(const Info& info) : filters_(info.filters), source_managers_(info.source_managers) {
  for (const auto& plugin : info.plugins) plugins_.push_back(plugin.name);
  if (info.is_node_link) {
    server_ = kNodeLink;
    // It takes the names of filters in any case, and tells this one in another than Lavalink does.
    if (has_filter("lowpass")) filters_.push_back("lowPass");
  }
}

bool Capabilities::contains(const std::vector<std::string>& names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Capabilities::has(const Requirement& requirement) const noexcept {
  const auto& otherwise = requirement.otherwise;
  if (!otherwise.empty() && (has_plugin(otherwise) || is_server(otherwise))) return true;
  switch (requirement.kind) {
    case Requirement::filter:
      return has_filter(requirement.name);
    case Requirement::plugin:
      return has_plugin(requirement.name);
    case Requirement::source_manager:
      // None at all is no list: such a node does not tell.
      return source_managers_.empty() || has_source_manager(requirement.name);
    case Requirement::server:
      return is_server(requirement.name);
  }
  return false;
}

std::optional<Error> Capabilities::refusal(const Requirements& requirements) const {
  const auto lacking = std::find_if_not(requirements.begin(), requirements.end(), [&](const auto& each) { return has(each); });
  if (lacking == requirements.end()) return {};
  std::string what = "filter named ";
  if (lacking->kind == Requirement::plugin) what = "plugin ";
  if (lacking->kind == Requirement::server) return Error(Errc::unsupported, "the node is not " + lacking->name);
  if (lacking->kind == Requirement::source_manager) {
    std::string has;
    for (const auto& each : source_managers_) has += (has.empty() ? "" : ", ") + each;
    return Error(Errc::unsupported, "the node has no source manager named " + lacking->name + ", but " + has);
  }
  return Error(Errc::unsupported, "the node has no " + what + lacking->name);
}

}  // namespace lavapp::lavalink
