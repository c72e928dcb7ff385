// The libFuzzer program: ./rest_body_fuzzer CORPUS
#include "rest_fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_rest_body({reinterpret_cast<const char*>(data), size});
  return 0;
}
