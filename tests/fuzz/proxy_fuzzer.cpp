// The libFuzzer program: ./proxy_fuzzer CORPUS
#include "proxy_fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_proxy({reinterpret_cast<const char*>(data), size});
  return 0;
}
