#include "deflate_fuzz.hpp"

#include <algorithm>
#include <random>

#include "websocket/deflate.hpp"

namespace lavapp::test {
namespace {

using namespace std::string_literals;

std::string noise(std::size_t size) {
  std::mt19937 random(1);
  std::string text(size, '\0');
  for (auto& c : text) c = static_cast<char>(random());
  return text;
}

std::string words(std::size_t size) {
  std::mt19937 random(2);
  std::string text;
  while (text.size() < size) text += "word" + std::to_string(random() % 50) + " ";
  return text.substr(0, size);
}

/// As fuzz_inflate and fuzz_deflate read it.
std::string counted(const std::string& message) {
  return std::string{static_cast<char>(message.size() & 0xFF), static_cast<char>(message.size() >> 8)} + message;
}

std::string compressed(const std::vector<std::string>& messages, int window_bits, bool context_takeover, int level) {
  websocket::Deflater deflater({window_bits, context_takeover}, level, 8);
  std::string all;
  for (const auto& message : messages) {
    websocket::ByteBuffer out;
    deflater.compress(message, out);
    all += counted(std::string(out.view()));
  }
  return all;
}

}  // namespace

std::vector<std::string> inflate_seeds() {
  const std::vector<std::string> messages = {"Hello", "Hello", "", words(3'000), words(200)};
  const std::string by_hand[] = {
      // RFC 7692 7.2.3: one block, by reference, stored, final, two blocks, empty.
      counted("\xf2\x48\xcd\xc9\xc9\x07\x00"s) + counted("\xf2\x00\x11\x00\x00"s),
      counted("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s),
      counted("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s) + counted("\xf2\x00\x11\x00\x00"s),
      counted("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s),
      counted("\x00"s) + counted("\x00"s),
      // No message: nothing at all, a block of the kind that does not exist, too far back, lengths that do not fit.
      counted(""),
      counted("\x07"s),
      counted("\xf2\x00\x11\x00\x00"s),
      counted("\x00\x05\x00\xff\xff\x48"s),
      counted("\xf2\x48\xcd"s),
      counted("\xff\xff\xff\xff"s),
  };
  std::vector<std::string> seeds;
  for (const int options : {0x07, 0x0f, 0x08, 0x09, 0x1f, 0x2f, 0x3f}) {
    const std::string head{static_cast<char>(options), '\x02'};
    for (const auto& one : by_hand) seeds.push_back(head + one);
    const int window_bits = std::max(9, 8 + (options & 7));
    for (const int level : {1, 9}) seeds.push_back(head + compressed(messages, window_bits, (options & 8) != 0, level));
    seeds.push_back(head + compressed({std::string(60'000, '0')}, window_bits, true, 9));  // a bomb
    // What fills the room for it exactly.
    seeds.push_back(head + compressed({std::string(4'096, '0'), std::string(8'192, '0')}, window_bits, true, 9));
    seeds.push_back(head + compressed({noise(400), noise(400)}, window_bits, true, 6));
    seeds.push_back(head + compressed({noise(700) + noise(700)}, 15, true, 6));  // further back than a small window
  }
  return seeds;
}

std::vector<std::string> deflate_seeds() {
  const std::string once(1, '\0');
  const std::vector<std::string> bodies = {
      once + counted("Hello") + once + counted("Hello"),
      once + counted("") + once + counted(words(3'000)) + once + counted(""),
      "\x40" + counted(noise(600)),
      "\xff" + counted("0") + "\xff" + counted(words(300)),
      once + counted(noise(3'000)) + once + counted(noise(3'000)),
  };
  std::vector<std::string> seeds;
  for (const int window : {0x06, 0x0e, 0x00, 0x08}) {
    for (const int effort : {0, 5 + 7 * 9, 8 + 8 * 9}) {
      for (const auto& body : bodies) {
        seeds.push_back(std::string{static_cast<char>(window), static_cast<char>(effort), '\x02'} + body);
      }
    }
  }
  return seeds;
}

}  // namespace lavapp::test
