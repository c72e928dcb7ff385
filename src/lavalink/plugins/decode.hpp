// Decoding of what plugins and NodeLink answer; Lavalink's own answers: lavalink/decode.hpp. Each is where its requests are.
#pragma once

#include <string>
#include <vector>

#include "lavapp/core/named.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/plugins/java_timed_lyrics.hpp"
#include "lavapp/lavalink/plugins/lava_lyrics.hpp"
#include "lavapp/lavalink/plugins/lava_search.hpp"
#include "lavapp/lavalink/plugins/node_link.hpp"
#include "lavapp/lavalink/plugins/sponsorblock.hpp"

namespace lavapp::lavalink::plugins {

/// An empty body (status 204) is that there are none.
Result<Optional<Lyrics>> decode_lyrics(std::string body);
/// An empty body (status 204) is that nothing was found.
Result<SearchResults> decode_search_results(std::string body);
Result<TimedLyrics> decode_timed_lyrics(std::string body);
Result<std::vector<FoundVideo>> decode_found_videos(std::string body);
Result<std::vector<Named<SegmentCategory>>> decode_segment_categories(std::string body);
Result<NodeLinkLyrics> decode_node_link_lyrics(std::string body);
Result<std::vector<NodeLinkChapter>> decode_node_link_chapters(std::string body);

}  // namespace lavapp::lavalink::plugins
