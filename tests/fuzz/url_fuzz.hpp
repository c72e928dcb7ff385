// What the fuzzer and the plain test both run: text from anybody as a server's URL and as a proxy's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lavapp::test {

/// Aborts if a URL that was accepted does not mean the same when it is written out again, could end a request's line
/// early, or if a refusal names nothing. Returns whether it is a URL of either kind.
bool fuzz_url(std::string_view text);

std::vector<std::string> url_seeds();

}  // namespace lavapp::test
