// What the fuzzer and the plain test both run: text from anybody into a MessageDecoder.
#pragma once

#include <string_view>

namespace lavapp::test {

/// Aborts if the decoder hands on anything but one message, takes for JSON what another parser does not, or remembers
/// something of the messages before.
void fuzz_message(std::string_view text);

}  // namespace lavapp::test
