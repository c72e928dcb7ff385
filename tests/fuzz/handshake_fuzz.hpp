// What the fuzzer and the plain test both run: bytes from anybody as the answer to an opening handshake.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lavapp::test {

/// The first byte chooses what was offered and how much may come, the second how the rest is cut into reads. Aborts if
/// other cuts give another verdict, if an agreement holds what was not offered, or if a refusal names nothing. Returns
/// whether there was an agreement.
bool fuzz_handshake(std::string_view input);

std::vector<std::string> handshake_seeds();

}  // namespace lavapp::test
