// What the fuzzer and the plain test both run: bytes from anybody as what a proxy says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lavapp::test {

/// The first byte chooses the kind of proxy, the credentials and the host, the second how the rest is cut into reads.
/// Aborts if other cuts make us say something else or end otherwise, or if an error names nothing or tells the
/// password. Returns whether the tunnel stands.
bool fuzz_proxy(std::string_view input);

std::vector<std::string> proxy_seeds();

}  // namespace lavapp::test
