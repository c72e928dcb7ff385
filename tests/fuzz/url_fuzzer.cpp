// The libFuzzer program: ./url_fuzzer CORPUS
#include "url_fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_url({reinterpret_cast<const char*>(data), size});
  return 0;
}
