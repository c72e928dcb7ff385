// Shards as people write them: "0/1", the first of one.
#pragma once

#include <lavapp/core/result.hpp>
#include <lavapp/discord/gateway_options.hpp>

#include <string>
#include <string_view>

namespace console::gateway {

/// Reads "I/N", I less than N. Errors: `invalid_argument`, which quotes the text and shows the form.
lavapp::Result<lavapp::discord::Shard> parse_shard(std::string_view text);

std::string format_shard(const lavapp::discord::Shard& shard);

}  // namespace console::gateway
