// NodeOptions: how a sandbox node is set up.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "lavapp/lavalink/info.hpp"

namespace lavapp::sandbox {

/// Which routeplanner `/v4/routeplanner` tells of. https://lavalink.dev/api/rest#routeplanner-api
enum class Routeplanner { off, rotating_ip, nano_ip, rotating_nano_ip, balancing_ip };

struct NodeOptions {
  /// 0: a free one.
  std::uint16_t port = 0;
  std::string password = "youshallnotpass";

  /// How fast tracks play against the clock, more than 0: at 10, three minutes of audio last 18 s.
  double speed = 1.0;
  /// A real node's track stands still, and ends with `cleanup` after a minute, until the node has a voice connection.
  /// Bots without Discord would hear of no progress then, so here tracks play without one. `false` is as real.
  bool play_without_voice = true;
  /// How long a track may stand still without a voice connection, if that is asked for. More than 0.
  std::chrono::milliseconds cleanup_threshold{60'000};
  /// How long a stuck track stands still before TrackStuck. More than 0.
  std::chrono::milliseconds stuck_threshold{10'000};

  /// Time between two playerUpdates of a playing player, and between two stats. More than 0.
  std::chrono::milliseconds player_update_interval{5'000};
  std::chrono::milliseconds stats_interval{60'000};

  /// Fill the catalogue with the tracks that docs/sandbox.md lists.
  bool catalogue = true;
  Routeplanner routeplanner = Routeplanner::off;
  /// Told by `/v4/info`.
  std::vector<lavalink::Plugin> plugins = {};
  /// The sources whose tracks can be decoded, told by `/v4/info`. Clients look there before they send a search: `ytsearch:`
  /// and `ytmsearch:` belong to "youtube", `scsearch:` to "soundcloud".
  std::vector<std::string> source_managers = {"sandbox", "youtube", "soundcloud", "local", "http"};
  /// An identifier that begins so is a search for words in titles and authors.
  std::vector<std::string> search_prefixes = {"sandboxsearch:", "ytsearch:", "ytmsearch:", "scsearch:"};
  /// The filters that are enabled; names that Lavalink does not know count as a plugin's.
  std::vector<std::string> filters = {"volume",  "equalizer",  "karaoke",  "timescale",  "tremolo",
                                      "vibrato", "distortion", "rotation", "channelMix", "lowPass"};
};

}  // namespace lavapp::sandbox
