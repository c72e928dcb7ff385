// MixedMessages: an endless row of messages of all kinds and sizes, the same for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

struct MixedMessage {
  std::string data;
  bool binary = false;
  friend bool operator==(const MixedMessage& a, const MixedMessage& b) { return a.binary == b.binary && a.data == b.data; }
};

/// Most are small, some are empty, one in a few hundred is longer than a frame of ours. Texts of few words, of letters and
/// of characters of one to four bytes; bytes at random, of one value, and bits of earlier messages, which windows remember.
class MixedMessages {
 public:
  explicit MixedMessages(std::uint64_t seed) : random_(seed) {}
  MixedMessage next();

 private:
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
  std::size_t size();
  std::string words(std::size_t size);
  std::string characters(std::size_t size);
  std::string bytes(std::size_t size);
  std::string remembered(std::size_t size);

  std::mt19937_64 random_;
  std::string memory_;  ///< The end of what was sent.
};
