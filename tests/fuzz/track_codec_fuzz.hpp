// What the fuzzer and the plain test both run: bytes from anybody as an encoded track.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lavapp::test {

/// The input as the text of a track, as what is behind the text's base64, and as one of its strings. Aborts if what was
/// accepted does not come back byte for byte, if a string of it is not UTF-8, or if a refusal names nothing. Returns
/// whether it is a track in one of these ways.
bool fuzz_track_codec(std::string_view input);

std::vector<std::string> track_codec_seeds();

}  // namespace lavapp::test
