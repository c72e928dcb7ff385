// What the fuzzers and the plain tests both run: bytes from anybody as a Discord gateway's payloads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lavapp::test {

/// A term. Aborts if what it becomes is no JSON, if its envelope lies outside of it, or if a refusal names nothing. Returns
/// whether it became JSON.
bool fuzz_etf(std::string_view term);
std::vector<std::string> etf_seeds();

/// JSON text as a payload. Aborts if what was found lies outside of it, or if a refusal names nothing. Returns whether it is one.
bool fuzz_payload(std::string_view text);
std::vector<std::string> payload_seeds();

/// The first byte chooses the event, the rest is its data. Aborts if raw() is not that, if a refusal names nothing, or if the same
/// JSON in another form is refused. Returns whether it was read.
bool fuzz_event(std::string_view input);
std::vector<std::string> event_seeds();

/// The first byte chooses the compression, the second where the rest is cut. Aborts if more comes out than the limit, if a cut
/// zlib-stream gives something else, or if a refusal names nothing. Returns whether a payload came out.
bool fuzz_decompressor(std::string_view input);
std::vector<std::string> decompressor_seeds();

}  // namespace lavapp::test
