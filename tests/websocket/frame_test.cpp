#include "websocket/frame.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace lavapp::websocket {
namespace {

using namespace std::string_literals;

std::string header(const FrameHeader& header) {
  char out[kMaxHeaderSize];
  return {out, encode_header(out, header)};
}

FrameHeader text_of(std::uint64_t size) {
  FrameHeader header;
  header.payload_size = size;
  return header;
}

TEST(Frame, LengthTakesItsShortestForm) {
  EXPECT_EQ(header(text_of(0)), "\x81\x00"s);
  EXPECT_EQ(header(text_of(125)), "\x81\x7D"s);
  EXPECT_EQ(header(text_of(126)), "\x81\x7E\x00\x7E"s);
  EXPECT_EQ(header(text_of(0xFFFF)), "\x81\x7E\xFF\xFF"s);
  EXPECT_EQ(header(text_of(0x10000)), "\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(Frame, HeaderSizeForetellsTheHeader) {
  for (const std::uint64_t size : {0u, 125u, 126u, 65535u, 65536u, 1u << 30}) {
    auto h = text_of(size);
    EXPECT_EQ(header(h).size(), header_size(size, false));
    h.mask = 1;
    EXPECT_EQ(header(h).size(), header_size(size, true));
  }
}

TEST(Frame, OpcodeAndFinAreTheFirstByte) {
  FrameHeader h;
  h.opcode = Opcode::ping;
  EXPECT_EQ(header(h), "\x89\x00"s);
  h.fin = false;
  h.opcode = Opcode::continuation;
  EXPECT_EQ(header(h), "\x00\x00"s);
}

// RFC 6455 5.7 gives this frame.
TEST(Frame, MasksTheExampleOfTheRfc) {
  FrameHeader h = text_of(5);
  const unsigned char key_bytes[4] = {0x37, 0xFA, 0x21, 0x3D};
  MaskKey key;
  std::memcpy(&key, key_bytes, 4);
  h.mask = key;
  std::string payload = "Hello";
  mask(payload.data(), payload.size(), key);
  EXPECT_EQ(header(h) + payload, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
}

TEST(Frame, MaskingIsTheSameInAnyPieces) {
  std::string whole(67, '\0');
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<char>(i * 7);
  const auto plain = whole;
  mask(whole.data(), whole.size(), 0xA1B2C3D4);
  for (std::size_t cut = 0; cut <= plain.size(); ++cut) {
    auto parts = plain;
    mask(parts.data(), cut, 0xA1B2C3D4);
    mask(parts.data() + cut, parts.size() - cut, 0xA1B2C3D4, cut);
    EXPECT_EQ(parts, whole);
  }
  std::string copy(plain.size(), '\0');
  mask_copy(copy.data(), plain.data(), plain.size(), 0xA1B2C3D4);
  EXPECT_EQ(copy, whole);
  mask(copy.data(), copy.size(), 0xA1B2C3D4);
  EXPECT_EQ(copy, plain);
}

TEST(Frame, CloseCodesThatMayTravel) {
  for (const int code : {1000, 1003, 1007, 1011, 1014, 3000, 4999}) EXPECT_TRUE(valid_close_code(code)) << code;
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535}) {
    EXPECT_FALSE(valid_close_code(code)) << code;
  }
}

TEST(Frame, ClosePayloadThereAndBack) {
  CloseFault fault;
  EXPECT_EQ(encode_close(1000, "bye"),
            "\x03\xE8"
            "bye");
  const auto close = decode_close(encode_close(4004, "d\xC3\xBC"), fault);
  ASSERT_TRUE(close);
  EXPECT_EQ(close->code, 4004);
  EXPECT_EQ(close->reason, "d\xC3\xBC");
}

TEST(Frame, CloseWithoutCodeIs1005) {
  CloseFault fault;
  EXPECT_EQ(encode_close(close_code::no_status, {}), "");
  EXPECT_EQ(decode_close("", fault)->code, 1005);
}

TEST(Frame, ClosePayloadThatTheRfcForbids) {
  CloseFault fault;
  EXPECT_FALSE(decode_close("\x03", fault));
  EXPECT_EQ(fault.code, 1002);
  EXPECT_FALSE(decode_close("\x03\xEE", fault));  // 1006
  EXPECT_EQ(fault.code, 1002);
  EXPECT_FALSE(decode_close("\x03\xE8\xFF", fault));
  EXPECT_EQ(fault.code, 1007);
}

}  // namespace
}  // namespace lavapp::websocket
