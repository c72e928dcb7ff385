// MessageDecoder: the text of one WebSocket message in, one typed event out. https://lavalink.dev/api/websocket
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "lavapp/lavalink/event.hpp"

namespace lavapp::lavalink {

enum class MessageKind {
  ready,
  stats,
  player_update,
  track_start,
  track_end,
  track_exception,
  track_stuck,
  voice_closed,
  unknown,
};

/// Receives what a MessageDecoder has read. What it is given is the decoder's, and lasts as long as the call.
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  /// False: messages of this kind are not read beyond their op and type, and not handed on.
  virtual bool wants(MessageKind) const noexcept { return true; }
  virtual void on(const Ready& message) = 0;
  virtual void on(const StatsUpdate& message) = 0;
  virtual void on(const PlayerUpdate& message) = 0;
  virtual void on(const TrackStart& message) = 0;
  virtual void on(const TrackEnd& message) = 0;
  virtual void on(const TrackFailed& message) = 0;
  virtual void on(const TrackStuck& message) = 0;
  virtual void on(const VoiceClosed& message) = 0;
  virtual void on(const UnknownMessage& message) = 0;
  /// The message is no JSON object, or one of a known kind with a field missing or of the wrong type.
  virtual void on(const Warning& warning) = 0;
};

/// Reads messages one after the other; parser, buffer and events are made once and used again.
/// Not for two threads at a time, and not re-entrant: a sink must not call decode(), nor destroy the decoder.
class MessageDecoder {
 public:
  MessageDecoder();
  ~MessageDecoder();
  MessageDecoder(MessageDecoder&&) noexcept;
  MessageDecoder& operator=(MessageDecoder&&) noexcept;

  /// Calls exactly one sink.on(), or none if the sink does not want that kind. raw() of the message is `text`.
  void decode(std::string_view text, MessageSink& sink);
  /// The same without copying `text`, which has kPadding bytes behind it that may be read: as what a WebSocket hands on.
  void decode_in_place(std::string_view text, MessageSink& sink);
  static constexpr std::size_t kPadding = 64;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lavapp::lavalink
