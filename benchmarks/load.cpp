#include "load.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <stdexcept>

#include "gateway/payloads.hpp"

namespace bench {
namespace {

using json = nlohmann::ordered_json;  // fields in the order in which a node writes them

// In the order of the enumerators.
constexpr std::pair<Kind, const char*> kKinds[] = {
    {Kind::receive, "receive"}, {Kind::echo, "echo"},       {Kind::lavalink, "lavalink"},
    {Kind::idle, "idle"},       {Kind::players, "players"}, {Kind::gateway, "gateway"},
    {Kind::gateway_data, "gateway_data"},
    {Kind::gateway_typed, "gateway_typed"},
    {Kind::gateway_idle, "gateway_idle"}};
constexpr std::pair<Layer, const char*> kLayers[] = {
    {Layer::plain, "plain"}, {Layer::tls, "tls"}, {Layer::deflate, "deflate"}, {Layer::zlib, "zlib"}, {Layer::zstd, "zstd"}};

constexpr int kGuilds = 16;

std::string guild(int index) { return std::to_string(880'000'000'000'000'000ull + static_cast<std::uint64_t>(index)); }

json track() {
  return {{"encoded",
           "QAAAlQMAEFRoZSBMb25nIFdheSBPdXQAEkJlbmNobWFyayBPcmNoZXN0cmEAAAAAAAOdCAALYTFiMmMzZDRlNWYAAQAsaHR0cHM6Ly9tdXN"
           "pYy5l"
           "eGFtcGxlL3dhdGNoP3Y9YTFiMmMzZDRlNWYAAAAHZXhhbXBsZQAAAAAAAAAA"},
          {"info",
           {{"identifier", "a1b2c3d4e5f"},
            {"isSeekable", true},
            {"author", "Benchmark Orchestra"},
            {"length", 237'000},
            {"isStream", false},
            {"position", 0},
            {"title", "The Long Way Out"},
            {"uri", "https://music.example/watch?v=a1b2c3d4e5f"},
            {"artworkUrl", "https://img.music.example/a1b2c3d4e5f/large.jpg"},
            {"isrc", nullptr},
            {"sourceName", "example"}}},
          {"pluginInfo", json::object()},
          {"userData", json::object()}};
}

/// 2,000 messages: of each ten, eight player updates, one track event, one stats.
std::vector<std::string> lavalink_cycle() {
  std::mt19937 random(7);  // fixed: every run sends the same
  const auto between = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  std::vector<std::string> messages;
  bool start = true;
  for (int i = 0; i < 2'000; ++i) {
    json message;
    if (i % 10 == 4) {
      message = {{"op", "event"},
                 {"type", start ? "TrackStartEvent" : "TrackEndEvent"},
                 {"guildId", guild(i / 20 % kGuilds)},
                 {"track", track()}};
      if (!start) message["reason"] = "finished";
      start = !start;
    } else if (i % 10 == 9) {
      message = {
          {"op", "stats"},
          {"players", kGuilds},
          {"playingPlayers", kGuilds - 1},
          {"uptime", 3'600'000 + i * 60'000},
          {"memory",
           {{"free", between(50'000'000, 90'000'000)},
            {"used", between(50'000'000, 90'000'000)},
            {"allocated", 143'654'912},
            {"reservable", 536'870'912}}},
          {"cpu",
           {{"cores", 4}, {"systemLoad", between(0, 9'999) / 10'000.0}, {"lavalinkLoad", between(0, 999) / 10'000.0}}},
          {"frameStats", {{"sent", between(2'900, 3'000)}, {"nulled", between(0, 9)}, {"deficit", between(-20, 90)}}}};
    } else {
      message = {{"op", "playerUpdate"},
                 {"guildId", guild(i % kGuilds)},
                 {"state",
                  {{"time", 1'795'417'349'907 + i * 5'000ll},
                   {"position", i * 5'000 % 237'000},
                   {"connected", true},
                   {"ping", between(5, 90)}}}};
    }
    messages.push_back(message.dump());
  }
  return messages;
}

/// A TrackStartEvent for each player, then a playerUpdate for each.
std::vector<std::string> player_messages(std::uint64_t players) {
  std::vector<std::string> messages;
  for (std::uint64_t i = 0; i < players; ++i) {
    messages.push_back(
        json{{"op", "event"}, {"type", "TrackStartEvent"}, {"guildId", guild(static_cast<int>(i))}, {"track", track()}}.dump());
  }
  for (std::uint64_t i = 0; i < players; ++i) {
    const json state{{"time", 1'795'417'349'907 + i}, {"position", 5'000}, {"connected", true}, {"ping", 30}};
    messages.push_back(json{{"op", "playerUpdate"}, {"guildId", guild(static_cast<int>(i))}, {"state", state}}.dump());
  }
  return messages;
}

}  // namespace

Kind kind_of(std::string_view name) {
  for (const auto& [kind, its_name] : kKinds) {
    if (name == its_name) return kind;
  }
  throw std::invalid_argument("no such load: " + std::string(name));
}

const char* name_of(Kind kind) { return kKinds[static_cast<std::size_t>(kind)].second; }

Layer layer_of(std::string_view name) {
  for (const auto& [layer, its_name] : kLayers) {
    if (name == its_name) return layer;
  }
  throw std::invalid_argument("no such layer: " + std::string(name));
}

const char* name_of(Layer layer) { return kLayers[static_cast<std::size_t>(layer)].second; }

std::vector<std::string> cycle(const Load& load) {
  if (load.kind == Kind::lavalink) return lavalink_cycle();
  if (load.kind == Kind::players) return player_messages(load.messages);
  const std::size_t count = std::clamp<std::size_t>(512 * 1024 / (load.size + 8), 4, 4'096);
  std::vector<std::string> messages(count, std::string(load.size, ' '));
  for (std::size_t m = 0; m < count; ++m) {
    for (std::size_t i = 0; i < load.size; ++i) messages[m][i] = static_cast<char>('a' + (m + i) % 26);
  }
  return messages;
}

std::uint64_t payload_bytes(const Load& load) {
  std::vector<std::size_t> sizes;
  if (load.kind == Kind::lavalink) {
    for (const auto& message : cycle(load)) sizes.push_back(message.size());
  } else if (is_gateway(load.kind)) {
    const bool data = load.kind == Kind::gateway_data;
    for (const auto& event : gateway_events()) sizes.push_back(event.type.size() + (data ? event.data.size() : 0));
  } else {
    return load.size * load.messages;
  }
  const auto sum = [&](std::uint64_t count) {
    return std::accumulate(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(count), std::uint64_t{0});
  };
  return load.messages / sizes.size() * sum(sizes.size()) + sum(load.messages % sizes.size());
}

}  // namespace bench
