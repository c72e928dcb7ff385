// Summary: what a shard has told, in rows.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client.hpp"

namespace console::gateway {

/// Label and text.
std::vector<std::pair<std::string, std::string>> summary_of(const Client& client, const Look& look);

}  // namespace console::gateway
