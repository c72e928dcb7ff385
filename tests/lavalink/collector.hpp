// Collector: a MessageSink that keeps what it is given.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "lavalink/message_decoder.hpp"

namespace lavapp::test {

using namespace lavalink;

using Message = std::variant<Ready, StatsUpdate, PlayerUpdate, TrackStart, TrackEnd, TrackFailed, TrackStuck,
                             VoiceClosed, UnknownMessage, Warning>;

struct Collector final : MessageSink {
  std::vector<Message> messages;
  std::vector<MessageKind> unwanted;

  bool wants(MessageKind kind) const noexcept override {
    for (const auto each : unwanted) {
      if (each == kind) return false;
    }
    return true;
  }
  void on(const Ready& m) override { messages.emplace_back(m); }
  void on(const StatsUpdate& m) override { messages.emplace_back(m); }
  void on(const PlayerUpdate& m) override { messages.emplace_back(m); }
  void on(const TrackStart& m) override { messages.emplace_back(m); }
  void on(const TrackEnd& m) override { messages.emplace_back(m); }
  void on(const TrackFailed& m) override { messages.emplace_back(m); }
  void on(const TrackStuck& m) override { messages.emplace_back(m); }
  void on(const VoiceClosed& m) override { messages.emplace_back(m); }
  void on(const UnknownMessage& m) override { messages.emplace_back(m); }
  void on(const Warning& m) override { messages.emplace_back(m); }

  /// The only message, as T. \throws std::runtime_error with what came instead.
  template <class T>
  const T& only() const {
    if (messages.size() != 1) throw std::runtime_error(std::to_string(messages.size()) + " messages");
    if (const auto* message = std::get_if<T>(&messages[0])) return *message;
    if (const auto* warning = std::get_if<Warning>(&messages[0])) throw std::runtime_error(warning->error.what());
    throw std::runtime_error("a message of kind " + std::to_string(messages[0].index()));
  }
};

/// Decodes one text with a decoder of its own.
inline Collector collect(std::string_view text) {
  MessageDecoder decoder;
  Collector out;
  decoder.decode(text, out);
  return out;
}

/// What decoding `text` warns of; "" if it does not.
inline std::string warning_of(std::string_view text) {
  const auto out = collect(text);
  if (out.messages.size() != 1) return std::to_string(out.messages.size()) + " messages";
  const auto* warning = std::get_if<Warning>(&out.messages[0]);
  return warning ? warning->error.message : "";
}

}  // namespace lavapp::test
