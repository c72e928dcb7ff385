#include "lavalink/decode.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "lavalink/compare.hpp"
#include "lavalink/samples.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;

template <class T>
std::string fault(const Result<T>& result) {
  if (result) return "";
  EXPECT_TRUE(result.error() == Errc::bad_response);
  return result.error().message;
}

/// A body of each route, and what decodes it.
struct Route {
  const char* name;
  std::string body;
  std::function<std::string(std::string)> fault_of;
};
const Route routes[] = {
    {"info", sample::info, [](std::string b) { return fault(decode_info(std::move(b))); }},
    {"stats", "{" + sample::stats_body + "}", [](std::string b) { return fault(decode_stats(std::move(b))); }},
    {"loadtracks", sample::playlist, [](std::string b) { return fault(decode_load_result(std::move(b))); }},
    {"decodetrack", sample::track, [](std::string b) { return fault(decode_track(std::move(b))); }},
    {"decodetracks", "[" + sample::track + "]", [](std::string b) { return fault(decode_tracks(std::move(b))); }},
    {"session", R"({"resuming":true,"timeout":60})", [](std::string b) { return fault(decode_session(std::move(b))); }},
    {"player", sample::player, [](std::string b) { return fault(decode_player(std::move(b))); }},
    {"players", "[" + sample::player + "]", [](std::string b) { return fault(decode_players(std::move(b))); }},
    {"routeplanner", sample::routeplanner,
     [](std::string b) { return fault(decode_routeplanner_status(std::move(b))); }},
};

TEST(Decode, ReadsAWholeAnswerOfEachRoute) {
  for (const auto& route : routes) EXPECT_EQ(route.fault_of(route.body), "") << route.name;
  compare(decode_info(sample::info).value(), Json::parse(sample::info));
  compare(decode_player(sample::player).value(), Json::parse(sample::player));
  compare(decode_load_result(sample::playlist).value(), Json::parse(sample::playlist));
  compare(decode_routeplanner_status(sample::routeplanner).value(), Json::parse(sample::routeplanner));
}

TEST(Decode, RefusesAnAnswerCutAnywhere) {
  for (const auto& route : routes) {
    const std::size_t first = route.name == std::string("routeplanner") ? 1 : 0;  // empty is an answer there
    for (auto size = first; size < route.body.size(); ++size) {
      EXPECT_NE(route.fault_of(route.body.substr(0, size)), "") << route.body.substr(0, size);
    }
    for (const char* behind : {"x", "}", "]", "{}"}) EXPECT_NE(route.fault_of(route.body + behind), "") << route.name;
    EXPECT_EQ(route.fault_of(" " + route.body + "\r\n"), "") << route.name;
    for (const char* other : {"true", "null", "1", "\"x\"", "<html></html>", "\xFF"}) {
      EXPECT_NE(route.fault_of(other), "") << route.name;
    }
  }
}

TEST(Decode, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(fault(decode_session(R"({"resuming":"x","timeout":60})")), "resuming must be true or false, is a string");
  EXPECT_EQ(fault(decode_session("[]")), "the body must be an object, is an array");
  EXPECT_EQ(fault(decode_tracks("{}")), "the body must be an array");
  EXPECT_EQ(fault(decode_tracks("[" + sample::track + ",5]")), "[1] must be an object, is a number");
  EXPECT_EQ(fault(decode_tracks(R"([{"encoded":"Q","info":{"identifier":1}}])")),
            "[0].info.identifier must be a string, is a number");
  EXPECT_EQ(fault(decode_load_result(R"({"loadType":"search","data":[{"encoded":null}]})")),
            "data[0].encoded must be a string, is null");
  EXPECT_EQ(fault(decode_load_result(R"({"loadType":"playlist","data":{"info":{"name":"x"}}})")),
            "data.info.selectedTrack is missing");
  EXPECT_EQ(fault(decode_load_result(R"({"data":[]})")), "loadType is missing");
  EXPECT_EQ(fault(decode_load_result(R"({"loadType":"track"})")), "data is missing");
}

TEST(DecodeLoadResult, FindsDataOnEitherSideOfItsType) {
  const auto result = decode_load_result(R"({"data":[)" + sample::track + R"(],"loadType":"search"})").value();
  ASSERT_EQ(result.tracks().size(), 1u);
  EXPECT_EQ(result.tracks().front().info.title, "Sixty Seconds");
}

