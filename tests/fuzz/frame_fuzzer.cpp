// The libFuzzer program: ./frame_fuzzer CORPUS
#include "frame_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_frames(data, size);
  return 0;
}
