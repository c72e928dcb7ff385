// Filter presets: sounds by name, ready to send to a player.
#pragma once

#include <lavapp/lavalink/filters.hpp>

#include <string_view>
#include <vector>

namespace console {

struct Preset {
  std::string_view name;
  std::string_view about;
  lavapp::lavalink::Filters (*make)();
};

const std::vector<Preset>& presets();
/// The preset of this name, or nullptr.
const Preset* find_preset(std::string_view name);

}  // namespace console
