// JavaTimedLyrics: lyrics with times from YouTube, or without from Genius. Two plugins speak this protocol:
// https://github.com/DuncteBot/java-timed-lyrics and its elder, https://github.com/DRSchlaubi/lyrics.kt
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/named.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/lavalink/node.hpp"

namespace lavapp::lavalink::plugins {

enum class TimedLyricsType { timed, text, unknown };
/// As the wire spells it; "unknown" where it does not.
std::string_view to_string(TimedLyricsType type) noexcept;

struct TimedLyrics {
  struct AlbumArt {
    std::string url = {};
    int height = 0, width = 0;  ///< pixels
  };
  struct Track {
    std::string title = {}, author = {};
    Optional<std::string> album = {};
    std::vector<AlbumArt> album_art = {};
  };
  /// When a line is sung, by positions in the track.
  struct Range {
    std::chrono::milliseconds start{0}, end{0};
  };
  struct Line {
    std::string line = {};
    Optional<Range> range = {};
  };

  Named<TimedLyricsType> type = {};
  Track track = {};
  /// Who has them: "LyricFind".
  std::string source = {};
  /// Of type `text`.
  Optional<std::string> text = {};
  /// Of type `timed`.
  std::vector<Line> lines = {};
  /// The answer's body as it came.
  std::string raw = {};
};

/// A video that fetch() may have lyrics of.
struct FoundVideo {
  std::string video_id = {}, title = {};
};

/// The plugin on one node; a light handle, copies are the same.
/// Operations: as Node's, with their errors; status 404 if there are no lyrics, in the server's words if it has any; and
/// `unsupported` before anything is sent if the node does not have the plugin. It may outlive its node: then they
/// complete with `closed`. Their deadline is `load_timeout`.
class JavaTimedLyrics {
 public:
  /// What `GET /v4/info` calls it, and its elder.
  static constexpr std::string_view plugin = "java-lyrics-plugin";
  static constexpr std::string_view elder = "lyrics";

  explicit JavaTimedLyrics(Node& node);

  /// `GET /v4/lyrics/{videoId}`: of a YouTube video.
  template <class Token>
  auto fetch(std::string video_id, Token&& token, CallOptions options = {}) {
    return initiate_with<TimedLyrics>(std::forward<Token>(token), &JavaTimedLyrics::start_fetch, node_,
                                      std::move(video_id), std::move(options));
  }
  /// `GET /v4/sessions/{sessionId}/players/{guildId}/lyrics`: of what plays now; status 400 if nothing does.
  template <class Token>
  auto fetch_current(Snowflake guild_id, Token&& token, CallOptions options = {}) {
    return initiate_with<TimedLyrics>(std::forward<Token>(token), &JavaTimedLyrics::start_fetch_current, node_, guild_id,
                                      std::move(options));
  }
  /// `GET /v4/lyrics/search?query=`: YouTube's videos. The elder has another route: use Node::request there.
  template <class Token>
  auto search(std::string query, Token&& token, CallOptions options = {}) {
    return initiate_with<std::vector<FoundVideo>>(std::forward<Token>(token), &JavaTimedLyrics::start_search, node_,
                                                  std::move(query), std::move(options));
  }
  /// `GET /v4/lyrics/search?query=&source=genius`: the text of the first song that Genius finds. Not with the elder. A
  /// node without a Genius API key answers with status 500.
  template <class Token>
  auto search_genius(std::string query, Token&& token, CallOptions options = {}) {
    return initiate_with<TimedLyrics>(std::forward<Token>(token), &JavaTimedLyrics::start_search_genius, node_,
                                      std::move(query), std::move(options));
  }

 private:
  using ImplPtr = std::shared_ptr<NodeImpl>;
  static void start_fetch(const ImplPtr&, std::string, CallOptions, Handler<TimedLyrics>);
  static void start_fetch_current(const ImplPtr&, Snowflake, CallOptions, Handler<TimedLyrics>);
  static void start_search(const ImplPtr&, std::string, CallOptions, Handler<std::vector<FoundVideo>>);
  static void start_search_genius(const ImplPtr&, std::string, CallOptions, Handler<TimedLyrics>);

  ImplPtr node_;
};

}  // namespace lavapp::lavalink::plugins
