// Members of a guild, asked for over the gateway (op 8).
#pragma once

#include <string>
#include <vector>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::discord {

/// Either `user_ids` or a `query`. https://discord.com/developers/docs/events/gateway-events#request-guild-members
struct MembersRequest {
  Snowflake guild_id = {};
  /// What names begin with; empty: all of them, which wants the intent guild_members.
  std::string query = {};
  int limit = 0;  ///< 0: no limit, with an empty query only
  std::vector<Snowflake> user_ids = {};  ///< 100 at most; the query is left out then
  bool presences = false;                ///< wants the intent guild_presences
};

/// All chunks of an answer, in their order.
struct Members {
  std::vector<JsonText> members = {};    ///< guild member objects
  std::vector<JsonText> presences = {};  ///< presence objects
  std::vector<Snowflake> not_found = {};
};

}  // namespace lavapp::discord
