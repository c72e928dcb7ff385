#include "mixed_messages.hpp"

#include <algorithm>
#include <array>

namespace {

constexpr std::size_t kMemory = 48 * 1024;

}  // namespace

std::size_t MixedMessages::size() {
  const auto kind = below(1000);
  if (kind < 20) return 0;
  if (kind < 700) return 1 + below(300);
  if (kind < 950) return 300 + below(4'000);
  if (kind < 997) return 4'000 + below(60'000);
  return 128 * 1024 + below(200'000);
}

std::string MixedMessages::words(std::size_t size) {
  static constexpr std::array<const char*, 8> kWords{"{\"op\":\"", "playerUpdate", "\",\"guildId\":\"", "position", "\":",
                                                     "true",      "0123456789",   "},"};
  std::string text;
  while (text.size() < size) text += kWords[below(kWords.size())];
  text.resize(size);
  return text;
}

std::string MixedMessages::characters(std::size_t size) {
  static constexpr std::array<const char*, 6> kCharacters{"a", "Z", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8E\xB5", "\n"};
  std::string text;
  while (text.size() < size) text += kCharacters[below(kCharacters.size())];
  return text;  // not cut: it would end inside a character
}

std::string MixedMessages::bytes(std::size_t size) {
  std::string data(size, '\0');
  for (auto& byte : data) byte = static_cast<char>(random_());
  return data;
}

std::string MixedMessages::remembered(std::size_t size) {
  if (memory_.empty()) return bytes(size);
  std::string data;
  while (data.size() < size) {
    const auto begin = below(memory_.size());
    data += memory_.substr(begin, 1 + below(500));
    data += static_cast<char>(random_());
  }
  data.resize(size);
  return data;
}

MixedMessage MixedMessages::next() {
  MixedMessage message;
  const auto length = size();
  switch (below(6)) {
    case 0: message = {characters(length), false}; break;
    case 1: message = {bytes(length), true}; break;
    case 2: message = {std::string(length, static_cast<char>(random_())), true}; break;
    case 3: message = {remembered(length), true}; break;
    default: message = {words(length), below(4) == 0}; break;
  }
  memory_ += message.data.substr(0, 8 * 1024);
  if (memory_.size() > kMemory) memory_.erase(0, memory_.size() - kMemory);
  return message;
}
