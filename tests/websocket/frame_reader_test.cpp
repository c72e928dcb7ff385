#include "websocket/frame_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include <functional>
#include <vector>

#include "support/frames.hpp"
#include "websocket/deflate.hpp"

namespace lavapp::websocket {
namespace {

using namespace test;
using namespace std::string_literals;

/// Writes down what comes, as words: "text:abc", "ping:x", "close:1000:bye".
struct Notes final : FrameSink {
  std::vector<std::string> lines;
  std::function<bool()> go_on = [] { return true; };
  bool note(std::string line) {
    lines.push_back(std::move(line));
    return go_on();
  }
  bool on_message(std::string_view data, bool binary) override {
    return note((binary ? "binary:" : "text:") + std::string(data));
  }
  bool on_ping(std::string_view payload) override { return note("ping:" + std::string(payload)); }
  bool on_pong(std::string_view payload) override { return note("pong:" + std::string(payload)); }
  bool on_close(const ClosePayload& close) override {
    return note("close:" + std::to_string(close.code) + ":" + close.reason);
  }
};
using Lines = std::vector<std::string>;

std::optional<Violation> feed(FrameReader& reader, FrameSink& sink, std::string_view bytes) {
  std::optional<Violation> violation;
  while (!bytes.empty() && !violation) {
    const auto room = reader.prepare();
    const auto size = std::min(room.size, bytes.size());
    std::memcpy(room.data, bytes.data(), size);
    reader.commit(size);
    bytes.remove_prefix(size);
    violation = reader.parse(sink);
  }
  return violation;
}

struct Outcome {
  Lines lines;
  int code = 0;
  Errc errc{};
};
Outcome read(std::string_view bytes, Role role = Role::client, FrameReader::Limits limits = {}) {
  FrameReader reader(role, limits);
  Notes notes;
  const auto violation = feed(reader, notes, bytes);
  return {notes.lines, violation ? violation->close_code : 0, violation ? violation->errc : Errc{}};
}

TEST(FrameReader, HandsOnManyFramesOfOneRead) {
  const auto outcome = read(text_frame("a") + text_frame("") + binary_frame("\xFF") + ping_frame("p") + pong_frame(""));
  EXPECT_EQ(outcome.lines, (Lines{"text:a", "text:", "binary:\xFF", "ping:p", "pong:"}));
  EXPECT_EQ(outcome.code, 0);
}

TEST(FrameReader, HandsOnAMessageWhereItLies) {
  FrameReader reader(Role::client);
  const auto room = reader.prepare();
  const auto bytes = text_frame("in place");
  std::memcpy(room.data, bytes.data(), bytes.size());
  reader.commit(bytes.size());
  struct Where final : FrameSink {
    const char* at = nullptr;
    bool on_message(std::string_view data, bool) override { return at = data.data(), true; }
    bool on_ping(std::string_view) override { return true; }
    bool on_pong(std::string_view) override { return true; }
    bool on_close(const ClosePayload&) override { return true; }
  } where;
  EXPECT_FALSE(reader.parse(where));
  EXPECT_EQ(where.at, room.data + 2);
}

TEST(FrameReader, AssemblesFragmentsAroundControlFrames) {
  const auto outcome = read(frame(0x01, "one ") + ping_frame("now") + frame(0x00, "two ") + frame(0x00, "") +
                            pong_frame("x") + frame(0x80, "three") + frame(0x02, "\x01") + frame(0x80, "\x02"));
  EXPECT_EQ(outcome.lines, (Lines{"ping:now", "pong:x", "text:one two three", "binary:\x01\x02"}));
}

// Every split of a stream with everything in it gives the same as the stream in one piece; so do single bytes.
TEST(FrameReader, SplitsAtAnyByteMakeNoDifference) {
  const std::string middle(200, 'm');
  const std::string large(70'000, 'L');
  const std::vector<std::string> frames = {text_frame("gr\xC3\xBC\xC3\x9F"),
                                           ping_frame("ping"),
                                           binary_frame(middle),
                                           frame(0x01, "\xF0\x9F"),
                                           pong_frame(""),
                                           frame(0x00, "\x98\x80"),
                                           frame(0x80, middle),
                                           text_frame(""),
                                           close_frame(1000, "bye")};
  for (const Role role : {Role::client, Role::server}) {
    std::string stream;
    for (const auto& f : frames) stream += role == Role::server ? masked(f) : f;
    const Lines expected = {"text:gr\xC3\xBC\xC3\x9F",        "ping:ping", "binary:" + middle, "pong:",
                            "text:\xF0\x9F\x98\x80" + middle, "text:",     "close:1000:bye"};
    FrameReader::Limits tiny;
    tiny.min_buffer = 16;
    tiny.max_buffer = 150;
    for (const auto& limits : {FrameReader::Limits{}, tiny}) {
      for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        FrameReader reader(role, limits);
        Notes notes;
        EXPECT_FALSE(feed(reader, notes, std::string_view(stream).substr(0, cut)));
        EXPECT_FALSE(feed(reader, notes, std::string_view(stream).substr(cut)));
        EXPECT_EQ(notes.lines, expected) << "cut at " << cut;
      }
      FrameReader reader(role, limits);
      Notes notes;
      for (const char byte : stream) EXPECT_FALSE(feed(reader, notes, {&byte, 1}));
      EXPECT_EQ(notes.lines, expected);
    }
    const auto one = text_frame(large);
    EXPECT_EQ(read(role == Role::server ? masked(one) : one, role, tiny).lines, Lines{"text:" + large});
  }
}

TEST(FrameReader, BytesAlreadyReadAreAppended) {
  FrameReader reader(Role::client);
  Notes notes;
  reader.append(text_frame("with the 101") + text_frame(std::string(10'000, 'x')) + "\x81");
  EXPECT_FALSE(reader.parse(notes));
  EXPECT_FALSE(feed(reader, notes, "\x01y"));
  EXPECT_EQ(notes.lines, (Lines{"text:with the 101", "text:" + std::string(10'000, 'x'), "text:y"}));
}

TEST(FrameReader, ReservedBitsAreRefused) {
  for (const unsigned bit : {0x40u, 0x20u, 0x10u}) EXPECT_EQ(read(frame(0x81 | bit, "")).code, 1002);
}

TEST(FrameReader, ReservedOpcodesAreRefused) {
  for (const unsigned opcode : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u}) {
    EXPECT_EQ(read(frame(0x80 | opcode, "")).code, 1002);
  }
}

TEST(FrameReader, OrphanContinuationsAreRefused) {
  EXPECT_EQ(read(frame(0x80, "x")).code, 1002);
  EXPECT_EQ(read(frame(0x01, "a") + frame(0x80, "b") + frame(0x00, "c")).code, 1002);
}

TEST(FrameReader, AMessageInsideAFragmentedOneIsRefused) {
  const auto outcome = read(frame(0x01, "a") + text_frame("b"));
  EXPECT_EQ(outcome.code, 1002);
  EXPECT_TRUE(outcome.lines.empty());
}

TEST(FrameReader, ControlFramesAreShortAndWhole) {
  EXPECT_EQ(read(ping_frame(std::string(125, 'p'))).lines.size(), 1u);
  EXPECT_EQ(read(ping_frame(std::string(126, 'p'))).code, 1002);
  for (const unsigned opcode : {0x8u, 0x9u, 0xAu}) EXPECT_EQ(read(frame(opcode, "")).code, 1002);
}

TEST(FrameReader, FaultsOfTheFirstByteNeedNoSecond) {
  EXPECT_EQ(read("\xC1").code, 1002);
  EXPECT_EQ(read("\x83").code, 1002);
  EXPECT_EQ(read("\x89\x7E").code, 1002);
}

TEST(FrameReader, LengthsMustTakeTheirShortestForm) {
  EXPECT_EQ(read("\x81\x7E\x00\x7D"s + std::string(125, 'x')).code, 1002);
  EXPECT_EQ(read("\x81\x7F\x00\x00\x00\x00\x00\x00\xFF\xFF"s).code, 1002);
  EXPECT_EQ(read("\x81\x7F\x80\x00\x00\x00\x00\x01\x00\x00"s).code, 1002);
}

TEST(FrameReader, MaskingMustSuitTheRole) {
  EXPECT_EQ(read(masked(text_frame("x")), Role::client).code, 1002);
  EXPECT_EQ(read(text_frame("x"), Role::server).code, 1002);
  EXPECT_EQ(read(masked(text_frame("x")), Role::server).lines, Lines{"text:x"});
}

TEST(FrameReader, MalformedCloseFrames) {
  EXPECT_EQ(read(frame(0x88, "x")).code, 1002);
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) EXPECT_EQ(read(close_frame(code)).code, 1002);
  EXPECT_EQ(read(close_frame(1000, "\xFF")).code, 1007);
  EXPECT_EQ(read(close_frame(1000, "\xFF")).errc, Errc::invalid_utf8);
}

TEST(FrameReader, NothingFollowsAClose) {
  EXPECT_EQ(read(close_frame(1001) + text_frame("late") + "\xFF").lines, Lines{"close:1001:"});
  EXPECT_EQ(read(frame(0x88, "")).lines, Lines{"close:1005:"});
}

TEST(FrameReader, GoesOnTakingBytesAfterItsEnd) {
  FrameReader reader(Role::client);
  Notes notes;
  EXPECT_FALSE(feed(reader, notes, close_frame(1000) + std::string(1024 * 1024, '\xFF')));
  EXPECT_EQ(notes.lines, Lines{"close:1000:"});
  EXPECT_LE(reader.buffer_capacity(), FrameReader::Limits{}.max_buffer);
}

TEST(FrameReader, NothingFollowsAViolation) {
  FrameReader reader(Role::client);
  Notes notes;
  EXPECT_TRUE(feed(reader, notes, "\xF0"));
  EXPECT_FALSE(feed(reader, notes, text_frame("late")));
  EXPECT_TRUE(notes.lines.empty());
}

TEST(FrameReader, NothingFollowsWhenTheSinkStops) {
  FrameReader reader(Role::client);
  Notes notes;
  notes.go_on = [] { return false; };
  EXPECT_FALSE(feed(reader, notes, text_frame("one") + text_frame("two")));
  EXPECT_FALSE(feed(reader, notes, text_frame("three")));
  EXPECT_EQ(notes.lines, Lines{"text:one"});
}

TEST(FrameReader, InvalidTextIsRefusedWithoutWaitingForItsEnd) {
  EXPECT_EQ(read(text_frame("a\xFF")).code, 1007);
  EXPECT_EQ(read(text_frame("cut \xC3")).code, 1007);
  EXPECT_EQ(read(frame(0x01, "a\xFF")).code, 1007) << "in the first fragment";
  EXPECT_EQ(read(frame(0x01, "\xC3") + frame(0x80, "A")).code, 1007) << "across fragments";
  EXPECT_EQ(read(frame(0x01, "a") + frame(0x80, "\xC3")).code, 1007) << "cut at the end";
  EXPECT_EQ(read(text_frame("ok\xFF" + std::string(1000, 'x')).substr(0, 20)).code, 1007) << "in half a frame";
  EXPECT_EQ(read(text_frame("x\xED\xA0" + std::string(1000, 'x')).substr(0, 7)).code, 1007) << "a surrogate begins";
  EXPECT_EQ(read(binary_frame("\xFF\xC3")).code, 0) << "binary is anything";
}

TEST(FrameReader, MessagesOverTheLimitAreRefusedAtTheirHeader) {
  FrameReader::Limits limits;
  limits.max_message_size = 1000;
  EXPECT_EQ(read(text_frame(std::string(1000, 'x')), Role::client, limits).lines.size(), 1u);
  const auto over = read(text_frame(std::string(1001, 'x')).substr(0, 4), Role::client, limits);
  EXPECT_EQ(over.code, 1009);
  EXPECT_EQ(over.errc, Errc::message_too_big);
  EXPECT_EQ(read(frame(0x01, std::string(600, 'x')) + frame(0x80, std::string(401, 'x')), Role::client, limits).code,
            1009);
  EXPECT_EQ(read("\x81\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, Role::client, limits).code, 1009);
}

TEST(FrameReader, AnAnnouncedLengthAllocatesNothing) {
  FrameReader reader(Role::client);
  Notes notes;
  EXPECT_FALSE(feed(reader, notes, text_frame(std::string(16 * 1024 * 1024, 'x')).substr(0, 100)));
  EXPECT_LE(reader.buffer_capacity() + reader.message_capacity(), 8u * 1024);
}

/// Whether it lies in the read buffer, at its very end perhaps, or was put together.
TEST(FrameReader, BytesBehindAMessageMayBeRead) {
  for (const std::size_t size : {0u, 5u, 1'022u, 1'023u, 4'000u, 600'000u}) {
    struct : FrameSink {
      bool on_message(std::string_view data, bool) override {
        if (!data.empty()) behind.append(data.data() + data.size(), ByteBuffer::kPadding);  // ASan would tell
        return true;
      }
      bool on_ping(std::string_view) override { return true; }
      bool on_pong(std::string_view) override { return true; }
      bool on_close(const ClosePayload&) override { return true; }
      std::string behind;
    } sink;
    FrameReader reader(Role::client);
    const std::string text(size, 'x');
    EXPECT_FALSE(feed(reader, sink, text_frame(text) + frame(0x01, text) + frame(0x80, text)));
    EXPECT_EQ(sink.behind.size(), size == 0 ? 0 : 2 * ByteBuffer::kPadding);
  }
}

TEST(FrameReader, BuffersShrinkAgainAfterALargeMessage) {
  FrameReader reader(Role::client);
  Notes notes;
  const std::string large(4 * 1024 * 1024, 'x');
  EXPECT_FALSE(feed(reader, notes, text_frame(large)));
  ASSERT_EQ(notes.lines.size(), 1u);
  EXPECT_EQ(notes.lines[0].size(), large.size() + 5);
  EXPECT_LE(reader.message_capacity(), 128u * 1024);
  EXPECT_EQ(reader.buffer_capacity(), FrameReader::Limits{}.max_buffer);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(feed(reader, notes, text_frame("small")));
  reader.prepare();
  EXPECT_EQ(reader.buffer_capacity(), FrameReader::Limits{}.min_buffer);
}

// --- permessage-deflate

FrameReader inflating(FrameReader::Limits limits = {}) {
  FrameReader reader(Role::client, limits);
  reader.decompress({15, true});
  return reader;
}

std::string compressed(std::string_view text) {
  Deflater deflater({15, true}, 6, 8);
  ByteBuffer out;
  deflater.compress(text, out);
  return std::string(out.view());
}

TEST(FrameReaderDeflate, TakesCompressedAndPlainMessagesInTurn) {
  auto reader = inflating();
  Notes notes;
  // The examples of RFC 7692 7.2.3.1 and 7.2.3.2, the second by reference to the first.
  EXPECT_FALSE(feed(reader, notes, frame(0xC1, "\xf2\x48\xcd\xc9\xc9\x07\x00"s) + text_frame("plain") +
                                       frame(0xC1, "\xf2\x00\x11\x00\x00"s) + frame(0xC2, "\x00"s)));
  EXPECT_EQ(notes.lines, (Lines{"text:Hello", "text:plain", "text:Hello", "binary:"}));
}

TEST(FrameReaderDeflate, TakesFragmentsWithControlFramesBetween) {
  const auto payload = compressed("one two three one two three");
  auto reader = inflating();
  Notes notes;
  EXPECT_FALSE(feed(reader, notes, frame(0x41, payload.substr(0, 3)) + ping_frame("p") + frame(0x00, payload.substr(3, 4)) +
                                       frame(0x00, "") + frame(0x80, payload.substr(7))));
  EXPECT_EQ(notes.lines, (Lines{"ping:p", "text:one two three one two three"}));
}

TEST(FrameReaderDeflate, ReadsTheSameByteByByte) {
  const auto bytes = frame(0xC1, compressed(std::string(5'000, 'a') + "b")) + text_frame("x");
  auto reader = inflating();
  Notes notes;
  for (const char byte : bytes) ASSERT_FALSE(feed(reader, notes, {&byte, 1}));
  EXPECT_EQ(notes.lines, (Lines{"text:" + std::string(5'000, 'a') + "b", "text:x"}));
}

TEST(FrameReaderDeflate, RefusesRsv1WhereItHasNoMeaning) {
  const auto code = [](std::string_view bytes) {
    auto reader = inflating();
    Notes notes;
    const auto violation = feed(reader, notes, bytes);
    return violation ? violation->close_code : 0;
  };
  EXPECT_EQ(code(frame(0xC9, "ping")), 1002);
  EXPECT_EQ(code(frame(0xC8, "")), 1002);
  EXPECT_EQ(code(frame(0x41, "\xf2") + frame(0xC0, "\x48")), 1002) << "on a continuation";
  EXPECT_EQ(code(frame(0xA1, "")), 1002) << "RSV2";
  EXPECT_EQ(code(frame(0x91, "")), 1002) << "RSV3";
  EXPECT_EQ(read(frame(0xC1, "\x00"s)).code, 1002) << "nothing was agreed upon";
}

TEST(FrameReaderDeflate, RefusesBrokenDataUtf8AndBombs) {
  const auto outcome = [](std::string_view bytes) {
    FrameReader::Limits limits;
    limits.max_message_size = 100'000;
    auto reader = inflating(limits);
    Notes notes;
    const auto violation = feed(reader, notes, bytes);
    EXPECT_TRUE(notes.lines.empty());
    EXPECT_LE(reader.message_capacity(), 400'000u);
    return std::pair(violation ? violation->close_code : 0, violation ? violation->errc : Errc{});
  };
  EXPECT_EQ(outcome(frame(0xC1, "\xff\xff\xff")), std::pair(1007, Errc::protocol_error));
  EXPECT_EQ(outcome(frame(0xC1, compressed("\xff\xfe"))), std::pair(1007, Errc::invalid_utf8));
  EXPECT_EQ(outcome(frame(0xC1, compressed("half a character \xc3"))), std::pair(1007, Errc::invalid_utf8));
  EXPECT_EQ(outcome(frame(0xC2, compressed(std::string(50'000'000, 'x')))), std::pair(1009, Errc::message_too_big));
}

}  // namespace
}  // namespace lavapp::websocket
