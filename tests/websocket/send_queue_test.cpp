#include "websocket/send_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/frames.hpp"
#include "websocket/frame_reader.hpp"

namespace lavapp::websocket {
namespace {

using namespace test;
using Push = SendQueue::Push;

/// So much of a message goes into one frame: with its header it makes one write.
constexpr std::size_t kFragment = 128 * 1024 - kMaxHeaderSize;

SendQueue server(SendQueue::Limits limits = {}) { return SendQueue(Role::server, limits); }

void wrote(SendQueue& queue) {
  std::vector<SendQueue::Sent> done;
  queue.written(done);
  for (auto& sent : done) sent({});
}

TEST(SendQueue, GathersWhatWaitsIntoOneWrite) {
  auto queue = server();
  EXPECT_EQ(queue.next(), "");
  queue.message(Opcode::text, "one");
  queue.message(Opcode::binary, "two");
  EXPECT_EQ(queue.next(), text_frame("one") + binary_frame("two"));
  wrote(queue);
  EXPECT_EQ(queue.next(), "");
}

TEST(SendQueue, WhatComesDuringAWriteWaitsForTheNext) {
  auto queue = server();
  queue.message(Opcode::text, "one");
  const auto first = queue.next();
  queue.message(Opcode::text, std::string(100'000, 'x'));
  EXPECT_EQ(first, text_frame("one"));
  wrote(queue);
  EXPECT_EQ(queue.next(), text_frame(std::string(100'000, 'x')));
}

TEST(SendQueue, ControlFramesOvertakeMessages) {
  auto queue = server();
  queue.message(Opcode::text, "data");
  queue.ping("ping");
  queue.pong("pong");
  EXPECT_EQ(queue.next(), pong_frame("pong") + ping_frame("ping") + text_frame("data"));
}

TEST(SendQueue, TheCloseFrameIsTheLast) {
  auto queue = server();
  queue.message(Opcode::text, "data");
  queue.close(1000, "bye");
  queue.pong("still in front");
  queue.close(1001, "twice is once");
  EXPECT_EQ(queue.message(Opcode::text, "late"), Push::closed);
  EXPECT_EQ(queue.ping("late"), Push::closed);
  EXPECT_EQ(queue.next(), text_frame("data") + close_frame(1000, "bye"));
  EXPECT_FALSE(queue.close_written());
  wrote(queue);
  EXPECT_TRUE(queue.close_written());
  EXPECT_EQ(queue.next(), "");
}

TEST(SendQueue, ACloseWithoutCodeIsEmpty) {
  auto queue = server();
  queue.close(close_code::no_status, {});
  EXPECT_EQ(queue.next(), frame(0x88, ""));
}

TEST(SendQueue, RefusesMoreBytesThanItsBound) {
  auto queue = server({10, 100});
  EXPECT_EQ(queue.message(Opcode::text, "12345678901"), Push::full);
  EXPECT_EQ(queue.message(Opcode::text, "1234567890"), Push::queued);
  EXPECT_EQ(queue.message(Opcode::text, "1"), Push::full);
  EXPECT_EQ(queue.buffered(), 10u);
  queue.next();
  EXPECT_EQ(queue.buffered(), 10u) << "not written yet";
  wrote(queue);
  EXPECT_EQ(queue.buffered(), 0u);
  EXPECT_EQ(queue.message(Opcode::text, "1"), Push::queued);
}

TEST(SendQueue, RefusesMoreMessagesThanItsBound) {
  auto queue = server({1000, 2});
  EXPECT_EQ(queue.message(Opcode::text, ""), Push::queued);
  EXPECT_EQ(queue.message(Opcode::text, ""), Push::queued);
  EXPECT_EQ(queue.message(Opcode::text, ""), Push::full);
  queue.next();
  wrote(queue);
  EXPECT_EQ(queue.message(Opcode::text, ""), Push::queued);
}

TEST(SendQueue, TellsEachMessageWhenItsLastByteIsWritten) {
  auto queue = server({10'000'000, 100});
  std::string told;
  const std::string large(200'000, 'x');
  queue.message(Opcode::text, "a", [&](Result<void> r) { told += r ? "a" : "!"; });
  queue.message(Opcode::text, large, [&](Result<void> r) { told += r ? "b" : "!"; });
  queue.message(Opcode::text, "c", [&](Result<void> r) { told += r ? "c" : "!"; });
  const auto first = large.substr(0, kFragment), second = large.substr(kFragment);
  EXPECT_EQ(queue.next(), text_frame("a") + frame(0x01, first)) << "one write is bounded";
  wrote(queue);
  EXPECT_EQ(told, "a");
  EXPECT_EQ(queue.buffered(), second.size() + 1);
  EXPECT_EQ(queue.next(), frame(0x80, second) + text_frame("c"));
  wrote(queue);
  EXPECT_EQ(told, "abc");
  EXPECT_EQ(queue.buffered(), 0u);
}

TEST(SendQueue, SendsLongMessagesInFragments) {
  auto queue = server({10'000'000, 1});
  const std::string text(3 * kFragment, 'x');
  EXPECT_EQ(queue.message(Opcode::binary, text), Push::queued);
  EXPECT_EQ(queue.message(Opcode::binary, "counts as one message"), Push::full);
  for (const unsigned first_byte : {0x02u, 0x00u, 0x80u}) {
    EXPECT_EQ(queue.next(), frame(first_byte, std::string(kFragment, 'x')));
    wrote(queue);
  }
  EXPECT_EQ(queue.next(), "");
  EXPECT_EQ(queue.message(Opcode::binary, "now there is room"), Push::queued);
}

// What makes several writes must not keep a Pong from the peer until all of it is through a slow link.
TEST(SendQueue, ControlFramesGoBetweenThePiecesOfABatch) {
  auto queue = server({10'000'000, 1'000});
  std::string told;
  const std::string large(300'000, 'x');
  queue.message(Opcode::text, large, [&](Result<void> r) { told += r ? "l" : "!"; });
  queue.message(Opcode::text, "small", [&](Result<void> r) { told += r ? "s" : "!"; });
  EXPECT_EQ(queue.next(), frame(0x01, large.substr(0, kFragment)));
  queue.pong("pong");
  queue.ping("ping");
  wrote(queue);
  EXPECT_EQ(queue.next(), pong_frame("pong") + ping_frame("ping"));
  queue.pong("another");
  wrote(queue);
  EXPECT_EQ(queue.next(), pong_frame("another"));
  wrote(queue);
  EXPECT_EQ(queue.next(), frame(0x00, large.substr(kFragment, kFragment)));
  wrote(queue);
  EXPECT_EQ(told, "");
  EXPECT_EQ(queue.next(), frame(0x80, large.substr(2 * kFragment)) + text_frame("small"));
  wrote(queue);
  EXPECT_EQ(told, "ls");
  EXPECT_EQ(queue.buffered(), 0u);
}

TEST(SendQueue, CompressesFromTheThresholdOn) {
  auto queue = server({10'000'000, 100});
  queue.compress(std::make_unique<Deflater>(DeflateParameters{}, 6, 8), 100);
  Deflater same({}, 6, 8);
  ByteBuffer expected;
  const std::string text(5'000, 'x');
  same.compress(text, expected);
  queue.message(Opcode::text, std::string(99, 'x'));
  queue.message(Opcode::text, text);
  EXPECT_EQ(queue.buffered(), 99 + expected.size());
  EXPECT_EQ(queue.next(), text_frame(std::string(99, 'x')) + frame(0xC1, expected.view()));
}

TEST(SendQueue, MarksOnlyTheFirstFragmentAsCompressed) {
  auto queue = server({10'000'000, 100});
  queue.compress(std::make_unique<Deflater>(DeflateParameters{}, 6, 8), 100);
  std::string noise(400'000, '\0');
  std::uint32_t state = 1;
  for (auto& c : noise) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  queue.message(Opcode::binary, noise);
  std::vector<int> first_bytes;
  for (auto piece = queue.next(); !piece.empty(); piece = queue.next()) {
    first_bytes.push_back(static_cast<unsigned char>(piece[0]));
    wrote(queue);
  }
  EXPECT_EQ(first_bytes, (std::vector<int>{0x42, 0x00, 0x00, 0x80}));
}

TEST(SendQueue, ManySmallMessagesAreCutBetweenFrames) {
  auto queue = server({10'000'000, 10'000});
  const auto each = text_frame(std::string(1'000, 'x'));
  for (int i = 0; i < 300; ++i) queue.message(Opcode::text, std::string(1'000, 'x'));
  std::string all;
  while (true) {
    const auto piece = queue.next();
    if (piece.empty()) break;
    EXPECT_EQ(piece.size() % each.size(), 0u);
    EXPECT_LE(piece.size(), 128u * 1024);
    all += piece;
    wrote(queue);
  }
  EXPECT_EQ(all.size(), 300 * each.size());
}

TEST(SendQueue, DroppingSparesWhatIsBeingWritten) {
  auto queue = server();
  std::string told;
  const auto tell = [&told](const char* name) { return [&told, name](Result<void> r) { told += r ? name : "!"; }; };
  queue.message(Opcode::text, "flying", tell("f"));
  const auto flying = queue.next();
  queue.message(Opcode::text, "waiting", tell("w"));
  for (auto& unsent : queue.drop_waiting()) unsent.sent(Error(Errc::closed));
  EXPECT_EQ(told, "!");
  queue.close(1002, {});
  EXPECT_EQ(flying, text_frame("flying"));
  EXPECT_EQ(queue.buffered(), 6u);
  wrote(queue);
  EXPECT_EQ(told, "!f");
  EXPECT_EQ(queue.next(), close_frame(1002));
}

TEST(SendQueue, DroppingAllTellsEverybody) {
  auto queue = server();
  int told = 0;
  queue.message(Opcode::text, "a", [&](Result<void> r) { told += !r; });
  queue.next();
  queue.message(Opcode::text, "b", [&](Result<void> r) { told += !r; });
  for (auto& unsent : queue.drop_all()) unsent.sent(Error(Errc::closed));
  EXPECT_EQ(told, 2);
  EXPECT_EQ(queue.buffered(), 0u);
  EXPECT_EQ(queue.message(Opcode::text, "late"), Push::closed);
}

TEST(SendQueue, AFloodOfPingsCannotFillIt) {
  auto queue = server();
  for (int i = 0; i < 100'000; ++i) queue.pong("the same payload");
  queue.pong("the last");
  const auto bytes = std::string(queue.next());
  EXPECT_LE(bytes.size(), 20u * 1024);
  EXPECT_EQ(bytes.substr(bytes.size() - 10), pong_frame("the last"));
  wrote(queue);
  auto pushed = Push::queued;
  for (int i = 0; i < 100'000 && pushed == Push::queued; ++i) pushed = queue.ping("p");
  EXPECT_EQ(pushed, Push::full);
}

TEST(SendQueue, AClientMasksEachFrameWithAKeyOfItsOwn) {
  SendQueue queue(Role::client, {});
  for (int i = 0; i < 200; ++i) queue.message(Opcode::text, "the same text");
  const std::string bytes(queue.next());
  ASSERT_EQ(bytes.size(), 200 * (6 + 13u));
  std::vector<std::string> keys;
  for (std::size_t at = 0; at < bytes.size(); at += 19) keys.push_back(bytes.substr(at + 2, 4));
  std::sort(keys.begin(), keys.end());
  EXPECT_GT(std::unique(keys.begin(), keys.end()) - keys.begin(), 195);
  EXPECT_EQ(bytes.find("same"), std::string::npos);
}

TEST(SendQueue, KeptMessagesCanBeHadAgainAsTheyWereGiven) {
  SendQueue::Limits limits;
  limits.keep = true;
  SendQueue queue(Role::client, limits);
  queue.compress(std::make_unique<Deflater>(DeflateParameters{}, 6, 8), 0);
  const std::string large(300 * 1024, 'x');
  std::vector<SendQueue::Sent> done;
  ASSERT_EQ(queue.message(Opcode::text, "written"), SendQueue::Push::queued);
  ASSERT_FALSE(queue.next().empty());
  queue.written(done);
  ASSERT_EQ(queue.message(Opcode::binary, large), SendQueue::Push::queued);
  ASSERT_EQ(queue.message(Opcode::text, "under way"), SendQueue::Push::queued);
  ASSERT_FALSE(queue.next().empty());
  ASSERT_EQ(queue.message(Opcode::text, "waiting"), SendQueue::Push::queued);
  const auto unsent = queue.drop_all();
  ASSERT_EQ(unsent.size(), 3u);
  EXPECT_EQ(unsent[0].opcode, Opcode::binary);
  EXPECT_TRUE(unsent[0].payload == large);
  EXPECT_EQ(unsent[1].payload, "under way");
  EXPECT_EQ(unsent[2].payload, "waiting");
}

}  // namespace
}  // namespace lavapp::websocket
