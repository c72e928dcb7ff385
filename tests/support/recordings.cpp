#include "support/recordings.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace lavapp::test {
namespace {

constexpr std::size_t number_of_files = 17;

std::vector<Recording> load() {
  std::vector<Recording> all;
  for (const auto& file : std::filesystem::directory_iterator(LAVAPP_TEST_DATA)) {
    if (file.path().extension() != ".json") continue;
    std::ifstream in(file.path());
    all.push_back({file.path().stem().string(), nlohmann::json::parse(in).at("entries")});
  }
  if (all.size() != number_of_files) throw std::runtime_error("recordings are missing in " LAVAPP_TEST_DATA);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

}  // namespace

const std::vector<Recording>& recordings() {
  static const auto all = load();
  return all;
}

const Recording& recording(const std::string& name) {
  for (const auto& each : recordings()) {
    if (each.name == name) return each;
  }
  throw std::runtime_error("no recording " + name);
}

}  // namespace lavapp::test
