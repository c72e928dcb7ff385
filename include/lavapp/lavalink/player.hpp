// Player: one guild's player on a node.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/lavalink/player_types.hpp"

namespace lavapp::lavalink {

class NodeImpl;  // src/lavalink/node_impl.hpp

struct PlayOptions {
  /// Where to begin, 0 or more.
  Optional<std::chrono::milliseconds> position = {};
  /// Where to end, more than 0. A node takes no notice of one that is not beyond `position`.
  Optional<std::chrono::milliseconds> end_time = {};
  Optional<int> volume = {};  ///< 0 to 1000 percent
  Optional<bool> paused = {};
  /// A JSON object, handed back with the track's events. Default: the track's own.
  Optional<JsonText> user_data = {};
  Replace replace = Replace::yes;
};

/// A handle to one guild's player; copies name the same player. It may outlive its node: then every operation
/// completes with `Errc::closed`.
/// Completion, threading: as Node. An operation completes with the state that the node answered.
class Player {
 public:
  Snowflake guild_id() const noexcept { return guild_id_; }

  /// Plays `track`, in place of what plays.
  template <class Token>
  auto play(Track track, Token&& token, PlayOptions play = {}, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Player::start_play, std::move(options), std::move(track), std::move(play));
  }
  /// Stops what plays; the player stays.
  template <class Token>
  auto stop(Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Player::start_stop, std::move(options));
  }
  /// Pauses (`true`) or goes on (`false`).
  template <class Token>
  auto pause(bool paused, Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Player::start_pause, std::move(options), paused);
  }
  /// \param position  0 or more
  template <class Token>
  auto seek(std::chrono::milliseconds position, Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Player::start_seek, std::move(options), position);
  }
  /// \param percent  0 to 1000; 100 is normal
  template <class Token>
  auto set_volume(int percent, Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Player::start_set_volume, std::move(options), percent);
  }
  /// Replaces the whole set of filters; an empty one turns all off. Nothing is sent if the node is known to have this set
  /// (`==`) already: then it completes with what is known, once the requests of this player before it are answered. A
  /// filter that the node does not have is `unsupported`, before anything is sent: the node is asked for what it has
  /// (`GET /v4/info`) when a session first needs it, within this deadline, and the player's later requests wait for that.
  template <class Token>
  auto set_filters(Filters filters, Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Player::start_set_filters, std::move(options), std::move(filters));
  }
  /// Lets the node join a voice channel. Deadline `NodeOptions::voice_timeout`: a node may never answer this.
  template <class Token>
  auto update_voice(VoiceState voice, Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Player::start_update_voice, std::move(options), std::move(voice));
  }

  // What is known here, without asking the node. A change that was sent and never answered, after a deadline say, may have
  // been made: the next answer of this player tells, Node::fetch_player's too.

  std::optional<Track> track() const;
  bool paused() const;
  int volume() const;
  Filters filters() const;  ///< as the node last answered
  /// The state as the node last told it.
  PlayerState state() const;
  /// Where the track is now: the last told position, moved on with the time since (and the timescale), frozen while
  /// paused or while the node's own position stands still, never beyond the track's length or its end time. Nothing
  /// without a track, and for a stream (what a node tells of one is in `state()`).
  /// While the track plays on it never goes back, unless the node is a second or more behind: it stands until the track is
  /// there.
  Optional<std::chrono::milliseconds> position() const;

 private:
  friend class Node;
  using ImplPtr = std::shared_ptr<NodeImpl>;
  Player(ImplPtr node, Snowflake guild_id) : node_(std::move(node)), guild_id_(guild_id) {}

  template <class Token, class Start, class... Args>
  auto run(Token&& token, Start start, CallOptions options, Args... args) {
    return initiate_with<PlayerState>(std::forward<Token>(token), start, node_, guild_id_, std::move(args)...,
                                      std::move(options));
  }

  static void start_play(const ImplPtr&, Snowflake, Track, PlayOptions, CallOptions, Handler<PlayerState>);
  static void start_stop(const ImplPtr&, Snowflake, CallOptions, Handler<PlayerState>);
  static void start_pause(const ImplPtr&, Snowflake, bool, CallOptions, Handler<PlayerState>);
  static void start_seek(const ImplPtr&, Snowflake, std::chrono::milliseconds, CallOptions, Handler<PlayerState>);
  static void start_set_volume(const ImplPtr&, Snowflake, int, CallOptions, Handler<PlayerState>);
  static void start_set_filters(const ImplPtr&, Snowflake, Filters, CallOptions, Handler<PlayerState>);
  static void start_update_voice(const ImplPtr&, Snowflake, VoiceState, CallOptions, Handler<PlayerState>);

  ImplPtr node_;
  Snowflake guild_id_;
};

}  // namespace lavapp::lavalink
