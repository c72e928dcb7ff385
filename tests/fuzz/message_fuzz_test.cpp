// The fuzzer's entry with every compiler: real messages, and some thousands of mutations that are the same in each run.
#include "message_fuzz.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>

#include "lavalink/samples.hpp"

namespace lavapp::test {
namespace {

using sample::messages;

TEST(MessageFuzz, Seeds) {
  for (const auto& text : messages) fuzz_message(text);
}

TEST(MessageFuzz, Mutations) {
  std::mt19937 random(20261123);
  const std::string syntax = "{}[],:\"\\ 019.-eEntfu\n";
  for (int i = 0; i < 20'000; ++i) {
    auto text = messages[random() % std::size(messages)];
    for (auto changes = 1 + random() % 3; changes > 0 && !text.empty(); --changes) {
      const auto at = random() % text.size();
      switch (random() % 5) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text[at] = syntax[random() % syntax.size()];
          break;
        case 2:
          text.erase(at, 1 + random() % 8);
          break;
        case 3:
          text.insert(at, 1, syntax[random() % syntax.size()]);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 30));
      }
    }
    fuzz_message(text);
  }
}

}  // namespace
}  // namespace lavapp::test
