// The fuzzer's entry with every compiler: its seeds, and some thousands of mutations that are the same in each run.
#include "frame_fuzz.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "support/frames.hpp"

namespace lavapp::test {
namespace {

std::vector<std::string> seeds() {
  const std::string long_text(400, 'x');
  const std::vector<std::string> streams[] = {
      {text_frame("hello"), ping_frame("p"), text_frame("gr\xC3\xBC\xC3\x9F"), close_frame(1000, "bye")},
      {frame(0x01, "\xF0\x9F"), pong_frame("x"), frame(0x00, ""), frame(0x80, "\x98\x80"), binary_frame("\xFF")},
      {text_frame(long_text), frame(0x02, long_text), frame(0x80, long_text), frame(0x88, "")},
      {binary_frame(std::string(66'000, 'b')), text_frame("after")},
      {frame(0xC1, "rsv"), frame(0x83, "opcode"), frame(0x80, "orphan"), frame(0x09, "fragmented")},
  };
  std::vector<std::string> all;
  for (const auto& stream : streams) {
    for (const char options : {'\0', '\1', '\2', '\4', '\5', '\6'}) {
      std::string seed{options, 6};
      for (const auto& one : stream) seed += (options & 1) != 0 ? masked(one) : one;
      all.push_back(std::move(seed));
    }
  }
  return all;
}

void run(const std::string& input) { fuzz_frames(reinterpret_cast<const std::uint8_t*>(input.data()), input.size()); }

TEST(FrameFuzz, Seeds) {
  for (const auto& seed : seeds()) run(seed);
}

TEST(FrameFuzz, Mutations) {
  std::mt19937 random(20261123);
  const auto all = seeds();
  for (int i = 0; i < 4'000; ++i) {
    auto input = all[random() % all.size()];
    if (input.size() > 5'000) input.resize(5'000);
    for (auto changes = 1 + random() % 6; changes > 0; --changes) {
      const auto at = random() % input.size();
      switch (random() % 4) {
        case 0:
          input[at] = static_cast<char>(random());
          break;
        case 1:
          input[at] = static_cast<char>(input[at] ^ (1 << random() % 8));
          break;
        case 2:
          input.erase(at, 1 + random() % 4);
          break;
        default:
          input.insert(at, 1 + random() % 3, static_cast<char>(random()));
      }
      if (input.size() < 3) input.resize(3);
    }
    run(input);
  }
}

}  // namespace
}  // namespace lavapp::test