TEST(DecodeLoadResult, TellsItsKindsApart) {
  const auto track = decode_load_result(R"({"loadType":"track","data":)" + sample::track + "}").value();
  EXPECT_EQ(track.tracks().size(), 1u);
  EXPECT_EQ(track.playlist(), nullptr);

  const auto list = decode_load_result(sample::playlist).value();
  EXPECT_EQ(list.tracks().size(), 2u);
  EXPECT_EQ(list.playlist()->name, "A list");
  EXPECT_EQ(list.playlist()->selected_track, 1);
  EXPECT_EQ(list.raw, sample::playlist);

  const auto nothing = decode_load_result(R"({"loadType":"empty","data":null})").value();
  EXPECT_TRUE(std::holds_alternative<NothingFound>(nothing.value));
  EXPECT_TRUE(nothing.tracks().empty());
  EXPECT_THROW((void)nothing.tracks().front(), std::out_of_range);
  EXPECT_TRUE(std::holds_alternative<NothingFound>(decode_load_result(R"({"loadType":"empty"})").value().value));

  const auto failed = decode_load_result(R"({"loadType":"error","data":)" + sample::exception + "}").value();
  ASSERT_NE(failed.exception(), nullptr);
  EXPECT_EQ(failed.exception()->severity, Severity::fault);
  EXPECT_EQ(to_string(failed.exception()->severity.value), "fault");

  const std::string later = R"({"loadType":"radio","data":{"x":1}})";
  const auto unknown = decode_load_result(later).value();
  EXPECT_EQ(std::get<UnknownLoad>(unknown.value).load_type, "radio");
  EXPECT_EQ(unknown.raw, later);
}

TEST(DecodeLoadResult, DoesWithoutAMessageAndATrace) {
  const auto result =
      decode_load_result(R"({"loadType":"error","data":{"message":null,"severity":"grave","cause":"c"}})");
  const auto& exception = *result.value().exception();
  EXPECT_FALSE(exception.message);
  EXPECT_FALSE(exception.cause_stack_trace);
  EXPECT_EQ(exception.severity, Severity::unknown);
  EXPECT_EQ(exception.severity.text, "grave");
}

TEST(DecodePlayers, KeepEachPlayersText) {
  const std::string other =
      R"({ "guildId":"2","track":null,"volume":100,"paused":false,)"
      R"("state":{"time":1,"position":0,"connected":false,"ping":-1},)"
      R"("voice":{"token":"","endpoint":"","sessionId":"","channelId":null},"filters":{"vocoder":{"x":1}} })";
  const auto players = decode_players("[ " + sample::player + " ,\n" + other + " ]").value();
  ASSERT_EQ(players.size(), 2u);
  EXPECT_EQ(players[0].raw, sample::player);
  EXPECT_EQ(players[1].raw, other);
  EXPECT_FALSE(players[1].track);
  EXPECT_FALSE(players[1].voice.channel_id);
  EXPECT_EQ(players[1].filters.unknown.find("vocoder")->text, R"({"x":1})");
  EXPECT_TRUE(decode_players("[]").value().empty());
}

TEST(DecodeRouteplanner, HasNothingIfThereIsNone) {
  for (const char* body : {"", R"({"class":null,"details":null})"}) {
    const auto status = decode_routeplanner_status(body).value();
    EXPECT_FALSE(status.kind);
    EXPECT_FALSE(status.details);
  }
  EXPECT_EQ(*decode_routeplanner_status(sample::routeplanner).value().kind, RouteplannerClass::rotating_nano_ip);
  EXPECT_EQ(to_string(RouteplannerClass::nano_ip), "NanoIpRoutePlanner");
}

TEST(DecodeError, TakesTheNodesMessageAndTrace) {
  const std::string body = R"({"timestamp":1,"status":404,"error":"Not Found","trace":"at x\n\tat y",)"
                           R"("message":"Session not found","path":"/v4/sessions/x"})";
  const auto error = decode_error(404, body);
  EXPECT_EQ(error.http_status, 404);
  EXPECT_EQ(error.message, "Session not found");
  EXPECT_EQ(error.trace, "at x\n\tat y");
  EXPECT_EQ(error.body, body);
  EXPECT_EQ(decode_error(500, R"({"error":"Internal Server Error"})").message, "Internal Server Error");
}

TEST(DecodeError, IsContentWithAnyBody) {
  for (const char* body : {"", "<html>", "[]", "{\"message\":5}", "{", "Can \"Upgrade\" only to \"WebSocket\"."}) {
    const auto error = decode_error(403, body);
    EXPECT_EQ(error.http_status, 403);
    EXPECT_EQ(error.message, "");
    EXPECT_EQ(error.body, body);
  }
  EXPECT_EQ(decode_error(502, std::string(100'000, 'x')).body.size(), 65'536u);
}

}  // namespace
}  // namespace lavapp::test
