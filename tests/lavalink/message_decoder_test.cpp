#include "lavalink/message_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "lavalink/collector.hpp"
#include "lavalink/compare.hpp"
#include "lavalink/samples.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;

using Ordered = nlohmann::ordered_json;

TEST(MessageDecoder, ReadsEveryKind) {
  for (const auto& text : sample::messages) {
    SCOPED_TRACE(text);
    const auto out = collect(text);
    ASSERT_EQ(out.messages.size(), 1u);
    std::visit(
        [&](const auto& message) {
          compare(message, Json::parse(text));
          EXPECT_EQ(message.raw().data(), text.data());  // the caller's text, not a copy
          EXPECT_EQ(message.raw().size(), text.size());
        },
        out.messages[0]);
  }
}

/// The same JSON with the members of all its objects in another order.
Ordered shuffled(const Ordered& json, std::mt19937& random) {
  if (json.is_array()) {
    auto out = Ordered::array();
    for (const auto& each : json) out.push_back(shuffled(each, random));
    return out;
  }
  if (!json.is_object()) return json;
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.push_back(name);
  std::shuffle(names.begin(), names.end(), random);
  auto out = Ordered::object();
  for (const auto& name : names) out[name] = shuffled(json.at(name), random);
  return out;
}

TEST(MessageDecoder, DoesNotCareForTheOrderOfFieldsNorForWhiteSpace) {
  std::mt19937 random(1);
  for (const auto& text : sample::messages) {
    for (int i = 0; i < 60; ++i) {
      const auto other = shuffled(Ordered::parse(text), random).dump(i % 3 - 1);
      SCOPED_TRACE(other);
      const auto out = collect(other);
      ASSERT_EQ(out.messages.size(), 1u);
      std::visit([&](const auto& message) { compare(message, Json::parse(text)); }, out.messages[0]);
    }
  }
}

TEST(MessageDecoder, WarnsOnceOfAMessageCutAnywhere) {
  for (const auto& text : sample::messages) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_NE(warning_of(text.substr(0, size)), "") << text.substr(0, size);
    }
    for (const char* behind : {"}", "{}", ",", "x", "\"", " 1", "]"})
      EXPECT_NE(warning_of(text + behind), "") << behind;
    EXPECT_EQ(warning_of(" " + text + "\n"), "");
  }
}

/// Every place in a document, as a path of names and indexes.
void collect_paths(const Ordered& json, const Ordered::json_pointer& at, std::vector<Ordered::json_pointer>& out) {
  for (const auto& [name, value] : json.items()) {
    const auto path = json.is_array() ? at / static_cast<std::size_t>(std::stoul(name)) : at / name;
    out.push_back(path);
    if (value.is_structured()) collect_paths(value, path, out);
  }
}
std::vector<Ordered::json_pointer> paths_of(const Ordered& json) {
  std::vector<Ordered::json_pointer> out;
  collect_paths(json, Ordered::json_pointer(), out);
  return out;
}

/// "/track/info/title" -> "track.info.title"
std::string dotted(const Ordered::json_pointer& path) {
  auto text = path.to_string().substr(1);
  std::replace(text.begin(), text.end(), '/', '.');
  return text;
}
bool one_of(const std::string& text, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(), [&](const char* each) { return text == each; });
}
bool free_form(const std::string& path) {
  return path.find("track.pluginInfo") == 0 || path.find("track.userData") == 0;
}
bool may_be_absent(const std::string& path) {
  return free_form(path) || one_of(path, {"frameStats", "track.info.uri", "track.info.artworkUrl", "track.info.isrc",
                                          "exception.message", "exception.causeStackTrace"});
}

/// Lavalink tells these always, NodeLink does not: node_link_decode_test.cpp.
bool node_link_may_leave_out(const Ordered& message, const std::string& path) {
  const bool voice = message.value("type", "") == "WebSocketClosedEvent";
  return path == "exception.cause" || (voice && (path == "code" || path == "reason"));
}
bool node_link_may_tell_null(const Ordered& message, const std::string& path) {
  return node_link_may_leave_out(message, path) && path != "code";
}
bool node_link_may_tell_fractions(const std::string& path) { return one_of(path, {"state.position", "state.ping"}); }

