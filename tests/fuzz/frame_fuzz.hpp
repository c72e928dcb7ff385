// What the fuzzer and the plain test both run: bytes from anybody into a FrameReader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lavapp::test {

/// The first byte chooses role and limits, the second how the rest is cut into reads. Aborts if the reader contradicts
/// itself: other cuts must give the same messages and the same violation.
void fuzz_frames(const std::uint8_t* data, std::size_t size);

std::vector<std::string> frame_seeds();

}  // namespace lavapp::test
