#include "lavapp/lavalink/plugins/sponsorblock.hpp"

#include "lavalink/patch_player.hpp"
#include "lavalink/plugins/decode.hpp"
#include "lavalink/plugins/plugin_events.hpp"

namespace lavapp::json {
namespace {

/// The plugin's README has a text where its code sends a number.
bool read_duration(sj::value& value, std::chrono::milliseconds& out, Fault& fault) {
  sj::json_type type;
  if (const auto error = value.type().get(type)) return fault.broken(error);
  if (type != sj::json_type::string) return read(value, out, fault);
  std::int64_t count = 0;
  if (value.get_int64_in_string().get(count)) return fault.what = "must be an integer", false;
  out = std::chrono::milliseconds(count);
  return true;
}

}  // namespace

template <>
struct Spelling<lavalink::plugins::SegmentCategory> {
  using E = lavalink::plugins::SegmentCategory;
  static constexpr std::pair<std::string_view, E> list[] = {
      {"sponsor", E::sponsor},
      {"selfpromo", E::self_promo},
      {"interaction", E::interaction},
      {"intro", E::intro},
      {"outro", E::outro},
      {"preview", E::preview},
      {"music_offtopic", E::music_offtopic},
      {"filler", E::filler},
  };
};

template <>
struct Table<lavalink::plugins::Segment> {
  using T = lavalink::plugins::Segment;
  static constexpr std::tuple fields{required("category", &T::category), required("start", &T::start),
                                     required("end", &T::end)};
};
template <>
struct Table<lavalink::plugins::Chapter> {
  using T = lavalink::plugins::Chapter;
  static constexpr std::tuple fields{required("name", &T::name), required("start", &T::start), required("end", &T::end),
                                     required("duration", &T::duration, read_duration)};
};

template <>
struct Table<lavalink::plugins::SegmentsLoaded> {
  using T = lavalink::plugins::SegmentsLoaded;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("segments", &T::segments)};
};
template <>
struct Table<lavalink::plugins::SegmentSkipped> {
  using T = lavalink::plugins::SegmentSkipped;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("segment", &T::segment)};
};
template <>
struct Table<lavalink::plugins::ChaptersLoaded> {
  using T = lavalink::plugins::ChaptersLoaded;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("chapters", &T::chapters)};
};
template <>
struct Table<lavalink::plugins::ChapterStarted> {
  using T = lavalink::plugins::ChapterStarted;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("chapter", &T::chapter)};
};

}  // namespace lavapp::json

namespace lavapp::lavalink::plugins {

Result<std::vector<Named<SegmentCategory>>> decode_segment_categories(std::string body) {
  return decode_array<Named<SegmentCategory>>(body);
}

namespace {

using Categories = std::vector<Named<SegmentCategory>>;

bool tell(const UnknownMessage& message, PluginEvents& events) {
  return events.tell(message, "SegmentsLoaded", SponsorBlock::segments_loaded, "SponsorBlock::segments_loaded") ||
         events.tell(message, "SegmentSkipped", SponsorBlock::segment_skipped, "SponsorBlock::segment_skipped") ||
         events.tell(message, "ChaptersLoaded", SponsorBlock::chapters_loaded, "SponsorBlock::chapters_loaded") ||
         events.tell(message, "ChapterStarted", SponsorBlock::chapter_started, "SponsorBlock::chapter_started");
}

Requirement the_plugin() { return {Requirement::plugin, std::string(SponsorBlock::plugin)}; }

std::string path(Snowflake guild_id) { return player_path(guild_id) + "/sponsorblock/categories"; }

Result<RawRequest> put(Snowflake guild_id, const std::vector<SegmentCategory>& categories) {
  RawRequest request{"PUT", path(guild_id), {}, {}};
  std::string body;
  for (const auto category : categories) {
    if (category == SegmentCategory::unknown) return mistake(request, "categories must not have unknown");
    body += std::string(body.empty() ? "\"" : ",\"") + std::string(to_string(category)) + "\"";
  }
  request.body = JsonText("[" + body + "]");
  return request;
}

}  // namespace

std::string_view to_string(SegmentCategory category) noexcept { return json::spelling_of(category); }

SponsorBlock::SponsorBlock(Node& node) : SponsorBlock(PluginEvents::listen(node, tell)) {}

SponsorBlock::SponsorBlock(ImplPtr impl) : EventEmitter(impl->emitter()), impl_(std::move(impl)) {}

SponsorBlock& SponsorBlock::operator=(SponsorBlock&& other) noexcept {
  if (this == &other) return *this;
  if (impl_) impl_->destroy();
  EventEmitter::operator=(std::move(other));
  impl_ = std::move(other.impl_);
  return *this;
}

SponsorBlock::~SponsorBlock() {
  if (impl_) impl_->destroy();
}

void SponsorBlock::start_fetch_categories(const ImplPtr& impl, Snowflake guild_id, CallOptions options,
                                          Handler<Categories> handler) {
  PluginCall<Categories> call{the_plugin(), RawRequest{"GET", path(guild_id), {}, {}}, decode_segment_categories};
  call.lane = player_lane(guild_id);
  start(impl->node(), std::move(call), std::move(options), std::move(handler));
}

void SponsorBlock::start_set_categories(const ImplPtr& impl, Snowflake guild_id, std::vector<SegmentCategory> categories,
                                        CallOptions options, Handler<void> handler) {
  PluginCall<void> call{the_plugin(), put(guild_id, categories), decode_nothing, RestBody::none};
  call.lane = player_lane(guild_id);
  start(impl->node(), std::move(call), std::move(options), std::move(handler));
}

void SponsorBlock::start_clear_categories(const ImplPtr& impl, Snowflake guild_id, CallOptions options,
                                          Handler<void> handler) {
  PluginCall<void> call{the_plugin(), RawRequest{"DELETE", path(guild_id), {}, {}}, decode_nothing, RestBody::none};
  call.lane = player_lane(guild_id);
  start(impl->node(), std::move(call), std::move(options), std::move(handler));
}

}  // namespace lavapp::lavalink::plugins
