// NodeLink: what that server adds to Lavalink v4's protocol. https://nodelink.js.org/docs/api/rest
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
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/node.hpp"

namespace lavapp::lavalink::plugins {

enum class NodeLinkLyricsType { lyrics, empty, error, unknown };
/// As the wire spells it; "unknown" where it does not.
std::string_view to_string(NodeLinkLyricsType type) noexcept;

/// Lyrics of a track, or why there are none.
struct NodeLinkLyrics {
  struct Line {
    std::string text = {};
    /// When it is sung; absent in lyrics that are not synced.
    Optional<std::chrono::milliseconds> time = {}, duration = {};
  };

  Named<NodeLinkLyricsType> load_type = {};
  /// Of type `lyrics`.
  bool synced = false;
  Optional<std::string> language = {}, source = {}, provider = {};
  std::vector<Line> lines = {};
  /// Of type `error`.
  Optional<TrackException> exception = {};
  /// The answer's body as it came.
  std::string raw = {};
};

struct NodeLinkChapter {
  std::string title = {};
  std::chrono::milliseconds start_time{0}, end_time{0}, duration{0};
};

/// A node that is NodeLink (Info::is_node_link), version 3; a light handle, copies are the same.
/// Operations: as Node's, with their errors, and `unsupported` before anything is sent if the node is not NodeLink. It may
/// outlive its node: then they complete with `closed`. Their deadline is `load_timeout`.
/// Its other routes (mixer, groups, its own SponsorBlock) go through Node::request.
class NodeLink {
 public:
  explicit NodeLink(Node& node);

  /// `GET /v4/loadlyrics`. \param language  as in "en"; empty: the source's own
  template <class Token>
  auto load_lyrics(std::string encoded, std::string language, Token&& token, CallOptions options = {}) {
    return initiate_with<NodeLinkLyrics>(std::forward<Token>(token), &NodeLink::start_load_lyrics, node_,
                                         std::move(encoded), std::move(language), std::move(options));
  }
  /// `GET /v4/loadchapters`: of a YouTube video; empty if it has none.
  template <class Token>
  auto load_chapters(std::string encoded, Token&& token, CallOptions options = {}) {
    return initiate_with<std::vector<NodeLinkChapter>>(std::forward<Token>(token), &NodeLink::start_load_chapters, node_,
                                                       std::move(encoded), std::move(options));
  }

 private:
  using ImplPtr = std::shared_ptr<NodeImpl>;
  static void start_load_lyrics(const ImplPtr&, std::string, std::string, CallOptions, Handler<NodeLinkLyrics>);
  static void start_load_chapters(const ImplPtr&, std::string, CallOptions, Handler<std::vector<NodeLinkChapter>>);

  ImplPtr node_;
};

}  // namespace lavapp::lavalink::plugins
