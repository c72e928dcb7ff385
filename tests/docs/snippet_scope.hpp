// The names that a snippet of the documentation may use without introducing them.
#pragma once

#include <lavapp/future.hpp>
#include <lavapp/lavapp.hpp>
#include <lavapp/lavalink/plugins/java_timed_lyrics.hpp>
#include <lavapp/lavalink/plugins/lava_lyrics.hpp>
#include <lavapp/lavalink/plugins/lava_src.hpp>
#include <lavapp/lavalink/plugins/node_link.hpp>
#include <lavapp/lavalink/plugins/sponsorblock.hpp>
#include <lavapp/sandbox/node.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "dpp_stand_in.hpp"

using namespace std::chrono_literals;

struct Scope {
  lavapp::Runtime& runtime;
  lavapp::Node& node;
  lavapp::WebSocket& socket;
  lavapp::sandbox::Node& sandbox;
  lavapp::Snowflake guild_id;
};

#define SNIPPET_NAMES(scope)                              \
  [[maybe_unused]] auto& runtime = (scope).runtime;       \
  [[maybe_unused]] auto& node = (scope).node;             \
  [[maybe_unused]] auto& socket = (scope).socket;         \
  [[maybe_unused]] auto& sandbox = (scope).sandbox;       \
  [[maybe_unused]] const auto guild_id = (scope).guild_id;
