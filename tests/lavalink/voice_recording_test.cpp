// The latch against what a real Lavalink told: recording 04c-voice, event by event.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "lavalink/voice_latch.hpp"
#include "support/recordings.hpp"

namespace lavapp::lavalink {
namespace {

using Json = nlohmann::json;

/// What a latch decided, in words.
std::string word(const VoiceAction& action) {
  using namespace voice_action;
  if (const auto* op4 = std::get_if<AskDiscord>(&action)) return op4->channel_id ? "op 4" : "op 4 to leave";
  if (std::holds_alternative<UpdateNode>(action)) return "update";
  if (std::holds_alternative<FetchPlayer>(action)) return "fetch";
  if (std::holds_alternative<DestroyPlayer>(action)) return "destroy";
  if (std::holds_alternative<TellJoined>(action)) return "joined";
  if (std::holds_alternative<TellMoved>(action)) return "moved";
  if (const auto* left = std::get_if<TellLeft>(&action)) return "left, " + std::string(to_string(left->reason));
  if (const auto* failed = std::get_if<TellFailed>(&action))
    return "failed " + std::to_string(failed->error.close_code);
  if (const auto* warning = std::get_if<Warn>(&action)) return "warning " + std::to_string(warning->error.close_code);
  return "";
}

/// A guild's latch, told what Discord must have told before each of the recorded requests, and what the node told then.
class Replay {
 public:
  explicit Replay(const Json& entries) {
    for (const auto& entry : entries) {
      const auto at = entry.at("t").get<double>();
      if (entry.at("kind") == "ws-in") {
        moments_.push_back({at, [this, &entry] { message(entry.at("message")); }});
      } else if (entry.at("kind") == "http" && is_voice(entry)) {
        moments_.push_back({at, [this, &entry] { asked(entry); }});
        moments_.push_back({at + entry.at("took_ms").get<double>() / 1000, [this, &entry] { answered(entry); }});
      } else if (entry.at("kind") == "http" && entry.at("request").at("method") == "DELETE") {
        moments_.push_back({at, [this, &entry] { destroyed(entry); }});
      }
    }
    std::stable_sort(moments_.begin(), moments_.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    for (const auto& moment : moments_) {
      now_ = Clock::time_point(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(moment.at)));
      for (auto& [guild, one] : guilds_) note(one, one.latch.timer(now_));
      moment.happen();
    }
  }
  const std::vector<std::string>& of(const std::string& guild) { return guilds_.at(guild).words; }

 private:
  struct Guild {
    VoiceLatch latch{adopting(), true};
    std::vector<std::string> words;
    std::uint64_t update = 0;
  };
  struct Moment {
    double at;
    std::function<void()> happen;
  };

  /// The recording has no op 4.
  static VoiceOptions adopting() {
    VoiceOptions options;
    options.adopt = true;
    return options;
  }
  static bool is_voice(const Json& entry) {
    const auto& body = entry.at("request").at("body");
    return body.is_object() && body.contains("voice") && entry.at("response").is_object() &&
           entry.at("response").value("status", 0) == 200;
  }
  static std::string guild_of(const Json& entry) {
    const auto path = entry.at("request").at("path").get<std::string>();
    return path.substr(path.rfind('/') + 1);
  }
  void note(Guild& guild, const VoiceActions& actions) {
    for (const auto& each : actions) {
      if (const auto* update = std::get_if<voice_action::UpdateNode>(&each)) guild.update = update->update;
      if (auto text = word(each); !text.empty()) guild.words.push_back(std::move(text));
    }
  }
  void asked(const Json& entry) {
    const auto& voice = entry.at("request").at("body").at("voice");
    auto& guild = guilds_[guild_of(entry)];
    const auto channel = Snowflake::parse(voice.at("channelId").get<std::string>());
    note(guild, guild.latch.voice_state({channel, voice.at("sessionId"), false, false}, now_));
    note(guild, guild.latch.voice_server(voice.at("token"), voice.at("endpoint").get<std::string>(), now_));
  }
  void answered(const Json& entry) {
    auto& guild = guilds_[guild_of(entry)];
    PlayerState state;
    state.connected = entry.at("response").at("body").at("state").at("connected");
    note(guild, guild.latch.update_answered(guild.update, state, now_));
  }
  void message(const Json& message) {
    if (!message.contains("guildId")) return;
    auto& guild = guilds_[message.at("guildId")];
    if (message.at("op") == "playerUpdate") {
      PlayerState state;
      state.connected = message.at("state").at("connected");
      note(guild, guild.latch.player_update(state, now_));
    } else if (message.at("type") == "WebSocketClosedEvent") {
      note(guild, guild.latch.voice_closed(message.at("code"), message.at("reason"), message.at("byRemote"), now_));
    }
  }
  void destroyed(const Json& entry) {
    auto& guild = guilds_[guild_of(entry)];
    if (guild.latch.idle()) return;
    note(guild, guild.latch.leave(now_));
    note(guild, guild.latch.player_destroyed({}, now_));
  }

  std::vector<Moment> moments_;
  std::map<std::string, Guild> guilds_;
  Clock::time_point now_;
};

using Words = std::vector<std::string>;

TEST(VoiceRecording, OurOwnChangesAreNeverTakenForTrouble) {
  Replay replay(test::recording("04c-voice").entries);
  // The same again, another session, another channel, the first again, DELETE: three closed with 1000, one of them by
  // the voice server's side.
  EXPECT_EQ(replay.of("817327181659111454"), (Words{"update", "joined", "update", "update", "moved", "update", "moved",
                                                    "op 4 to leave", "left, asked", "destroy"}));
  for (const auto* guild : {"1005", "2001", "2002"}) {
    EXPECT_EQ(replay.of(guild), (Words{"update", "joined", "op 4 to leave", "left, asked", "destroy"})) << guild;
  }
}

TEST(VoiceRecording, WhatTheVoiceServerRefusesNeverCountsAsConnected) {
  Replay replay(test::recording("04c-voice").entries);
  // All three were answered 200, with `connected: true`.
  EXPECT_EQ(replay.of("1000").at(1), "failed 4004");
  EXPECT_EQ(replay.of("1001").at(2), "warning 4006");
  EXPECT_EQ(replay.of("1002").at(2), "warning 4015");
  for (const auto* guild : {"1000", "1001", "1002"}) {
    const auto& words = replay.of(guild);
    EXPECT_EQ(std::count(words.begin(), words.end(), "joined"), 0) << guild;
  }
}

TEST(VoiceRecording, AKickIsWaitedForAtFirst) {
  Replay replay(test::recording("04c-voice").entries);
  // The recorder destroyed the player before the five seconds were over.
  for (const auto* guild : {"1003", "1004"}) {
    EXPECT_EQ(replay.of(guild), (Words{"update", "joined", "op 4 to leave", "left, asked", "destroy"})) << guild;
  }
  EXPECT_EQ(replay.of("2000"), (Words{"update", "joined", "update", "op 4 to leave", "left, asked", "destroy"}));
}

}  // namespace
}  // namespace lavapp::lavalink
