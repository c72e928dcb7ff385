#include "lavapp/lavalink/plugins/lava_search.hpp"

#include "lavalink/decode_body.hpp"
#include "lavalink/playlist_data.hpp"
#include "lavalink/plugins/decode.hpp"
#include "lavalink/plugins/plugin.hpp"

namespace lavapp::json {

template <>
struct Spelling<lavalink::plugins::SearchType> {
  using E = lavalink::plugins::SearchType;
  static constexpr std::pair<std::string_view, E> list[] = {
      {"track", E::track}, {"album", E::album}, {"artist", E::artist}, {"playlist", E::playlist}, {"text", E::text},
  };
};

// https://github.com/topi314/LavaSearch#search-result-object ; each list is only promised if its type was asked for.
template <>
struct Table<lavalink::plugins::SearchText> {
  using T = lavalink::plugins::SearchText;
  static constexpr std::tuple fields{required("text", &T::text), optional("plugin", &T::plugin)};
};
template <>
struct Table<lavalink::plugins::SearchResults> {
  using T = lavalink::plugins::SearchResults;
  static constexpr std::tuple fields{optional("tracks", &T::tracks),       optional("albums", &T::albums),
                                     optional("artists", &T::artists),     optional("playlists", &T::playlists),
                                     optional("texts", &T::texts),         optional("plugin", &T::plugin)};
};

}  // namespace lavapp::json

namespace lavapp::lavalink::plugins {

Result<SearchResults> decode_search_results(std::string body) {
  if (body.empty()) return SearchResults{};
  return decode_with_raw<SearchResults>(body);
}

namespace {

Result<RawRequest> request(std::string query, const std::vector<SearchType>& types) {
  RawRequest request{"GET", "/v4/loadsearch", {{"query", std::move(query)}}, {}};
  std::string names;
  for (const auto type : types) {
    if (type == SearchType::unknown) return mistake(request, "types must not have unknown");
    names += (names.empty() ? "" : ",") + std::string(to_string(type));
  }
  if (!names.empty()) request.query.emplace_back("types", names);
  return request;
}

}  // namespace

std::string_view to_string(SearchType type) noexcept { return json::spelling_of(type); }

LavaSearch::LavaSearch(Node& node) : node_(NodeAccess::of(node)) {}

void LavaSearch::start_load_search(const ImplPtr& node, std::string query, std::vector<SearchType> types,
                                   CallOptions options, Handler<SearchResults> handler) {
  PluginCall<SearchResults> call{{Requirement::plugin, std::string(plugin)}, request(std::move(query), types),
                                 decode_search_results};
  call.deadline = &NodeOptions::load_timeout;
  start(node, std::move(call), std::move(options), std::move(handler));
}

}  // namespace lavapp::lavalink::plugins
