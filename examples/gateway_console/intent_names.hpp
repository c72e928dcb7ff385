// Intents by the names that Discord's documentation gives them, in small letters.
#pragma once

#include <lavapp/core/result.hpp>
#include <lavapp/discord/intents.hpp>

#include <string>
#include <string_view>

namespace console::gateway {

/// Reads names with commas between them, in small or capital letters: those of single intents, and "music",
/// "unprivileged" and "all". Errors: `invalid_argument`, which quotes the name that is none.
lavapp::Result<lavapp::discord::Intents> parse_intents(std::string_view text);

/// All names, one a line behind `indent`, the privileged ones marked with "*".
std::string list_intents(std::string_view indent);

}  // namespace console::gateway
