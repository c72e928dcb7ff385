#include "payloads.hpp"

#include <cmath>
#include <cstdio>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

namespace bench {
namespace {

using nlohmann::json;

constexpr int kEvents = 2'000;

/// Whatever events are made of, by a generator with a fixed seed.
class Maker {
 public:
  json presence(bool with_guild) {
    const char* status = pick({"online", "idle", "dnd", "offline"});
    json activities = json::array();
    for (auto left = below(3); left > 0; --left) activities.push_back(activity());
    json presence{{"user", {{"id", id()}}}, {"status", status}, {"activities", activities}, {"broadcast", nullptr},
                  {"client_status", {{pick({"desktop", "mobile", "web"}), status}}}, {"processed_at_timestamp", moment()}};
    if (with_guild) presence["guild_id"] = id();
    return presence;
  }

  json voice_state(bool with_member) {
    json state{{"user_id", id()}, {"channel_id", id()}, {"session_id", hex(32)}, {"deaf", false}, {"mute", false},
               {"self_deaf", below(2) == 0}, {"self_mute", below(2) == 0}, {"self_video", false}, {"suppress", false},
               {"request_to_speak_timestamp", nullptr}};
    if (!with_member) return state;
    state["guild_id"] = id();
    state["member"] = member(true);
    return state;
  }

  json typing() {
    return {{"user_id", id()}, {"channel_id", id()}, {"guild_id", id()}, {"timestamp", moment() / 1000}, {"member", member(true)}};
  }

