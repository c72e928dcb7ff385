// The libFuzzer program: ./decompressor_fuzzer CORPUS
#include "gateway_fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_decompressor({reinterpret_cast<const char*>(data), size});
  return 0;
}
