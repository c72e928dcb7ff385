// Words: errors and numbers as people read them.
#pragma once

#include <lavapp/core/error.hpp>

#include <cstdint>
#include <string>

namespace console {

/// An error as one sentence. What was wrong with an argument says it all; other errors say what kind they are as well.
std::string sentence(const lavapp::Error& error);

/// "1 player", "3 players".
std::string count(std::int64_t n, const std::string& what);

}  // namespace console
