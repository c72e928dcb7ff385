// Mutations: what a fuzzer does to its seeds, with every compiler and the same in each run.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lavapp::test {

/// `input` with up to six small changes: bytes and bits altered, taken out, put in and repeated.
/// \param syntax  bytes that mean something in such an input: put in more often than others
inline std::string mutated(std::string input, std::string_view syntax, std::mt19937& random) {
  const auto any = [&] {
    if (!syntax.empty() && random() % 2 == 0) return syntax[random() % syntax.size()];
    return static_cast<char>(random());
  };
  for (auto changes = 1 + random() % 6; changes > 0; --changes) {
    if (input.empty()) input += any();
    const auto at = random() % input.size();
    switch (random() % 5) {
      case 0:
        input[at] = any();
        break;
      case 1:
        input[at] = static_cast<char>(input[at] ^ (1 << random() % 8));
        break;
      case 2:
        input.erase(at, 1 + random() % 8);
        break;
      case 3:
        input.insert(at, 1 + random() % 3, any());
        break;
      default:
        input.insert(at, input.substr(random() % input.size(), random() % 30));
    }
  }
  return input;
}

/// Calls `run` with `count` mutations of the seeds.
template <typename Run>
void run_mutations(const std::vector<std::string>& seeds, std::string_view syntax, int count, Run run) {
  std::mt19937 random(20261123);
  for (int i = 0; i < count; ++i) run(mutated(seeds[random() % seeds.size()], syntax, random));
}

}  // namespace lavapp::test
