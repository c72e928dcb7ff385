// The recorded conversations of tests/data.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lavapp::test {

struct Recording {
  std::string name;  ///< "04b-filters"
  nlohmann::json entries;
};

/// All of them, in the order of their names. \throws std::runtime_error if one is missing or damaged.
const std::vector<Recording>& recordings();
const Recording& recording(const std::string& name);

}  // namespace lavapp::test
