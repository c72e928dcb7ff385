#include "frame_fuzz.hpp"
#include "support/frames.hpp"

namespace lavapp::test {

std::vector<std::string> frame_seeds() {
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

}  // namespace lavapp::test
