// What the fuzzers and the plain test both run: bytes from anybody as a node's REST answers, and as events of plugins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lavapp::test {

/// The first byte chooses whose body it is: one of Lavalink's routes, a plugin's or NodeLink's. Aborts if a refusal names
/// nothing, if what is read is no JSON for another parser, or if the same JSON, written by that one, is refused. Returns whether
/// it was read.
bool fuzz_rest_body(std::string_view input);
std::vector<std::string> rest_body_seeds();

/// The first two bytes are the status, the rest is the body: of an answer outside 2xx. Aborts if its Error is not that of the
/// status and bounded. Returns whether the node has said something.
bool fuzz_rest_error(std::string_view input);
std::vector<std::string> rest_error_seeds();

/// A message as SponsorBlock and LavaLyrics hear it. Aborts unless each event of theirs is told once, typed or as a warning.
/// Returns whether it was told typed.
bool fuzz_plugin_event(std::string_view text);
std::vector<std::string> plugin_event_seeds();

}  // namespace lavapp::test
