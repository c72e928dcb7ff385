// User: a person or a bot.
#pragma once

#include <string>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::discord {

/// https://discord.com/developers/docs/resources/user#user-object
struct User {
  Snowflake id = {};
  std::string username = {};
  Optional<std::string> global_name = {};  ///< what is shown instead of `username`, if there is one
  Optional<std::string> avatar = {};       ///< its hash
  bool bot = false;
};

}  // namespace lavapp::discord
