#include "websocket/deflate.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace lavapp::websocket {
namespace {

using namespace std::string_literals;

constexpr std::size_t kLimit = 16 * 1024 * 1024;

std::string compressed(Deflater& deflater, std::string_view text) {
  ByteBuffer out;
  deflater.compress(text, out);
  return std::string(out.view());
}

/// The message in `payload`, fed `step` bytes at a time; nothing if it is refused.
std::optional<std::string> inflated(Inflater& inflater, std::string_view payload, std::size_t step = SIZE_MAX) {
  ByteBuffer out;
  while (!payload.empty()) {
    const auto piece = payload.substr(0, step);
    if (inflater.feed(piece, out, kLimit) != Inflater::Outcome::ok) return {};
    payload.remove_prefix(piece.size());
  }
  if (inflater.finish(out, kLimit) != Inflater::Outcome::ok) return {};
  return std::string(out.view());
}

std::string words(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) text += "word" + std::to_string(random() % 50) + " ";
  text.resize(size);
  return text;
}

std::string noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (auto& c : text) c = static_cast<char>(random());
  return text;
}

}  // namespace

// The examples of RFC 7692 7.2.3, byte by byte.
TEST(Inflater, ReadsTheExamplesOfRfc7692) {
  Inflater one({15, true});
  EXPECT_EQ(inflated(one, "\xf2\x48\xcd\xc9\xc9\x07\x00"s), "Hello");         // 7.2.3.1
  EXPECT_EQ(inflated(one, "\xf2\x00\x11\x00\x00"s), "Hello");                 // 7.2.3.2: by reference to the one before
  Inflater stored({15, true});
  EXPECT_EQ(inflated(stored, "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s), "Hello");  // 7.2.3.3
  Inflater final({15, true});
  EXPECT_EQ(inflated(final, "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s), "Hello");   // 7.2.3.4: BFINAL
  EXPECT_EQ(inflated(final, "\xf2\x00\x11\x00\x00"s), "Hello") << "the window was lost with the final block";
  Inflater two({15, true});
  EXPECT_EQ(inflated(two, "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s), "Hello");  // 7.2.3.5: two blocks
  Inflater empty({15, true});
  EXPECT_EQ(inflated(empty, "\x00"s), "");  // 7.2.3.6
}

TEST(Inflater, TakesPayloadsInPiecesOfAnySize) {
  Deflater deflater({15, true}, 6, 8);
  const auto text = words(100'000, 1);
  const auto payload = compressed(deflater, text);
  for (const std::size_t step : {1u, 2u, 3u, 7u, 1024u}) {
    Inflater inflater({15, true});
    EXPECT_EQ(inflated(inflater, payload, step), text) << "in pieces of " << step;
  }
}

TEST(Inflater, RefusesWhatIsNoDeflate) {
  for (const auto& garbage : {"\xff\xff\xff\xff"s, "\x07"s, "Hello, this is no DEFLATE data"s}) {
    Inflater inflater({15, true});
    EXPECT_FALSE(inflated(inflater, garbage));
  }
}

TEST(Inflater, RefusesAMessageCutShort) {
  Deflater deflater({15, true}, 6, 8);
  const auto payload = compressed(deflater, words(1'000, 2));
  for (std::size_t size = 1; size < payload.size() - 1; ++size) {
    Inflater inflater({15, true});
    const auto text = inflated(inflater, std::string_view(payload).substr(0, size));
    EXPECT_FALSE(text && *text == words(1'000, 2)) << "cut after " << size;
  }
}

TEST(Inflater, StopsABombAtTheLimit) {
  Deflater deflater({15, true}, 9, 8);
  const auto payload = compressed(deflater, std::string(10'000'000, '\0'));
  ASSERT_LT(payload.size(), 20'000u);
  Inflater inflater({15, true});
  ByteBuffer out;
  EXPECT_EQ(inflater.feed(payload, out, 100'000), Inflater::Outcome::too_big);
  EXPECT_LE(out.capacity(), 400'000u);
}

TEST(Inflater, AllowsExactlyTheLimit) {
  Deflater deflater({15, false}, 6, 8);
  for (const std::size_t size : {1u, 4'096u, 65'536u}) {
    const auto payload = compressed(deflater, std::string(size, 'x'));
    Inflater fits({15, false}), exceeds({15, false});
    ByteBuffer out, less;
    EXPECT_EQ(fits.feed(payload, out, size), Inflater::Outcome::ok);
    EXPECT_EQ(fits.finish(out, size), Inflater::Outcome::ok);
    EXPECT_EQ(out.size(), size);
    auto outcome = exceeds.feed(payload, less, size - 1);
    if (outcome == Inflater::Outcome::ok) outcome = exceeds.finish(less, size - 1);
    EXPECT_EQ(outcome, Inflater::Outcome::too_big);
  }
}

TEST(Inflater, SeesNoContextWhereNoneWasAgreedUpon) {
  Inflater inflater({15, false});
  EXPECT_EQ(inflated(inflater, "\xf2\x48\xcd\xc9\xc9\x07\x00"s), "Hello");
  EXPECT_FALSE(inflated(inflater, "\xf2\x00\x11\x00\x00"s)) << "it refers to a message before";
}

// Many blocks with BFINAL set must not cost more than their bytes: each is two bytes.
TEST(Inflater, TakesManyFinalBlocks) {
  std::string payload;
  for (int i = 0; i < 200'000; ++i) payload += "\x03\x00"s;
  Inflater inflater({15, true});
  EXPECT_EQ(inflated(inflater, payload + "\x00"s), "");
}

TEST(Deflater, WritesTheEmptyMessageAsOneByte) {
  Deflater deflater({15, true}, 6, 8);
  EXPECT_EQ(compressed(deflater, ""), "\x00"s);
}

TEST(Deflater, RefersToMessagesBefore) {
  Deflater deflater({15, true}, 6, 8);
  const auto text = noise(1'000, 3);
  const auto first = compressed(deflater, text), second = compressed(deflater, text);
  EXPECT_GT(first.size(), 1'000u);
  EXPECT_LT(second.size(), 100u);
}

TEST(Deflater, RefersToNothingWithoutContextTakeover) {
  Deflater deflater({15, false}, 6, 8);
  const auto text = words(1'000, 4);
  EXPECT_EQ(compressed(deflater, text), compressed(deflater, text));
}

// Mixed kinds and sizes, windows and takeovers, in sequence through one pair.
TEST(Deflate, BringsEveryMessageBack) {
  for (const int bits : {9, 10, 12, 15}) {
    for (const bool takeover : {true, false}) {
      Deflater deflater({bits, takeover}, 6, 8);
      Inflater inflater({bits, takeover});
      std::mt19937 random(static_cast<unsigned>(bits));
      for (int i = 0; i < 300; ++i) {
        const auto size = random() % 10 == 0 ? random() % 200'000 : random() % 2'000;
        const auto seed = static_cast<unsigned>(random());
        const auto text = seed % 2 == 0 ? words(size, seed) : noise(size, seed);
        const auto back = inflated(inflater, compressed(deflater, text), 1 + random() % 5'000);
        ASSERT_TRUE(back) << bits << " bits, message " << i;
        ASSERT_EQ(*back, text) << bits << " bits, message " << i;
      }
    }
  }
}

}  // namespace lavapp::websocket
