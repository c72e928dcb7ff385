#include "discord/decompressor.hpp"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lavapp::discord {
namespace {

constexpr std::size_t kLimit = 4 * 1024 * 1024;

/// A payload now and then of any size, some easy and some hard to compress.
std::vector<std::string> payloads() {
  std::vector<std::string> all;
  std::uint32_t random = 1;
  for (const std::size_t size : {2u, 17u, 500u, 16'384u, 65'535u, 65'536u, 65'537u, 300'000u, 3u, 1'000'000u, 100u}) {
    std::string text = "{\"op\":0,\"d\":\"";
    while (text.size() < size) {
      random = random * 1664525 + 1013904223;
      text += random % 3 == 0 ? std::to_string(random) : "guild";
    }
    all.push_back(text + "\"}");
  }
  return all;
}

class ZlibWriter {
 public:
  ZlibWriter() { deflateInit(&stream_, 6); }
  ZlibWriter(const ZlibWriter&) = delete;
  ZlibWriter& operator=(const ZlibWriter&) = delete;
  ~ZlibWriter() { deflateEnd(&stream_); }
  std::string write(const std::string& text, int flush = Z_SYNC_FLUSH) {
    std::string out(deflateBound(&stream_, static_cast<uLong>(text.size())) + 64, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, flush);
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

 private:
  z_stream stream_{};
};

class ZstdWriter {
 public:
  std::string write(const std::string& text, ZSTD_EndDirective end = ZSTD_e_flush) {
    std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    ZSTD_compressStream2(context_.get(), &to, &in, end);
    out.resize(to.pos);
    return out;
  }

 private:
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_{ZSTD_createCCtx(), ZSTD_freeCCtx};
};

std::string text_of(ScratchBuffer& buffer) { return {buffer.data(), buffer.size()}; }

TEST(Decompressor, ZlibStreamOfPayloadsOfAnySize) {
  ZlibWriter writer;
  const auto reader = make_decompressor(Compression::zlib_stream, kLimit);
  for (const auto& payload : payloads()) {
    Scratch out;
    const auto whole = reader->feed(writer.write(payload), *out);
    ASSERT_TRUE(whole) << whole.error().what();
    EXPECT_TRUE(*whole);
    EXPECT_EQ(text_of(*out), payload);
  }
}

/// The suffix itself may be cut.
TEST(Decompressor, ZlibStreamInPiecesOfAnySize) {
  for (const std::size_t piece : {1u, 2u, 3u, 4u, 5u, 1'000u}) {
    ZlibWriter writer;
    const auto reader = make_decompressor(Compression::zlib_stream, kLimit);
    for (const auto& payload : payloads()) {
      if (payload.size() > 70'000 && piece < 100) continue;
      const auto bytes = writer.write(payload);
      for (std::size_t at = 0; at < bytes.size(); at += piece) {
        Scratch out;
        const auto whole = reader->feed(std::string_view(bytes).substr(at, piece), *out);
        ASSERT_TRUE(whole) << whole.error().what();
        const bool last = at + piece >= bytes.size();
        ASSERT_EQ(*whole, last);
        if (last) {
          EXPECT_EQ(text_of(*out), payload);
        }
      }
    }
  }
}

TEST(Decompressor, ZstdStreamWhetherFramesEndOrNot) {
  ZstdWriter writer;
  const auto reader = make_decompressor(Compression::zstd_stream, kLimit);
  bool end = false;
  for (const auto& payload : payloads()) {
    Scratch out;
    const auto whole = reader->feed(writer.write(payload, std::exchange(end, !end) ? ZSTD_e_end : ZSTD_e_flush), *out);
    ASSERT_TRUE(whole) << whole.error().what();
    EXPECT_TRUE(*whole);
    EXPECT_EQ(text_of(*out), payload);
  }
}

TEST(Decompressor, PayloadsThatAreStreamsOfTheirOwn) {
  const auto reader = make_decompressor(Compression::payload, kLimit);
  for (const auto& payload : payloads()) {
    Scratch out;
    ASSERT_TRUE(reader->feed(ZlibWriter().write(payload, Z_FINISH), *out).value());
    EXPECT_EQ(text_of(*out), payload);
  }
  Scratch out;
  const auto cut = ZlibWriter().write("cut short", Z_SYNC_FLUSH);
  EXPECT_TRUE(reader->feed(cut, *out).error() == Errc::bad_payload);
  auto altered = ZlibWriter().write("with a checksum behind it", Z_FINISH);
  altered.back() ^= 1;
  EXPECT_TRUE(reader->feed(altered, *(Scratch())).error() == Errc::bad_payload);
}

TEST(Decompressor, WhatBecomesTooLargeIsRefusedAndTakesNoMemory) {
  const std::string bomb(64 * 1024 * 1024, '\0');
  const std::pair<Compression, std::string> bombs[] = {{Compression::zlib_stream, ZlibWriter().write(bomb)},
                                                       {Compression::zstd_stream, ZstdWriter().write(bomb)},
                                                       {Compression::payload, ZlibWriter().write(bomb, Z_FINISH)}};
  for (const auto& [compression, bytes] : bombs) {
    Scratch out;
    const auto whole = make_decompressor(compression, kLimit)->feed(bytes, *out);
    ASSERT_FALSE(whole);
    EXPECT_TRUE(whole.error() == Errc::bad_payload);
    EXPECT_LE(out->capacity(), 2 * kLimit);
  }
  // To the byte.
  for (const std::size_t size : {99u, 100u, 101u}) {
    Scratch out;
    EXPECT_EQ(make_decompressor(Compression::zlib_stream, 100)->feed(ZlibWriter().write(std::string(size, 'x')), *out).has_value(),
              size <= 100);
    EXPECT_EQ(make_decompressor(Compression::zstd_stream, 100)->feed(ZstdWriter().write(std::string(size, 'x')), *(Scratch())).has_value(),
              size <= 100);
  }
}

TEST(Decompressor, CorruptStreamsAreRefused) {
  for (const auto compression : {Compression::zlib_stream, Compression::zstd_stream, Compression::payload}) {
    Scratch out;
    const auto whole = make_decompressor(compression, kLimit)->feed("this is no compressed stream at all", *out);
    ASSERT_FALSE(whole);
    EXPECT_TRUE(whole.error() == Errc::bad_payload);
    EXPECT_FALSE(whole.error().message.empty());
  }
}

TEST(Scratch, IsSharedAndNestsAndDoesNotKeepWhatIsHuge) {
  const char* place = nullptr;
  {
    Scratch one;
    one->append("hello", 5);
    place = one->data();
    Scratch two;  // while one is lent
    two->append("other", 5);
    EXPECT_NE(two->data(), place);
    EXPECT_EQ(text_of(*one), "hello");
  }
  {
    Scratch huge;
    huge->reserve(Scratch::kKept + 1);
  }
  Scratch again;
  EXPECT_EQ(again->size(), 0u);
  EXPECT_LE(again->capacity(), Scratch::kKept);
}

}  // namespace
}  // namespace lavapp::discord
