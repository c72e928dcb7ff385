// Whether two JSON texts say the same, but for what differs from run to run.
#pragma once

#include <string>

#include "sandbox/json.hpp"

namespace lavapp::test {

/// Empty, or where and how `ours` differs from `recorded`. Keys and types must be the same everywhere; values too,
/// unless the key is one of time, place or load. Encoded tracks are compared decoded, without their position.
std::string difference(const sandbox::Json& recorded, const sandbox::Json& ours, const std::string& where = "$");

}  // namespace lavapp::test
