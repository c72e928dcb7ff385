// SoakDiscord: Discord's side of voice for many guilds, by calls instead of a gateway: it answers op 4, and moves and kicks the
// bot when it is told to.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "lavapp/lavapp.hpp"

namespace lavapp::test {

class SoakDiscord {
 public:
  SoakDiscord(ManualClock& clock, Snowflake bot, unsigned seed) : clock_(clock), bot_(bot.to_string()), random_(seed) {}

  Voice::Sender sender() {
    return [this](Snowflake guild, const std::string& op4) {
      const auto at = op4.find("\"channel_id\":") + 13;
      const bool leaves = op4.compare(at, 4, "null") == 0;
      const auto channel = leaves ? 0 : std::stoull(op4.substr(at + 1));
      // It may take its time; answers to one guild keep their order.
      auto& due = busy_until_[guild];
      due = std::max(due, clock_.now()) + std::chrono::milliseconds(random_() % 3 == 0 ? random_() % 800 : 0);
      if (due == clock_.now()) return put(guild, channel);
      clock_.call_at(due, [this, guild, channel] { put(guild, channel); });
    };
  }
  void attach(Voice* voice) { voice_ = voice; }

  /// 0: none.
  std::uint64_t channel(Snowflake guild) const {
    const auto found = channels_.find(guild);
    return found == channels_.end() ? 0 : found->second;
  }
  /// Somebody puts the bot into a channel, or out (0).
  void put(Snowflake guild, std::uint64_t channel) {
    if (channel == 0 && this->channel(guild) == 0) return;
    const bool server_first = random_() % 4 == 0;
    channels_[guild] = channel;
    if (channel != 0 && server_first) tell_server(guild);
    tell_state(guild);
    if (channel != 0 && !server_first) tell_server(guild);
  }
  /// The voice server goes; another comes two seconds later.
  void change_server(Snowflake guild) {
    tell("VOICE_SERVER_UPDATE", "{\"guild_id\":\"" + guild.to_string() + "\",\"token\":\"old\",\"endpoint\":null}");
    clock_.call_at(clock_.now() + std::chrono::seconds(2), [this, guild] {
      if (channel(guild) != 0) tell_server(guild);
    });
  }
  /// The shard has a new session: the bot is in no channel any more.
  void new_session() {
    channels_.clear();
    ++sessions_;
    tell("READY", R"({"session_id":"gateway","shard":[0,1]})");
  }

 private:
  void tell_state(Snowflake guild) {
    const auto id = channel(guild);
    tell("VOICE_STATE_UPDATE", "{\"guild_id\":\"" + guild.to_string() + "\",\"channel_id\":" +
                                   (id == 0 ? "null" : "\"" + std::to_string(id) + "\"") + ",\"user_id\":\"" + bot_ +
                                   "\",\"session_id\":\"voice-" + std::to_string(sessions_) + "\"}");
  }
  void tell_server(Snowflake guild) {
    tell("VOICE_SERVER_UPDATE", "{\"guild_id\":\"" + guild.to_string() + "\",\"token\":\"token-" +
                                    std::to_string(++tokens_) + "\",\"endpoint\":\"voice.sandbox.test:443\"}");
  }
  void tell(const std::string& name, const std::string& data) {
    if (voice_) static_cast<void>(voice_->raw_event("{\"op\":0,\"s\":1,\"t\":\"" + name + "\",\"d\":" + data + "}").value());
  }

  ManualClock& clock_;
  const std::string bot_;
  std::mt19937 random_;
  Voice* voice_ = nullptr;
  std::map<Snowflake, std::uint64_t> channels_;
  std::map<Snowflake, Clock::time_point> busy_until_;
  std::uint64_t sessions_ = 0, tokens_ = 0;
};

}  // namespace lavapp::test
