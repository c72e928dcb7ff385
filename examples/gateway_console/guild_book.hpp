// GuildBook: the guilds of a shard, as READY, GUILD_CREATE and GUILD_DELETE tell of them.
#pragma once

#include <lavapp/core/snowflake.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace console::gateway {

class GuildBook {
 public:
  /// READY: these there are; each comes with a GUILD_CREATE of its own.
  void begin(const std::vector<lavapp::Snowflake>& guilds);
  /// The event's data, JSON text; returns who that was, as text for people. What cannot be read changes nothing.
  std::string created(std::string_view data);
  std::string deleted(std::string_view data);

  /// Those that are there.
  std::size_t available() const;
  /// And those that are still to come, or have an outage.
  std::size_t size() const { return available_.size(); }

 private:
  std::map<lavapp::Snowflake, bool> available_;
};

}  // namespace console::gateway