TEST(MessageDecoder, NamesEachFieldThatIsMissing) {
  for (const auto& text : sample::messages) {
    const auto whole = Ordered::parse(text);
    for (const auto& path : paths_of(whole)) {
      auto json = whole;
      auto& parent = json[path.parent_pointer()];
      if (!parent.is_object()) continue;
      parent.erase(path.back());
      const auto name = dotted(path);
      const auto warning = warning_of(json.dump());
      SCOPED_TRACE(json.dump());
      if (may_be_absent(name) || node_link_may_leave_out(whole, name))
        EXPECT_EQ(warning, "");
      else if (name == "op")
        EXPECT_EQ(warning, "op is missing");
      else
        EXPECT_NE(warning.find(": " + name + " is missing"), std::string::npos) << warning;
    }
  }
}

TEST(MessageDecoder, NamesEachFieldOfAWrongType) {
  const Ordered wrong[] = {nullptr, true, 1.5, "text", Ordered::array(), Ordered::object()};
  for (const auto& text : sample::messages) {
    const auto whole = Ordered::parse(text);
    for (const auto& path : paths_of(whole)) {
      const auto name = dotted(path);
      for (const auto& replacement : wrong) {
        auto json = whole;
        const auto before = json[path];
        json[path] = replacement;
        const bool same_kind = before.type() == replacement.type() || (before.is_number() && replacement.is_number());
        SCOPED_TRACE(json.dump());
        const auto warning = warning_of(json.dump());
        const bool may_be_null = may_be_absent(name) || node_link_may_tell_null(whole, name);
        if (free_form(name) || (replacement.is_null() && may_be_null)) {
          EXPECT_EQ(warning, "");
        } else if (!same_kind) {
          EXPECT_NE(warning.find(name + " "), std::string::npos) << warning;
        } else if (node_link_may_tell_fractions(name)) {
          EXPECT_EQ(warning, "");
        } else if (before.is_number_integer()) {
          EXPECT_NE(warning.find(name + " must be an integer, has a fraction"), std::string::npos) << warning;
        } else if (name == "guildId") {
          EXPECT_NE(warning.find("guildId must be an id, in digits"), std::string::npos) << warning;
        }
      }
    }
  }
}

TEST(MessageDecoder, NamesTheOpAndWhatIsWrong) {
  EXPECT_EQ(warning_of(R"({"op":"playerUpdate","state":{"time":"x","position":0,"connected":false,"ping":-1}})"),
            "playerUpdate: state.time must be an integer, is a string");
  EXPECT_EQ(warning_of(R"({"op":"event","type":"TrackEndEvent","guildId":"1","track":{}})"),
            "event TrackEndEvent: track.encoded is missing");
  EXPECT_EQ(warning_of(R"({"op":"event","type":7})"), "event: type must be a string, is a number");
  EXPECT_EQ(warning_of(R"({"op":7})"), "op must be a string, is a number");
  EXPECT_EQ(warning_of("[]"), "the message must be an object, is an array");
  EXPECT_EQ(warning_of("true"), "the message must be an object, is a boolean");
  EXPECT_EQ(warning_of("hello").find("the message is malformed JSON"), 0u);
  EXPECT_EQ(warning_of("").find("the message is malformed JSON"), 0u);
}

TEST(MessageDecoder, WarnsOfMalformedJsonInFieldsThatNobodyReads) {
  const std::string begin = R"({"op":"ready","resumed":true,"sessionId":"x","new":)";
  EXPECT_EQ(warning_of(begin + R"({"a":[1,{"b":"\u00fc"}]}})"), "");
  for (const char* bad :
       {"nope", "01",    "1.",  "[1,]", "{\"a\"}", "{\"a\":}", "{1:2}", "\"\\q\"", "\"\\u12\"", "[}",
        "{]",   "[1 2]", "nul", "tru",  "-",       "1e",       "'x'",   "",        "\"\x01\"",  "\"\xff\""}) {
    EXPECT_NE(warning_of(begin + bad + "}"), "") << bad;
    EXPECT_NE(warning_of(R"({"op":"plugin","new":)" + std::string(bad) + "}"), "") << bad;
  }
}

