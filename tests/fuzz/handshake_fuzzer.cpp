// The libFuzzer program: ./handshake_fuzzer CORPUS
#include "handshake_fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_handshake({reinterpret_cast<const char*>(data), size});
  return 0;
}
