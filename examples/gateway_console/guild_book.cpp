#include "guild_book.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "text.hpp"

namespace console::gateway {
namespace {

/// https://discord.com/developers/docs/resources/guild#unavailable-guild-object
struct GuildEvent {
  lavapp::Snowflake id;
  std::string name;
  bool unavailable = false;
};

/// A snowflake: text in JSON, and an integer as a rule where it was ETF.
std::optional<lavapp::Snowflake> id_in(const nlohmann::json& object) {
  const auto id = object.value("id", nlohmann::json());
  if (id.is_number_unsigned()) return lavapp::Snowflake(id.get<std::uint64_t>());
  return id.is_string() ? lavapp::Snowflake::parse(id.get<std::string>()) : std::nullopt;
}

std::optional<GuildEvent> read(std::string_view data) {
  const auto object = nlohmann::json::parse(data, nullptr, false);
  if (!object.is_object()) return {};
  const auto id = id_in(object);
  if (!id) return {};
  const auto name = object.value("name", nlohmann::json());
  return GuildEvent{*id, name.is_string() ? name.get<std::string>() : std::string(),
                    object.value("unavailable", nlohmann::json()) == true};
}

}  // namespace

void GuildBook::begin(const std::vector<lavapp::Snowflake>& guilds) {
  available_.clear();
  for (const auto id : guilds) available_[id] = false;
}

std::string GuildBook::created(std::string_view data) {
  const auto guild = read(data);
  if (!guild) return "not readable";
  available_[guild->id] = !guild->unavailable;
  return guild->name.empty() ? guild->id.to_string() : printable(guild->name);
}

std::string GuildBook::deleted(std::string_view data) {
  const auto guild = read(data);
  if (!guild) return "not readable";
  if (guild->unavailable) {
    available_[guild->id] = false;
    return guild->id.to_string() + " has an outage";
  }
  available_.erase(guild->id);
  return guild->id.to_string() + " was left";
}

std::size_t GuildBook::available() const {
  return static_cast<std::size_t>(
      std::count_if(available_.begin(), available_.end(), [](const auto& guild) { return guild.second; }));
}

}  // namespace console::gateway
