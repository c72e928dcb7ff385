// SponsorBlock: skips segments of YouTube videos, and tells of their chapters.
// https://github.com/topi314/Sponsorblock-Plugin
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/named.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/node.hpp"

namespace lavapp::lavalink::plugins {

class PluginEvents;  // src/lavalink/plugins/plugin_events.hpp

/// https://wiki.sponsor.ajay.app/w/Segment_Categories
enum class SegmentCategory { sponsor, self_promo, interaction, intro, outro, preview, music_offtopic, filler, unknown };
/// As the wire spells it; "unknown" for that.
std::string_view to_string(SegmentCategory category) noexcept;

/// A part of the track, by its positions.
struct Segment {
  Named<SegmentCategory> category = {};
  std::chrono::milliseconds start{0}, end{0};
};
struct Chapter {
  std::string name = {};
  std::chrono::milliseconds start{0}, end{0}, duration{0};
};

/// A track started, and has segments of the player's categories; it will be moved past them.
struct SegmentsLoaded : NodeMessage {
  Snowflake guild_id = {};
  std::vector<Segment> segments = {};
};
struct SegmentSkipped : NodeMessage {
  Snowflake guild_id = {};
  Segment segment = {};
};
/// A track started, and has chapters.
struct ChaptersLoaded : NodeMessage {
  Snowflake guild_id = {};
  std::vector<Chapter> chapters = {};
};
struct ChapterStarted : NodeMessage {
  Snowflake guild_id = {};
  Chapter chapter = {};
};

/// The plugin on one node: operations, and the events of players that have categories.
/// Operations: as Node's, with their errors, and `unsupported` before anything is sent if the node does not have the
/// plugin. Those of one player reach the node in the order of the calls, among what else changes that player: categories
/// that are set before Player::play() hold for that track.
/// Events: where the node's events of that guild run (NodeOptions::guild_lanes). One that cannot be read is the node's `warning`.
/// Threading: every member may be called from any thread, inside listeners too.
/// Lifetime: it may outlive its node: then operations complete with `closed`. No listener starts after the destructor has
/// returned; one that runs on another thread may still finish.
class SponsorBlock : public EventEmitter<SponsorBlock> {
 public:
  static constexpr Event<SponsorBlock, 0, SegmentsLoaded> segments_loaded{};
  static constexpr Event<SponsorBlock, 1, SegmentSkipped> segment_skipped{};
  static constexpr Event<SponsorBlock, 2, ChaptersLoaded> chapters_loaded{};
  static constexpr Event<SponsorBlock, 3, ChapterStarted> chapter_started{};

  /// What `GET /v4/info` calls it.
  static constexpr std::string_view plugin = "sponsorblock-plugin";

  explicit SponsorBlock(Node& node);
  SponsorBlock(SponsorBlock&&) noexcept = default;
  SponsorBlock& operator=(SponsorBlock&&) noexcept;
  ~SponsorBlock();

  /// `GET /v4/sessions/{sessionId}/players/{guildId}/sponsorblock/categories`; status 404 if none have been set.
  template <class Token>
  auto fetch_categories(Snowflake guild_id, Token&& token, CallOptions options = {}) {
    return initiate_with<std::vector<Named<SegmentCategory>>>(
        std::forward<Token>(token), &SponsorBlock::start_fetch_categories, impl_, guild_id, std::move(options));
  }
  /// `PUT` there: what to skip from the next track on; empty: nothing, but chapters are told. Not `unknown`
  /// (`invalid_argument`): a category that has no name here goes through Node::request. The plugin forgets them when the
  /// player is destroyed, and when the WebSocket is opened again, even if the session is resumed: set them at each `ready`.
  template <class Token>
  auto set_categories(Snowflake guild_id, std::vector<SegmentCategory> categories, Token&& token,
                      CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &SponsorBlock::start_set_categories, impl_, guild_id,
                               std::move(categories), std::move(options));
  }
  /// `DELETE` there: neither segments nor chapters from the next track on. It succeeds if there were none.
  template <class Token>
  auto clear_categories(Snowflake guild_id, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &SponsorBlock::start_clear_categories, impl_, guild_id,
                               std::move(options));
  }

 private:
  using ImplPtr = std::shared_ptr<PluginEvents>;
  explicit SponsorBlock(ImplPtr impl);
  static void start_fetch_categories(const ImplPtr&, Snowflake, CallOptions,
                                     Handler<std::vector<Named<SegmentCategory>>>);
  static void start_set_categories(const ImplPtr&, Snowflake, std::vector<SegmentCategory>, CallOptions, Handler<void>);
  static void start_clear_categories(const ImplPtr&, Snowflake, CallOptions, Handler<void>);

  ImplPtr impl_;
};

}  // namespace lavapp::lavalink::plugins
