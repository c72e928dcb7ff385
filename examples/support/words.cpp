#include "words.hpp"

#include "text.hpp"

namespace console {

std::string sentence(const lavapp::Error& error) {
  const bool argument = error == lavapp::Errc::invalid_argument && !error.message.empty();
  return printable(argument ? error.message : error.what());
}

std::string count(std::int64_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

}  // namespace console
