// Loading tracks: one load, and a search that makes several.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/completion.hpp"
#include "lavapp/lavalink/search.hpp"

namespace lavapp::lavalink {

class NodeImpl;

/// Node::load_tracks
void load_tracks(NodeImpl& node, std::string identifier, CallOptions options, Handler<LoadResult> handler);
/// Node::search
void search(NodeImpl& node, std::string_view query, const std::vector<SearchSource>& sources, CallOptions options,
            Handler<SearchAnswer> handler);

}  // namespace lavapp::lavalink
