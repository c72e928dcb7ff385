// LavaLyrics: lyrics of tracks, whole or line by line as they are sung. https://github.com/topi314/LavaLyrics
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/json_text.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/node.hpp"

namespace lavapp::lavalink::plugins {

class PluginEvents;  // src/lavalink/plugins/plugin_events.hpp

/// https://github.com/topi314/LavaLyrics#lyrics-object
struct Lyrics {
  /// https://github.com/topi314/LavaLyrics#lyrics-line
  struct Line {
    /// When it is sung; -1 ms if that is not known (NodeLink only).
    std::chrono::milliseconds timestamp{-1};
    Optional<std::chrono::milliseconds> duration = {};
    std::string line = {};
    JsonText plugin = {};  ///< what other plugins add
  };

  /// Where the lyrics were fetched from ("spotify"), and where that has them from ("MusixMatch").
  std::string source_name = {};
  Optional<std::string> provider = {};
  /// Some sources have the text, some the lines, some both.
  Optional<std::string> text = {};
  std::vector<Line> lines = {};
  JsonText plugin = {};  ///< what other plugins add
  /// The answer's body as it came; empty in events, which have their own raw().
  std::string raw = {};
};

/// https://github.com/topi314/LavaLyrics#event-types
struct LyricsFound : NodeMessage {
  Snowflake guild_id = {};
  Lyrics lyrics = {};
};
struct LyricsNotFound : NodeMessage {
  Snowflake guild_id = {};
};
struct LyricsLine : NodeMessage {
  Snowflake guild_id = {};
  /// Of the `lines` that LyricsFound told.
  int line_index = 0;
  Lyrics::Line line = {};
  /// The player was moved past it.
  bool skipped = false;
};

/// Where lyrics are looked for.
enum class LyricsFrom {
  track_source,  ///< where the track comes from, then the others
  others,        ///< the docs' `skipTrackSource`: the others alone, in the order of the node's configuration
};

/// The plugin on one node: operations, and the events of players that subscribed.
/// Operations: as Node's, with their errors, and `unsupported` before anything is sent if the node does not have the
/// plugin. Subscriptions work with NodeLink, too; for lyrics see plugins::NodeLink there.
/// Events: for players that subscribed, where the node's events of that guild run
/// (NodeOptions::guild_lanes). One that cannot be read is the node's `warning`.
/// Threading: every member may be called from any thread, inside listeners too.
/// Lifetime: it may outlive its node: then operations complete with `closed`. No listener starts after the destructor has
/// returned; one that runs on another thread may still finish.
class LavaLyrics : public EventEmitter<LavaLyrics> {
 public:
  static constexpr Event<LavaLyrics, 0, LyricsFound> lyrics_found{};
  static constexpr Event<LavaLyrics, 1, LyricsNotFound> lyrics_not_found{};
  static constexpr Event<LavaLyrics, 2, LyricsLine> lyrics_line{};

  /// What `GET /v4/info` calls it.
  static constexpr std::string_view plugin = "lavalyrics-plugin";

  explicit LavaLyrics(Node& node);
  LavaLyrics(LavaLyrics&&) noexcept = default;
  LavaLyrics& operator=(LavaLyrics&&) noexcept;
  ~LavaLyrics();

  /// `GET /v4/lyrics`: nothing if there are none. A track's text that is longer than a request's head may be gives
  /// `invalid_argument`; fetch_current() has no such limit. Deadline `load_timeout`.
  template <class Token>
  auto fetch(std::string encoded, LyricsFrom from, Token&& token, CallOptions options = {}) {
    return initiate_with<Optional<Lyrics>>(std::forward<Token>(token), &LavaLyrics::start_fetch, impl_,
                                           std::move(encoded), from, std::move(options));
  }
  /// `GET /v4/sessions/{sessionId}/players/{guildId}/track/lyrics`: of what plays now; nothing if there are none. Status
  /// 404 if nothing plays, or there is no such player. Deadline `load_timeout`.
  template <class Token>
  auto fetch_current(Snowflake guild_id, LyricsFrom from, Token&& token, CallOptions options = {}) {
    return initiate_with<Optional<Lyrics>>(std::forward<Token>(token), &LavaLyrics::start_fetch_current, impl_,
                                           guild_id, from, std::move(options));
  }
  /// `POST /v4/sessions/{sessionId}/players/{guildId}/lyrics/subscribe`: events for this track and those that follow. The
  /// plugin forgets it when the WebSocket is opened again, even if the session is resumed: subscribe at each `ready`.
  /// Deadline `load_timeout`: the plugin loads the lyrics before it answers.
  template <class Token>
  auto subscribe(Snowflake guild_id, LyricsFrom from, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &LavaLyrics::start_subscribe, impl_, guild_id, from,
                               std::move(options));
  }
  /// `DELETE /v4/sessions/{sessionId}/players/{guildId}/lyrics/subscribe`; lines of the present track may still come.
  template <class Token>
  auto unsubscribe(Snowflake guild_id, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &LavaLyrics::start_unsubscribe, impl_, guild_id,
                               std::move(options));
  }

 private:
  using ImplPtr = std::shared_ptr<PluginEvents>;
  explicit LavaLyrics(ImplPtr impl);
  static void start_fetch(const ImplPtr&, std::string, LyricsFrom, CallOptions, Handler<Optional<Lyrics>>);
  static void start_fetch_current(const ImplPtr&, Snowflake, LyricsFrom, CallOptions, Handler<Optional<Lyrics>>);
  static void start_subscribe(const ImplPtr&, Snowflake, LyricsFrom, CallOptions, Handler<void>);
  static void start_unsubscribe(const ImplPtr&, Snowflake, CallOptions, Handler<void>);

  ImplPtr impl_;
};

}  // namespace lavapp::lavalink::plugins
