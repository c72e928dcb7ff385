// Every message and every answer of the recordings of a real Lavalink, decoded and compared field by field.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <regex>

#include "lavalink/collector.hpp"
#include "lavalink/compare.hpp"
#include "lavalink/decode.hpp"
#include "support/recordings.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;

std::string where(const std::string& name, const Json& entry) {
  return name + ", t = " + entry.at("t").dump() + " " + entry.value("note", "");
}

TEST(Recordings, EveryWebSocketMessageDecodesAndLosesNothing) {
  MessageDecoder decoder;  // one for all, as a node has
  std::map<std::size_t, int> kinds;
  int cut = 0;
  for (const auto& [name, entries] : recordings()) {
    for (const auto& entry : entries) {
      if (entry.at("kind") != "ws-in") continue;
      SCOPED_TRACE(where(name, entry));
      const auto text = entry.at("raw").get<std::string>();
      Collector out;
      decoder.decode(text, out);
      ASSERT_EQ(out.messages.size(), 1u);
      if (entry.at("message").contains("cut")) {
        ++cut;
        EXPECT_NE(std::get<Warning>(out.messages[0]).error.message, "");
        continue;
      }
      ++kinds[out.messages[0].index()];
      std::visit(
          [&](const auto& message) {
            EXPECT_EQ(message.raw(), text);
            compare(message, Json::parse(text));
          },
          out.messages[0]);
    }
  }
  EXPECT_EQ(cut, 2);
  // Ready, StatsUpdate, PlayerUpdate, TrackStart, TrackEnd, TrackFailed, TrackStuck, VoiceClosed.
  const std::map<std::size_t, int> expected = {{0, 70}, {1, 68}, {2, 309}, {3, 43}, {4, 40}, {5, 7}, {6, 2}, {7, 20}};
  EXPECT_EQ(kinds, expected);
}

/// The decoder of a route's answer, by method and path; nothing for paths that are no route of the API.
using Check = std::function<void(std::string)>;

template <class T>
Check checked(Result<T> (*decode)(std::string)) {
  return [decode](std::string body) {
    const auto json = Json::parse(body);
    const auto value = decode(std::move(body));
    ASSERT_TRUE(value) << value.error().what();
    compare(*value, json);
  };
}

Check check_of(const std::string& method, const std::string& path) {
  struct Route {
    const char* method;
    const char* path;
    Check check;
  };
  static const Route routes[] = {
      {"GET", "/v4/info", checked(decode_info)},
      {"GET", "/v4/stats", checked(decode_stats)},
      {"GET", R"(/v4/loadtracks\?.*)", checked(decode_load_result)},
      {"GET", R"(/v4/decodetrack\?.*)", checked(decode_track)},
      {"POST", R"(/v4/decodetracks(\?.*)?)", checked(decode_tracks)},
      {"PATCH", R"(/v4/sessions/[^/]+)", checked(decode_session)},
      {"GET", R"(/v4/sessions/[^/]+/players)", checked(decode_players)},
      {"GET", R"(/v4/sessions/[^/]+/players/[^/]+)", checked(decode_player)},
      {"PATCH", R"(/v4/sessions/[^/]+/players/[^/]+)", checked(decode_player)},
      {"GET", "/v4/routeplanner/status", checked(decode_routeplanner_status)},
  };
  for (const auto& route : routes) {
    if (method == route.method && std::regex_match(path, std::regex(route.path))) return route.check;
  }
  return {};
}

TEST(Recordings, EveryAnswerDecodesAndLosesNothing) {
  int decoded = 0;
  std::map<std::string, int> without_a_type;
  for (const auto& [name, entries] : recordings()) {
    for (const auto& entry : entries) {
      if (entry.at("kind") != "http" || !entry.at("response").contains("status")) continue;
      const auto& response = entry.at("response");
      if (response.at("status") < 200 || response.at("status") > 299) continue;
      SCOPED_TRACE(where(name, entry));
      const auto& request = entry.at("request");
      const auto method = request.at("method").get<std::string>();
      const auto path = request.at("path").get<std::string>();
      const auto body = response.at("raw").get<std::string>();
      if (const auto check = check_of(method, path); check && !body.empty()) {
        check(body);
        ++decoded;
      } else {
        ++without_a_type[method + " " + (method == "DELETE" ? "player" : path)];
      }
    }
  }
  EXPECT_EQ(decoded, 306);
  const std::map<std::string, int> expected = {
      {"DELETE player", 28},                      // 204
      {"POST /v4/routeplanner/free/address", 8},  // 204
      {"POST /v4/routeplanner/free/all", 4},      // 204
      {"GET /v4/routeplanner/status", 1},         // 204
      {"GET /version", 1},                        // plain text
      {"GET /v4/testplugin", 1},                  // a plugin's own route
      {"GET /", 1},
      {"GET /v3/websocket", 1},  // no routes of v4
      {"HEAD /v4/info", 1},
      {"HEAD /version", 1},
      {"OPTIONS /v4/info", 1},
  };
  EXPECT_EQ(without_a_type, expected);
}

TEST(Recordings, EveryErrorKeepsStatusMessageAndBody) {
  int with_message = 0, without = 0;
  for (const auto& [name, entries] : recordings()) {
    for (const auto& entry : entries) {
      if (entry.at("kind") != "http" || !entry.at("response").contains("status")) continue;
      const auto& response = entry.at("response");
      const int status = response.at("status");
      if (status < 400) continue;
      SCOPED_TRACE(where(name, entry));
      const auto body = response.at("raw").get<std::string>();
      const auto error = decode_error(status, body);
      EXPECT_TRUE(error == Errc::http_status);
      EXPECT_EQ(error.http_status, status);
      EXPECT_EQ(error.body, body);
      const auto json = Json::parse(body, nullptr, false);
      ++(json.is_object() ? with_message : without);
      EXPECT_EQ(error.message, json.is_object() ? json.at("message").get<std::string>() : "");
      EXPECT_EQ(error.trace, json.is_object() ? json.value("trace", "") : "");
    }
  }
  EXPECT_EQ(with_message, 157);
  EXPECT_EQ(without, 16);  // 401 and 403 have no body, a 406 is HTML, handshakes answer in plain text
}

}  // namespace
}  // namespace lavapp::test
