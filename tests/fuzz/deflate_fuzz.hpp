// What the fuzzers and the plain test both run: bytes from anybody as compressed messages, and messages through our own
// Deflater and Inflater.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lavapp::test {

/// The first byte chooses window, context takeover and limit, the second how payloads are cut; messages follow, each
/// behind its size in two bytes, the lower first. Aborts if more comes out than the limit, or if other cuts give other
/// messages. Returns whether they are messages.
bool fuzz_inflate(std::string_view input);

/// The first byte chooses window and context takeover, the second level and memory, the third how payloads are cut;
/// messages follow as in fuzz_inflate, each behind a byte that says how often it is repeated. Aborts if something else
/// comes out than went in, or if a limit does not hold.
void fuzz_deflate(std::string_view input);

std::vector<std::string> inflate_seeds();
std::vector<std::string> deflate_seeds();

}  // namespace lavapp::test