TEST(MessageDecoder, RefusesBottomlessNesting) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(warning_of(R"({"op":"x","a":)" + nested(200) + "}"), "");
  EXPECT_EQ(warning_of(R"({"op":"x","a":)" + nested(300) + "}"), "x: a is nested too deeply");
  EXPECT_NE(warning_of(R"({"op":"x","a":)" + nested(200'000) + "}"), "");
}

TEST(MessageDecoder, HandsOnWhatItDoesNotKnow) {
  const std::string text = R"({"guildId":"7","op":"lyrics","type":"x","line":{"t":1}})";
  const auto known_op = collect(text).only<UnknownMessage>();
  EXPECT_EQ(known_op.op, "lyrics");
  EXPECT_EQ(known_op.type, "");  // only an event has a type
  EXPECT_EQ(known_op.guild_id, Snowflake(7));

  const auto event = collect(R"({"segments":[],"type":"SegmentsLoaded","op":"event"})").only<UnknownMessage>();
  EXPECT_EQ(event.op, "event");
  EXPECT_EQ(event.type, "SegmentsLoaded");
  EXPECT_FALSE(event.guild_id);
  EXPECT_EQ(collect(R"({"op":"x","guildId":{"id":5}})").only<UnknownMessage>().guild_id, std::nullopt);

  const auto out = collect(text);
  EXPECT_EQ(out.only<UnknownMessage>().raw(), text);
}

TEST(MessageDecoder, KeepsSpellingsThatItDoesNotKnow) {
  const auto text =
      sample::event + "TrackEndEvent" + sample::guild + R"(,"reason":"bored","track":)" + sample::track + "}";
  const auto end = collect(text).only<TrackEnd>();
  EXPECT_EQ(end.reason, TrackEndReason::unknown);
  EXPECT_EQ(end.reason.text, "bored");
  EXPECT_FALSE(may_start_next(end.reason));
  EXPECT_EQ(to_string(TrackEndReason::load_failed), "loadFailed");
  EXPECT_EQ(to_string(TrackEndReason::unknown), "unknown");
}

TEST(MessageDecoder, TakesIntegersWrittenAsFloats) {
  const auto with_time = [](const std::string& time) {
    return R"({"op":"playerUpdate","guildId":"1","state":{"connected":true,"ping":-1.0,"position":5e3,"time":)" + time +
           "}}";
  };
  EXPECT_EQ(collect(with_time("1795417085657.0")).only<PlayerUpdate>().state.time.count(), 1795417085657);
  EXPECT_EQ(collect(with_time("1")).only<PlayerUpdate>().state.position.count(), 5000);
  EXPECT_EQ(collect(with_time("9223372036854775807")).only<PlayerUpdate>().state.time.count(), INT64_MAX);
  EXPECT_EQ(collect(with_time("9.223372036854776E18")).only<PlayerUpdate>().state.time.count(), INT64_MAX);
  EXPECT_NE(warning_of(with_time("1.5")), "");
  EXPECT_NE(warning_of(with_time("9223372036854775808123")), "");
  EXPECT_NE(warning_of(with_time("1e300")), "");
  EXPECT_NE(warning_of(with_time("1e999")), "");
  EXPECT_NE(warning_of(with_time("NaN")), "");
}

TEST(MessageDecoder, TakesIdsAsStringsAndAsNumbers) {
  const auto guild_of = [](const std::string& id) {
    const auto text = R"({"op":"event","type":"WebSocketClosedEvent","code":1,"reason":"","byRemote":true,"guildId":)";
    return collect(text + id + "}").only<VoiceClosed>().guild_id.value();
  };
  EXPECT_EQ(guild_of("\"817327181659111454\""), 817327181659111454u);
  EXPECT_EQ(guild_of("817327181659111454"), 817327181659111454u);
  EXPECT_EQ(guild_of("\"18446744073709551615\""), UINT64_MAX);
  EXPECT_EQ(guild_of("\"-1\""), UINT64_MAX);  // how Java prints it
  for (const char* bad :
       {"\"\"", "\"-\"", "\"1x\"", "\"18446744073709551616\"", "\"-9223372036854775809\"", "1.5", "-1"}) {
    EXPECT_THROW(guild_of(bad), std::runtime_error) << bad;
  }
}

TEST(MessageDecoder, UnderstandsEscapesInNamesAndValues) {
  const auto ready =
      collect(R"({"\u006fp":"re\u0061dy","sess\u0069onId":"a\n\"\\\/\u00fc\ud83d\ude00","resumed":true})");
  EXPECT_EQ(ready.only<Ready>().session_id, "a\n\"\\/\xC3\xBC\xF0\x9F\x98\x80");
  // Half a pair is grammatical, and no UTF-8.
  EXPECT_EQ(
      collect(R"({"op":"ready","sessionId":"\ud83dx\ude00\ud83d\ud83d","resumed":true})").only<Ready>().session_id,
      "\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(collect(R"({"op":"ready","sessionId":"a\u0000b","resumed":true})").only<Ready>().session_id,
            std::string("a\0b", 3));
  EXPECT_NE(warning_of(R"({"op":"ready","sessionId":"\x","resumed":true})"), "");
}

TEST(MessageDecoder, TakesTheLastOfTwoFieldsOfOneName) {
  EXPECT_EQ(collect(R"({"op":"ready","sessionId":"a","resumed":true,"sessionId":"b"})").only<Ready>().session_id, "b");
}

TEST(MessageDecoder, LeavesNothingOfTheMessageBefore) {
  MessageDecoder decoder;
  Collector out;
  decoder.decode(sample::track_start, out);
  decoder.decode(sample::stats, out);
  const std::string bare_track =
      sample::event + "TrackStartEvent" + sample::guild +
      R"(,"track":{"encoded":"Q","info":{"identifier":"i","isSeekable":false,"author":"a","length":1,"isStream":false,)"
      R"("position":0,"title":"t","sourceName":"s"}}})";
  decoder.decode(bare_track, out);
  decoder.decode(
      R"({"op":"stats","frameStats":null,)" + sample::stats_body.substr(sample::stats_body.find("\"players")) + "}",
      out);
  const auto& start = std::get<TrackStart>(out.messages.at(2));
  compare(start, Json::parse(bare_track));
  EXPECT_FALSE(start.track.info.uri);
  EXPECT_EQ(start.track.user_data.text, "");
  EXPECT_FALSE(std::get<StatsUpdate>(out.messages.at(3)).stats.frame_stats);

  decoder.decode("{", out);
  decoder.decode(sample::ready, out);
  EXPECT_EQ(std::get<Warning>(out.messages.at(4)).error.message.find("the message"), 0u);  // and not "stats: "
  EXPECT_EQ(std::get<Ready>(out.messages.at(5)).session_id, "2jp9wrh1evje9kwe");
}

TEST(MessageDecoder, KeepsPluginInfoAndUserDataAsTheyWereWritten) {
  const std::string odd = "{ \"b\" : 1.50 ,\n\"a\":[ ], \"c\":\"\\u00fc\" }";
  const auto text = sample::event + "TrackStuckEvent" + sample::guild +
                    R"(,"thresholdMs":1,"track":{"encoded":"Q","userData": )" + odd + R"( ,"pluginInfo":null,)" +
                    sample::track.substr(sample::track.find("\"info\""));
  const auto cut = text.substr(0, text.find(",\"pluginInfo\":{")) + "}}";
  const auto stuck = collect(cut).only<TrackStuck>();
  EXPECT_EQ(stuck.track.user_data.text, odd);
  EXPECT_EQ(stuck.track.plugin_info.text, "null");
}

TEST(MessageDecoder, DoesNotReadWhatNobodyWants) {
  Collector out;
  out.unwanted = {MessageKind::stats, MessageKind::track_start, MessageKind::unknown};
  MessageDecoder decoder;
  decoder.decode(sample::stats, out);
  decoder.decode(sample::track_start, out);
  decoder.decode(R"({"op":"plugin"})", out);
  EXPECT_TRUE(out.messages.empty());
  decoder.decode(sample::track_end, out);
  EXPECT_EQ(out.messages.size(), 1u);
}

TEST(MessageDecoder, ReadsHugeMessagesAndSmallOnesAfterThem) {
  MessageDecoder decoder;
  Collector out;
  const std::string huge(3'000'000, 'x');
  decoder.decode(R"({"op":"ready","resumed":false,"sessionId":")" + huge + "\"}", out);
  decoder.decode(sample::ready, out);
  EXPECT_EQ(std::get<Ready>(out.messages.at(0)).session_id, huge);
  EXPECT_EQ(std::get<Ready>(out.messages.at(1)).session_id, "2jp9wrh1evje9kwe");
}

}  // namespace
}  // namespace lavapp::test
