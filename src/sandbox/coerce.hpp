// How Lavalink's JSON reader turns a value into a type: a number or a boolean may stand in quotes, nothing else bends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sandbox/json.hpp"

namespace lavapp::sandbox {

std::optional<std::int64_t> to_int64(const Json& json);
std::optional<std::int32_t> to_int32(const Json& json);
std::optional<double> to_double(const Json& json);
/// Rounded to 32 bits, and printed as short as that allows.
std::optional<double> to_float(const Json& json);
std::optional<bool> to_bool(const Json& json);
std::optional<std::string> to_text(const Json& json);

}  // namespace lavapp::sandbox
