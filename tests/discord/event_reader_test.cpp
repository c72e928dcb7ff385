#include "discord/event_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "discord/etf.hpp"
#include "discord/event_samples.hpp"
#include "discord/scratch.hpp"

namespace lavapp::discord {
namespace {

using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;

/// Text with exactly the padding that is promised.
class Padded {
 public:
  explicit Padded(const std::string& text) : size_(text.size()), bytes_(new char[text.size() + ScratchBuffer::kPadding]) {
    std::memcpy(bytes_.get(), text.data(), text.size());
    std::memset(bytes_.get() + size_, '"', ScratchBuffer::kPadding);  // not to be taken for text
  }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

/// A whole payload gives what its `d` alone gives.
template <class Event>
void expect_the_same_within_a_payload(std::string text, const Result<Event>& alone) {
  if (!nlohmann::json::accept(text)) return;  // what is broken would break the payload otherwise
  for (const std::string behind : {"}", ",\"z\":[1]}", "\n \t\r\n}", " \n,\"z\":[1]}"}) {
    const Padded padded(R"({"t":"NAME","s":1,"op":0,"d":)" + text + behind);
    const auto within = read_event_in<Event>(padded.view());
    ASSERT_EQ(within.has_value(), alone.has_value()) << text << (within ? "" : within.error().what());
    if (within) {
      const auto begin = text.find_first_not_of(" \n");
      EXPECT_EQ(within->raw(), text.substr(begin, text.find_last_not_of(" \n") + 1 - begin));
    } else {
      EXPECT_EQ(within.error().message, alone.error().message);
    }
  }
}

template <class Event>
Event read_good(const std::string& text) {
  const Padded padded(text);
  auto event = read_event<Event>(padded.view());
  expect_the_same_within_a_payload(text, event);
  if (!event) {
    ADD_FAILURE() << event.error().what() << "\n" << text;
    return {};
  }
  EXPECT_EQ(event->raw().data(), padded.view().data());  // the text itself, not a copy
  EXPECT_EQ(event->raw().size(), padded.view().size());
  event->set_raw({});
  return *std::move(event);
}

/// What is wrong with `text` as an `Event`; empty if nothing is.
template <class Event>
std::string fault_of(const std::string& text) {
  const Padded padded(text);
  const auto event = read_event<Event>(padded.view());
  expect_the_same_within_a_payload(text, event);
  if (event) return "";
  EXPECT_TRUE(event.error() == Errc::bad_payload);
  return event.error().message;
}

/// As Discord sends it in ETF, with each id as an integer.
std::string through_etf(const std::string& text) {
  std::function<void(Json&)> walk = [&](Json& json) {
    for (auto& [name, value] : json.items()) {
      const bool is_id = name == "id" || (name.size() > 3 && name.substr(name.size() - 3) == "_id");
      if (is_id && value.is_string() && Snowflake::parse(value.get<std::string>())) value = Snowflake::parse(value.get<std::string>())->value();
      if (value.is_structured()) walk(value);
    }
  };
  auto json = Json::parse(text);
  walk(json);
  return etf::to_json(etf::from_json(json.dump()).value()).value();
}

// --- What is read of each

template <class Check>
void in_both_encodings(const std::string& text, Check&& check) {
  check(text);
  SCOPED_TRACE("ETF");
  check(through_etf(text));
}

void expect_nelly(const User& user) {
  EXPECT_EQ(user.id, Snowflake(80351110224678912));
  EXPECT_EQ(user.username, "nelly");
  EXPECT_EQ(*user.global_name, "Nelly");
  EXPECT_EQ(*user.avatar, "a_8342729096ea3675442027381ff50dfe");
  EXPECT_TRUE(user.bot);
}

TEST(ReadEvent, Ready) {
  in_both_encodings(sample::ready, [](const std::string& text) {
    const auto ready = read_good<GatewayReady>(text);
    EXPECT_EQ(ready.api_version, 10);
    expect_nelly(ready.user);
    EXPECT_EQ(ready.session_id, "6f3a9cd1");
    EXPECT_EQ(ready.resume_gateway_url, "wss://gateway-us-east1-b.discord.gg");
    EXPECT_EQ(ready.application_id, Snowflake(80351110224678913));
    EXPECT_EQ(ready.guilds, (std::vector<Snowflake>{41771983423143937, 2}));
    ASSERT_TRUE(ready.shard);
    EXPECT_EQ(ready.shard->id, 1u);
    EXPECT_EQ(ready.shard->count, 4u);
  });
}

/// simdjson passes over what nobody reads by counting braces, and must not be led to count wrong.
TEST(ReadEvent, BrokenValuesThatAreSkippedDoNotMoveTheEnd) {
  const std::string good = R"("id":"1","unavailable":true)";
  for (const std::string value : {":10", ",", "", "\"a\":1", "]", ":[", "\"a\":{"}) {
    for (const std::string behind : {"}", "}}", "},\"z\":1}", "]}"}) {
      const auto text = "{" + good + ",\"unknown\":" + value + "}";
      const Padded padded(R"({"t":"GUILD_DELETE","s":1,"op":0,"d":)" + text + behind);
      const auto within = read_event_in<GuildDelete>(padded.view());
      ASSERT_FALSE(within) << padded.view();
      EXPECT_TRUE(within.error() == Errc::bad_payload);
      const Padded alone(text);
      EXPECT_FALSE(read_event<GuildDelete>(alone.view())) << text;
    }
  }
}

TEST(ReadEvent, ReadyOfAShardThatCannotBeIsRefused) {
  for (const char* shard : {"[]", "[0]", "[0,1,2]", "[1,1]", "[-1,1]"}) {
    auto json = Json::parse(sample::ready);
    json["shard"] = Json::parse(shard);
    EXPECT_EQ(fault_of<GatewayReady>(json.dump()), "shard must be [id, count]") << shard;
  }
}

TEST(ReadEvent, VoiceState) {
  in_both_encodings(sample::voice_state, [](const std::string& text) {
    const auto state = read_good<VoiceStateUpdate>(text);
    EXPECT_EQ(state.guild_id, Snowflake(41771983423143937));
    EXPECT_EQ(*state.channel_id, Snowflake(157733188964188161));
    EXPECT_EQ(state.user_id, Snowflake(80351110224678912));
    EXPECT_EQ(Json::parse(state.member.text)["roles"], Json({"41771983423143936"}));
    EXPECT_EQ(state.session_id, "90326bd25d71d39b");
    EXPECT_EQ(*state.request_to_speak_timestamp, "2021-03-31T18:45:31.297561+00:00");
    for (const bool flag : {state.deaf, state.mute, state.self_deaf, state.self_mute, state.self_stream, state.self_video, state.suppress}) {
      EXPECT_TRUE(flag);
    }
  });
  const auto left = read_good<VoiceStateUpdate>(R"({"user_id":"1","session_id":"s","channel_id":null,"member":null,"suppress":false})");
  EXPECT_FALSE(left.channel_id);
  EXPECT_TRUE(left.member.empty());
  EXPECT_EQ(left.guild_id, Snowflake());
}

TEST(ReadEvent, EachFlagOfAVoiceStateIsItsOwn) {
  const std::pair<const char*, bool VoiceState::*> flags[] = {
      {"deaf", &VoiceState::deaf},           {"mute", &VoiceState::mute},
      {"self_deaf", &VoiceState::self_deaf}, {"self_mute", &VoiceState::self_mute},
      {"suppress", &VoiceState::suppress},   {"self_stream", &VoiceState::self_stream},
      {"self_video", &VoiceState::self_video}};
  for (const auto& [name, set] : flags) {
    const auto state = read_good<VoiceStateUpdate>(Json{{"user_id", "1"}, {"session_id", "s"}, {name, true}}.dump());
    for (const auto& [other, member] : flags) EXPECT_EQ(state.*member, member == set) << name << ", " << other;
  }
}

TEST(ReadEvent, VoiceServer) {
  in_both_encodings(sample::voice_server, [](const std::string& text) {
    const auto server = read_good<VoiceServerUpdate>(text);
    EXPECT_EQ(server.token, "my_voice_token");
    EXPECT_EQ(server.guild_id, Snowflake(41771983423143937));
    EXPECT_EQ(*server.endpoint, "sweetwater-12345.discord.media:2048");
  });
  EXPECT_FALSE(read_good<VoiceServerUpdate>(R"({"token":"t","guild_id":"1","endpoint":null})").endpoint);
}

TEST(ReadEvent, VoiceChannelStatus) {
  in_both_encodings(sample::voice_channel_status, [](const std::string& text) {
    const auto update = read_good<VoiceChannelStatusUpdate>(text);
    EXPECT_EQ(update.id, Snowflake(157733188964188161));
    EXPECT_EQ(update.guild_id, Snowflake(41771983423143937));
    EXPECT_EQ(*update.status, "playing");
  });
  EXPECT_FALSE(read_good<VoiceChannelStatusUpdate>(R"({"id":"1","guild_id":"2","status":null})").status);
}

TEST(ReadEvent, GuildCreate) {
  in_both_encodings(sample::guild_create, [](const std::string& text) {
    const auto guild = read_good<GuildCreate>(text);
    EXPECT_EQ(guild.id, Snowflake(41771983423143937));
    EXPECT_FALSE(guild.unavailable);
    EXPECT_EQ(guild.name, "Discord Developers");
    EXPECT_EQ(guild.owner_id, Snowflake(73193882359173120));
    EXPECT_EQ(*guild.joined_at, "2020-01-01T00:00:00.000000+00:00");
    EXPECT_TRUE(guild.large);
    EXPECT_EQ(guild.member_count, 1201);
    EXPECT_EQ(Json::parse(guild.members.text).size(), 1u);

    ASSERT_EQ(guild.voice_states.size(), 1u);
    const auto& state = guild.voice_states[0];
    EXPECT_EQ(state.guild_id, guild.id);
    EXPECT_EQ(*state.channel_id, Snowflake(157733188964188161));
    EXPECT_EQ(state.user_id, Snowflake(5));
    EXPECT_TRUE(state.self_mute);
    EXPECT_FALSE(state.request_to_speak_timestamp);

    ASSERT_EQ(guild.channels.size(), 2u);
    const auto& voice = guild.channels[0];
    EXPECT_EQ(voice.id, Snowflake(157733188964188161));
    EXPECT_EQ(voice.type, ChannelType::guild_voice);
    EXPECT_EQ(voice.name, "Music \xF0\x9F\x8E\xB5");
    EXPECT_EQ(voice.position, 3);
    EXPECT_EQ(*voice.parent_id, Snowflake(7));
    EXPECT_EQ(voice.bitrate, 64000);
    EXPECT_EQ(voice.user_limit, 10);
    EXPECT_EQ(static_cast<int>(guild.channels[1].type), 99);  // one that is not known
    EXPECT_FALSE(guild.channels[1].parent_id);
  });
  EXPECT_EQ(read_good<GuildCreate>(sample::guild_create).members.text, R"([ {"user":{"id":"5","username":"five"},"roles":[]} ])");
}

TEST(ReadEvent, GuildsThatAreUnavailable) {
  const auto guild = read_good<GuildCreate>(R"({"id":"1","unavailable":true})");
  EXPECT_TRUE(guild.unavailable);
  EXPECT_TRUE(guild.channels.empty());
  in_both_encodings(sample::guild_delete, [](const std::string& text) {
    EXPECT_EQ(read_good<GuildDelete>(text).id, Snowflake(41771983423143937));
    EXPECT_TRUE(read_good<GuildDelete>(text).unavailable);
  });
  EXPECT_FALSE(read_good<GuildDelete>(R"({"id":"1"})").unavailable);  // the bot was removed
}

TEST(ReadEvent, Message) {
  in_both_encodings(sample::message, [](const std::string& text) {
    const auto message = read_good<MessageCreate>(text);
    EXPECT_EQ(message.id, Snowflake(334385199974967042));
    EXPECT_EQ(message.channel_id, Snowflake(290926798999357250));
    EXPECT_EQ(message.guild_id, Snowflake(290926798626357999));
    expect_nelly(message.author);
    EXPECT_EQ(message.content, "!play \"caf\xC3\xA9\"\n");
    EXPECT_EQ(message.timestamp, "2017-07-11T17:27:07.299000+00:00");
    EXPECT_EQ(message.type, MessageType::reply);
    EXPECT_EQ(message.mentions, (std::vector<Snowflake>{5, 6}));
    EXPECT_EQ(*message.webhook_id, Snowflake(12));
    EXPECT_EQ(message.flags, 4096);
  });
}

TEST(ReadEvent, ACommandAndItsOptions) {
  in_both_encodings(sample::interaction, [](const std::string& text) {
    const auto interaction = read_good<InteractionCreate>(text);
    EXPECT_EQ(interaction.id, Snowflake(786008729715212338));
    EXPECT_EQ(interaction.application_id, Snowflake(775799577604522054));
    EXPECT_EQ(interaction.type, InteractionType::application_command);
    EXPECT_EQ(interaction.guild_id, Snowflake(290926798626357999));
    EXPECT_EQ(interaction.channel_id, Snowflake(645027906669510667));
    expect_nelly(interaction.user);
    EXPECT_EQ(Json::parse(interaction.member.text)["permissions"], "8");
    EXPECT_EQ(interaction.token, "A_UNIQUE_TOKEN");
    EXPECT_EQ(interaction.locale, "en-US");
    EXPECT_EQ(interaction.guild_locale, "de");

    const auto& data = interaction.data;
    EXPECT_EQ(data.id, Snowflake(771825006014889984));
    EXPECT_EQ(data.name, "music");
    EXPECT_EQ(data.type, 1);
    EXPECT_EQ(*data.target_id, Snowflake(9));
    EXPECT_EQ(Json::parse(data.resolved.text)["channels"].size(), 1u);
    ASSERT_EQ(data.options.size(), 1u);
    EXPECT_EQ(data.options[0].type, OptionType::sub_command);
    EXPECT_EQ(data.options[0].name, "play");
    EXPECT_TRUE(std::holds_alternative<std::monostate>(data.options[0].value));
    EXPECT_EQ(data.options[0].options.size(), 6u);

    ASSERT_NE(data.option("query"), nullptr);
    EXPECT_EQ(*data.option("query")->text(), "never gonna");
    EXPECT_TRUE(data.option("query")->focused);
    EXPECT_FALSE(data.option("query")->integer().has_value());
    EXPECT_FALSE(data.option("query")->id().has_value());
    EXPECT_EQ(*data.option("count")->integer(), -3);
    EXPECT_EQ(*data.option("count")->number(), -3.0);
    EXPECT_EQ(data.option("count")->text(), nullptr);
    EXPECT_FALSE(data.option("count")->id().has_value());
    EXPECT_EQ(*data.option("volume")->number(), 0.5);
    EXPECT_FALSE(data.option("volume")->flag().has_value());
    EXPECT_TRUE(*data.option("shuffle")->flag());
    EXPECT_EQ(*data.option("channel")->id(), Snowflake(157));
    EXPECT_EQ(static_cast<int>(data.option("new")->type), 77);
    EXPECT_EQ(*data.option("new")->number(), 1e30);
    EXPECT_EQ(data.option("play"), nullptr);  // no option, a subcommand
    EXPECT_EQ(data.option("other"), nullptr);
  });
}

TEST(ReadEvent, AMenuAndAForm) {
  in_both_encodings(sample::component, [](const std::string& text) {
    const auto interaction = read_good<InteractionCreate>(text);
    EXPECT_EQ(interaction.type, InteractionType::message_component);
    expect_nelly(interaction.user);
    EXPECT_TRUE(interaction.member.empty());
    EXPECT_EQ(interaction.guild_id, Snowflake());
    EXPECT_EQ(interaction.data.custom_id, "menu");
    EXPECT_EQ(interaction.data.component_type, 3);
    EXPECT_EQ(interaction.data.values, (std::vector<std::string>{"one", "two"}));
  });
  in_both_encodings(sample::form, [](const std::string& text) {
    const auto interaction = read_good<InteractionCreate>(text);
    EXPECT_EQ(interaction.type, InteractionType::modal_submit);
    EXPECT_EQ(interaction.data.custom_id, "form");
    EXPECT_EQ(Json::parse(interaction.data.components.text)[0]["type"], 1);
  });
}

TEST(ReadEvent, OptionsAndValuesThatAreIdsMayBeIntegers) {
  const auto interaction = read_good<InteractionCreate>(
      R"({"id":1,"application_id":2,"type":2,"token":"t","user":{"id":3},)"
      R"("data":{"options":[{"name":"channel","type":7,"value":157733188964188161}],"values":[5,"6"]}})");
  EXPECT_EQ(*interaction.data.option("channel")->id(), Snowflake(157733188964188161));
  EXPECT_EQ(interaction.data.values, (std::vector<std::string>{"5", "6"}));
}

TEST(ReadEvent, AnInteractionOfNobodyIsRefused) {
  EXPECT_EQ(fault_of<InteractionCreate>(R"({"id":"1","application_id":"2","type":2,"token":"t"})"), "user is missing");
  EXPECT_EQ(fault_of<InteractionCreate>(R"({"id":"1","application_id":"2","type":2,"token":"t","member":{"nick":"n"}})"), "user is missing");
}

TEST(ReadEvent, OptionsDoNotNestWithoutEnd) {
  std::string text = R"({"id":"1","application_id":"2","type":2,"token":"t","user":{"id":"3"},"data":{)";
  for (int i = 0; i < 100'000; ++i) text += R"("options":[{"name":"o","type":1,)";
  text += R"("focused":false)";
  for (int i = 0; i < 100'000; ++i) text += "}]";
  EXPECT_NE(fault_of<InteractionCreate>(text + "}}").find("is nested too deeply"), std::string::npos);
}

// --- What is refused, and what is not

struct Kind {
  const char* name;
  std::string text;
  std::function<std::string(const std::string&)> fault;
  std::vector<std::string> required;  ///< Elements of arrays and objects have theirs, if they are there at all.
  std::vector<std::string> unread;    ///< what may be anything, below which nothing is looked at
};
template <class Event>
Kind kind(const char* name, std::string text, std::vector<std::string> required, std::vector<std::string> unread) {
  return {name, std::move(text), fault_of<Event>, std::move(required), std::move(unread)};
}
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      kind<GatewayReady>("READY", sample::ready, {"user", "user.id", "session_id", "guilds", "guilds[0].id", "guilds[1].id", "application.id"},
                         {"user_settings", "session_type", "_trace", "user.public_flags", "user.discriminator", "user.clan",
                          "guilds[0].unavailable", "guilds[1].unavailable", "application.flags"}),
      kind<VoiceStateUpdate>("VOICE_STATE_UPDATE", sample::voice_state, {"user_id", "session_id"}, {"member"}),
      kind<VoiceServerUpdate>("VOICE_SERVER_UPDATE", sample::voice_server, {"token", "guild_id"}, {}),
      kind<VoiceChannelStatusUpdate>("VOICE_CHANNEL_STATUS_UPDATE", sample::voice_channel_status, {"id", "guild_id"}, {}),
      kind<GuildCreate>("GUILD_CREATE", sample::guild_create,
                        {"id", "voice_states[0].user_id", "voice_states[0].session_id", "channels[0].id", "channels[0].type", "channels[1].id",
                         "channels[1].type"},
                        {"roles", "members", "presences", "emojis", "premium_tier", "channels[0].permission_overwrites", "channels[0].rtc_region"}),
      kind<GuildDelete>("GUILD_DELETE", sample::guild_delete, {"id"}, {}),
      kind<MessageCreate>("MESSAGE_CREATE", sample::message, {"id", "channel_id", "author", "author.id", "mentions[0].id", "mentions[1].id"},
                          {"tts", "pinned", "nonce", "mention_roles", "mention_everyone", "member", "embeds", "components", "attachments",
                           "author.public_flags", "author.discriminator", "author.clan", "mentions[0].username", "mentions[0].member",
                           "mentions[1].username"}),
      kind<InteractionCreate>("INTERACTION_CREATE", sample::component, {"id", "application_id", "type", "token", "user", "user.id"},
                              {"message", "user.public_flags", "user.discriminator", "user.clan"}),
  };
  return all;
}

/// "/mentions/0/id" -> "mentions[0].id"
std::string dotted(const Pointer& path, const Json& whole) {
  if (path.empty()) return "";
  const auto& parent = whole[path.parent_pointer()];
  const auto before = dotted(path.parent_pointer(), whole);
  if (parent.is_array()) return before + "[" + path.back() + "]";
  return before.empty() ? path.back() : before + "." + path.back();
}
void collect_paths(const Json& json, const Pointer& at, const std::vector<std::string>& unread, const Json& whole, std::vector<Pointer>& out) {
  for (const auto& [name, value] : json.items()) {
    const auto path = json.is_array() ? at / static_cast<std::size_t>(std::stoul(name)) : at / name;
    out.push_back(path);
    const bool looked_at = std::find(unread.begin(), unread.end(), dotted(path, whole)) == unread.end();
    if (value.is_structured() && looked_at) collect_paths(value, path, unread, whole, out);
  }
}
std::vector<Pointer> paths_of(const Kind& kind, const Json& whole) {
  std::vector<Pointer> out;
  collect_paths(whole, Pointer(), kind.unread, whole, out);
  return out;
}
bool contains(const std::vector<std::string>& list, const std::string& name) { return std::find(list.begin(), list.end(), name) != list.end(); }

TEST(ReadEvent, NamesTheRequiredFieldThatIsMissingAndDoesWithoutOthers) {
  for (const auto& kind : kinds()) {
    SCOPED_TRACE(kind.name);
    const auto whole = Json::parse(kind.text);
    EXPECT_EQ(kind.fault(kind.text), "");
    for (const auto& path : paths_of(kind, whole)) {
      auto json = whole;
      auto& parent = json[path.parent_pointer()];
      if (!parent.is_object()) continue;
      parent.erase(path.back());
      const auto name = dotted(path, whole);
      EXPECT_EQ(kind.fault(json.dump()), contains(kind.required, name) ? name + " is missing" : "") << name;
    }
  }
}

TEST(ReadEvent, TakesNullForAbsence) {
  for (const auto& kind : kinds()) {
    SCOPED_TRACE(kind.name);
    const auto whole = Json::parse(kind.text);
    for (const auto& path : paths_of(kind, whole)) {
      auto json = whole;
      const auto name = dotted(path, whole);
      json[path] = nullptr;
      const bool refused = contains(kind.required, name) || whole[path.parent_pointer()].is_array();
      const auto fault = kind.fault(json.dump());
      const auto expected = !refused ? "" : name == "user" && kind.text == sample::component ? "user is missing" : name + " must be ";
      EXPECT_EQ(fault.substr(0, expected.size()), expected) << name;
      EXPECT_EQ(fault.empty(), expected.empty()) << name << ": " << fault;
    }
  }
}

TEST(ReadEvent, NamesTheFieldOfAWrongTypeAndIgnoresWhatItDoesNotRead) {
  const Json wrong[] = {true, 1.5, "text", Json::array(), Json::object(), Json::array({nullptr})};
  for (const auto& kind : kinds()) {
    SCOPED_TRACE(kind.name);
    const auto whole = Json::parse(kind.text);
    for (const auto& path : paths_of(kind, whole)) {
      const auto name = dotted(path, whole);
      for (const auto& replacement : wrong) {
        auto json = whole;
        const auto before = json[path].type();
        json[path] = replacement;
        const auto fault = kind.fault(json.dump());
        if (contains(kind.unread, name)) {
          EXPECT_EQ(fault, "") << name << " = " << replacement;
        } else if (before != replacement.type() && before != Json::value_t::null) {
          EXPECT_EQ(fault.find(name), 0u) << name << " = " << replacement << ": " << fault;
        }
      }
    }
  }
}

TEST(ReadEvent, RefusesWhatIsCutAnywhere) {
  for (const auto& kind : kinds()) {
    for (std::size_t size = 0; size < kind.text.size(); ++size) EXPECT_NE(kind.fault(kind.text.substr(0, size)), "") << kind.text.substr(0, size);
    for (const char* behind : {"}", "{}", ",", "x", "\"", " 1", "]"}) EXPECT_NE(kind.fault(kind.text + behind), "") << kind.name << behind;
    for (const char* other : {"", "null", "true", "1", "\"x\"", "[]", "{", "\xFF"}) EXPECT_NE(kind.fault(other), "") << kind.name << ": " << other;
  }
}

TEST(ReadEvent, DoesNotCareForTheOrderOfFieldsNorForWhiteSpace) {
  for (const auto& kind : kinds()) {
    EXPECT_EQ(kind.fault(nlohmann::json::parse(kind.text).dump(2)), "") << kind.name;  // sorted
    EXPECT_EQ(kind.fault(" " + kind.text + "\n"), "") << kind.name;
  }
  EXPECT_EQ(read_good<MessageCreate>(R"({"author":{"\u0069d":"3"},"channel_id":"2","\u0069\u0064":"1"})").id, Snowflake(1));
}

TEST(ReadEvent, TellsNoSecret) {
  auto json = Json::parse(sample::interaction);
  for (const auto& [name, value] : json.items()) {
    if (name == "token") continue;
    auto wrong = json;
    wrong[name] = "A_SECRET\\x";
    EXPECT_EQ(fault_of<InteractionCreate>(wrong.dump()).find("SECRET"), std::string::npos) << name;
    EXPECT_EQ(fault_of<InteractionCreate>(wrong.dump()).find("TOKEN"), std::string::npos) << name;
  }
  for (const char* token : {R"("A_SECRET\x")", "[\"A_SECRET\"]", "{\"A_SECRET\":1}"}) {
    const auto fault = fault_of<VoiceServerUpdate>(std::string(R"({"guild_id":"1","token":)") + token + "}");
    EXPECT_EQ(fault.find("token "), 0u) << fault;
    EXPECT_EQ(fault.find("SECRET"), std::string::npos) << fault;
  }
}

TEST(ReadHello, TakesAnIntervalOfUpToADay) {
  const auto read = [](const std::string& text) { return read_hello(Padded(text).view()); };
  EXPECT_EQ(read(sample::hello).value().count(), 41250);
  EXPECT_EQ(read(R"({"heartbeat_interval":86400000})").value().count(), 86'400'000);
  for (const char* wrong : {"{}", R"({"heartbeat_interval":0})", R"({"heartbeat_interval":-1})", R"({"heartbeat_interval":86400001})",
                            R"({"heartbeat_interval":"41250"})", R"({"heartbeat_interval":null})", R"({"heartbeat_interval":1.5})"}) {
    const auto result = read(wrong);
    ASSERT_FALSE(result) << wrong;
    EXPECT_EQ(result.error().message.find("heartbeat_interval "), 0u) << result.error().message;
  }
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read("null"));
  EXPECT_FALSE(read_hello({}));  // of a payload without d
}

TEST(ReadId, FindsItAnywhere) {
  const auto read = [](const std::string& text) { return read_id(Padded(text).view()); };
  EXPECT_EQ(read(sample::guild_create).value(), Snowflake(41771983423143937));
  EXPECT_EQ(read(R"({"channels":[{"id":"2"}],"owner_id":"3","id":5})").value(), Snowflake(5));
  EXPECT_EQ(read(R"({"channels":[{"id":"2"}]})").error().message, "id is missing");
  EXPECT_EQ(read(R"({"id":"five"})").error().message, "id must be an id, in digits");
  for (const char* wrong : {"", "null", "[]", "{", R"({"id":null})"}) EXPECT_FALSE(read(wrong)) << wrong;
}

}  // namespace
}  // namespace lavapp::discord
