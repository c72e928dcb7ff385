// The libFuzzer program: ./message_fuzzer CORPUS
#include "message_fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lavapp::test::fuzz_message({reinterpret_cast<const char*>(data), size});
  return 0;
}
