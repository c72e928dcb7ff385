// The libFuzzer program: ./event_fuzzer CORPUS
#include "gateway_fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_event({reinterpret_cast<const char*>(data), size});
  return 0;
}