  json message() {
    json message{{"id", id()}, {"channel_id", id()}, {"guild_id", id()}, {"author", user()}, {"member", member(false)},
                 {"timestamp", date()}, {"edited_timestamp", nullptr}, {"tts", false}, {"mention_everyone", false},
                 {"mentions", json::array()}, {"mention_roles", json::array()}, {"attachments", json::array()},
                 {"embeds", json::array()}, {"components", json::array()}, {"nonce", id()}, {"pinned", false}, {"type", 0},
                 {"flags", 0}, {"channel_type", 0}};
    if (below(4) == 0) message["mentions"].push_back(user());
    if (below(3) == 0) {
      message["embeds"].push_back({{"type", "rich"}, {"title", text(30)}, {"description", text(200)}, {"color", below(1 << 24)},
                                   {"fields", {{{"name", text(10)}, {"value", text(40)}, {"inline", true}}}}});
    }
    if (below(8) == 0) {
      const auto url = "https://cdn.example/attachments/" + id() + "/image.png?ex=" + hex(8) + "&hm=" + hex(64);
      message["attachments"].push_back({{"id", id()}, {"filename", "image.png"}, {"size", below(900'000)}, {"url", url},
                                        {"proxy_url", url}, {"width", 1280}, {"height", 720}, {"content_type", "image/png"}});
    }
    message["content"] = text(100 + below(1'700));
    return message;
  }

  json guild(std::size_t size) {
    json guild{{"id", id()}, {"name", text(14)}, {"unavailable", false}, {"large", true}, {"joined_at", date()},
               {"member_count", 1'000 + below(9'000)}, {"owner_id", id()}, {"icon", hex(32)}, {"banner", nullptr},
               {"features", {"COMMUNITY", "NEWS"}}, {"preferred_locale", "en-US"}, {"premium_tier", 1},
               {"system_channel_id", nullptr}, {"verification_level", 2}, {"stickers", json::array()}, {"threads", json::array()}};
    for (std::size_t i = 0; i < size / 8'000 + 3; ++i) {
      guild["roles"].push_back({{"id", id()}, {"name", name()}, {"permissions", id()}, {"position", i}, {"color", below(1 << 24)},
                                {"hoist", false}, {"managed", false}, {"mentionable", false}, {"icon", nullptr}, {"flags", 0}});
      guild["emojis"].push_back({{"id", id()}, {"name", name()}, {"roles", json::array()}, {"animated", false}, {"available", true}});
      guild["channels"].push_back(channel());
      guild["voice_states"].push_back(voice_state(false));
    }
    guild["members"] = json::array();
    guild["presences"] = json::array();
    for (auto now = guild.dump().size(); now < size;) {
      guild["members"].push_back(member(true));
      guild["presences"].push_back(presence(false));
      now += guild["members"].back().dump().size() + guild["presences"].back().dump().size();
    }
    return guild;
  }

  GatewayEvent small() {
    switch (below(6)) {
      case 0: return {"MESSAGE_DELETE", json{{"id", id()}, {"channel_id", id()}, {"guild_id", id()}}.dump()};
      case 1: return {"GUILD_MEMBER_REMOVE", json{{"guild_id", id()}, {"user", user()}}.dump()};
      case 2: return {"GUILD_MEMBER_UPDATE", member(true).dump()};
      case 3: return {"CHANNEL_UPDATE", channel().dump()};
      case 4: return {"VOICE_SERVER_UPDATE", json{{"token", hex(16)}, {"guild_id", id()}, {"endpoint", "voice.example:443"}}.dump()};
      default:
        return {"MESSAGE_REACTION_ADD", json{{"user_id", id()}, {"channel_id", id()}, {"message_id", id()}, {"guild_id", id()},
                                             {"member", member(true)}, {"emoji", {{"id", nullptr}, {"name", "👍"}}}, {"burst", false}}
                                            .dump()};
    }
  }

  std::string id() { return std::to_string(175'928'847'299'117'063ull + random_() % 1'200'000'000'000'000'000ull); }
  std::string hex(int size) {
    std::string out;
    while (size-- > 0) out += "0123456789abcdef"[below(16)];
    return out;
  }
  /// From 31 to 297 KB, small ones more often: 120 KB in the mean.
  std::size_t guild_size() { return static_cast<std::size_t>(31'000 * std::pow(9.6, below(1'000) / 1'000.0)); }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  const char* pick(std::initializer_list<const char*> from) { return *std::next(from.begin(), below(static_cast<unsigned>(from.size()))); }
  std::uint64_t moment() { return 1'700'000'000'000 + random_() % 1'000'000'000; }

  std::string date() {
    char out[40];
    std::snprintf(out, sizeof out, "20%02u-%02u-%02uT%02u:%02u:%02u.%03u000+00:00", 17 + below(9), 1 + below(12), 1 + below(28),
                  below(24), below(60), below(60), below(1'000));
    return out;
  }
  std::string word() {
    std::string out;
    for (auto left = 1 + below(3); left > 0; --left) {
      out += below(12) > 0 ? pick({"ta", "re", "mi", "son", "ker", "lo", "pa", "ing", "the", "or", "an", "vel", "du", "no", "ha"})
                           : pick({"é", "ö", "ни", "да"});
    }
    return out;
  }
  std::string name() { return word() + std::to_string(below(1'000)); }
  std::string text(std::size_t size) {
    std::string out;
    while (out.size() < size) {
      if (!out.empty()) out += ' ';
      out += below(40) > 0 ? word() : pick({"😀", "\n", "\"so\"", "\\"});
    }
    return out;
  }

  json user() {
    return {{"id", id()}, {"username", name()}, {"global_name", below(3) > 0 ? json(name()) : json(nullptr)}, {"discriminator", "0"},
            {"avatar", below(8) > 0 ? json(hex(32)) : json(nullptr)}, {"public_flags", 64 * below(3)},
            {"avatar_decoration_data", nullptr}, {"clan", nullptr}, {"collectibles", nullptr}, {"primary_guild", nullptr}};
  }
  json member(bool with_user) {
    json member{{"nick", below(3) > 0 ? json(nullptr) : json(name())}, {"roles", json::array()}, {"joined_at", date()},
                {"premium_since", nullptr}, {"pending", false}, {"deaf", false}, {"mute", false}, {"flags", below(3)},
                {"avatar", nullptr}, {"banner", nullptr}, {"communication_disabled_until", nullptr}};
    for (auto left = below(6); left > 0; --left) member["roles"].push_back(id());
    if (with_user) member["user"] = user();
    return member;
  }
  json activity() {
    json activity{{"id", hex(16)}, {"name", text(12)}, {"type", 0}, {"created_at", moment()}, {"timestamps", {{"start", moment()}}}};
    if (below(2) == 0) {
      activity["state"] = text(10);
      activity["application_id"] = id();
      activity["assets"] = {{"large_text", text(8)}, {"large_image", id()}};
    }
    return activity;
  }
  json channel() {
    json channel{{"id", id()}, {"name", name()}, {"type", 0}, {"position", below(50)}, {"topic", below(2) > 0 ? json(text(40)) : json(nullptr)},
                 {"nsfw", false}, {"parent_id", nullptr}, {"last_message_id", id()}, {"rate_limit_per_user", 0}, {"flags", 0},
                 {"permission_overwrites", json::array()}};
    for (auto left = below(4); left > 0; --left) {
      channel["permission_overwrites"].push_back({{"id", id()}, {"type", 0}, {"allow", std::to_string(below(1 << 30))}, {"deny", "0"}});
    }
    return channel;
  }

  std::mt19937_64 random_{7};
};

/// Fifty events: p presence, m message, v voice state, t typing, s small, g guild.
constexpr char kPattern[] = "gmpvptpmpspvmpmtmpvmpspmpvmptpmpvpmspmpvptmpvmpsmt";
static_assert(sizeof(kPattern) == 51);

}  // namespace

std::vector<GatewayEvent> gateway_events() {
  Maker make;
  std::vector<GatewayEvent> events;
  for (std::size_t i = 0; i < kEvents; ++i) {
    switch (kPattern[i % 50]) {
      case 'p': events.push_back({"PRESENCE_UPDATE", make.presence(true).dump()}); break;
      case 'm': events.push_back({"MESSAGE_CREATE", make.message().dump()}); break;
      case 'v': events.push_back({"VOICE_STATE_UPDATE", make.voice_state(true).dump()}); break;
      case 't': events.push_back({"TYPING_START", make.typing().dump()}); break;
      case 'g': events.push_back({"GUILD_CREATE", make.guild(make.guild_size()).dump()}); break;
      default: events.push_back(make.small());
    }
  }
  return events;
}

std::string gateway_payload(const GatewayEvent& event, std::uint64_t sequence) {
  return "{\"t\":\"" + event.type + "\",\"s\":" + std::to_string(sequence) + ",\"op\":0,\"d\":" + event.data + "}";
}

std::string gateway_hello() { return R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250,"_trace":["[\"gateway\"]"]}})"; }

std::string gateway_ready() {
  Maker make;
  json ready{{"v", 10}, {"user", {{"id", make.id()}, {"username", "benchmark"}, {"bot", true}}}, {"session_id", make.hex(32)},
             {"session_type", "normal"}, {"resume_gateway_url", "wss://resume.example"}, {"application", {{"id", make.id()}, {"flags", 0}}},
             {"private_channels", json::array()}, {"relationships", json::array()}, {"shard", {0, 1}}};
  for (int i = 0; i < 40; ++i) ready["guilds"].push_back({{"id", make.id()}, {"unavailable", true}});
  return gateway_payload({"READY", ready.dump()}, 1);
}

}  // namespace bench
