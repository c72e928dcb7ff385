#include "message_fuzz.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "lavalink/message_decoder.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;

/// Writes down all of a message that is not text of its own.
struct Transcript final : MessageSink {
  std::string_view text;
  std::string line;
  int count = 0;
  bool warned = false;

  void note(char kind, const NodeMessage& message, const std::string& what) {
    if (message.raw().data() != text.data() || message.raw().size() != text.size()) std::abort();
    ++count;
    line = kind + what;
  }
  static void check_json(const JsonText& json) {
    // nlohmann refuses half a surrogate pair, which RFC 8259 leaves open.
    if (!json.empty() && json.text.find("\\u") == std::string::npos && !nlohmann::json::accept(json.text)) std::abort();
  }
  static std::string print(const Track& track) {
    check_json(track.user_data);
    check_json(track.plugin_info);
    const auto& info = track.info;
    return track.encoded + info.identifier + info.author + info.title + info.source_name + info.uri.value_or("-") +
           info.artwork_url.value_or("-") + info.isrc.value_or("-") + std::to_string(info.length.count()) +
           std::to_string(info.position.count()) + track.user_data.text + track.plugin_info.text;
  }

  void on(const Ready& m) override { note('r', m, m.session_id); }
  void on(const StatsUpdate& m) override { note('s', m, m.stats.frame_stats ? "frames" : ""); }
  void on(const PlayerUpdate& m) override { note('p', m, m.guild_id.to_string()); }
  void on(const TrackStart& m) override { note('b', m, print(m.track)); }
  void on(const TrackEnd& m) override { note('e', m, print(m.track) + m.reason.text); }
  void on(const TrackFailed& m) override {
    note('f', m,
         print(m.track) + m.exception.message.value_or("-") + m.exception.cause +
             m.exception.cause_stack_trace.value_or("-") + m.exception.severity.text);
  }
  void on(const TrackStuck& m) override { note('k', m, print(m.track)); }
  void on(const VoiceClosed& m) override { note('v', m, std::to_string(m.code) + m.reason); }
  void on(const UnknownMessage& m) override { note('u', m, m.op + m.type); }
  void on(const Warning& m) override {
    warned = true;
    if (m.error.message.empty()) std::abort();
    note('w', m, m.error.message);
  }
};

Transcript run(MessageDecoder& decoder, std::string_view text) {
  Transcript out;
  out.text = text;
  decoder.decode(text, out);
  if (out.count != 1) std::abort();
  return out;
}

/// What is behind the text must not matter.
Transcript run_in_place(MessageDecoder& decoder, std::string_view text) {
  const std::unique_ptr<char[]> bytes(new char[text.size() + MessageDecoder::kPadding]);
  std::memcpy(bytes.get(), text.data(), text.size());
  std::memset(bytes.get() + text.size(), '"', MessageDecoder::kPadding);
  Transcript out;
  out.text = {bytes.get(), text.size()};
  decoder.decode_in_place(out.text, out);
  if (out.count != 1) std::abort();
  return out;
}

}  // namespace

void fuzz_message(std::string_view text) {
  static MessageDecoder used;
  MessageDecoder fresh;
  const auto out = run(fresh, text);
  if (run(used, text).line != out.line || run_in_place(used, text).line != out.line) std::abort();
  const bool surrogates = text.find("\\u") != text.npos;
  if (!out.warned && !surrogates && !nlohmann::json::accept(text)) std::abort();
}

}  // namespace lavapp::test
