// How many seeds the soaks are run with: LAVAPP_SOAK_SEEDS in the environment, for more than the usual few.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace lavapp::test {

inline unsigned soak_seeds(unsigned usual) {
  const auto* wanted = std::getenv("LAVAPP_SOAK_SEEDS");
  return wanted ? static_cast<unsigned>(std::stoul(wanted)) : usual;
}

}  // namespace lavapp::test
