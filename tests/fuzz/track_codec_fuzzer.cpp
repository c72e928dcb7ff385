// The libFuzzer program: ./track_codec_fuzzer CORPUS
#include "track_codec_fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_track_codec({reinterpret_cast<const char*>(data), size});
  return 0;
}
