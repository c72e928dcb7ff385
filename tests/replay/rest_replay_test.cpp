// Every recorded REST request that the public API lets a user send, sent by a Node to a server that answers as the
// recorded one did. What the API cannot say, and what it refuses, is counted by its reason: nothing is passed over.
#include <gtest/gtest.h>

#include <map>

#include "lavalink/compare.hpp"
#include "replay/replay_fixture.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;
using Json = nlohmann::json;

class RestReplay : public ReplayTest {
 protected:
  RestReplay() {
    peer->otherwise = [this](const net::HttpRequest& request) -> std::optional<net::HttpResponse> {
      const auto meaning = meaning_of(request);
      EXPECT_TRUE(entry_ && meaning == meaning_of(entry_->at("request")))
          << "not the recorded request: " << meaning.line << " " << meaning.body;
      ++arrived_;
      if (!entry_ || !entry_->at("response").contains("status")) return {};
      return recorded_answer(entry_->at("response"));
    };
  }

  /// A Node with that session, password and trace; the last one is used again if it is the same.
  void use(const RecordedCall& call) {
    const auto session = call.session_id.empty() ? "any" : call.session_id;
    const auto key = session + "\n" + call.password + (call.trace ? "\ntrace" : "");
    if (node && key == node_key_) return;
    node_key_ = key;
    peer->greeting = [session](const net::HttpRequest&) -> std::vector<std::string> {
      return {Json{{"op", "ready"}, {"resumed", false}, {"sessionId", session}}.dump()};
    };
    auto with = options();
    with.password = call.password;
    with.trace = call.trace;
    with.resuming = false;
    node.reset();
    poll();
    connected(with);
    ASSERT_EQ(node->session_id(), session);
  }

  /// Sends one recorded request and checks what comes back.
  void replay(const Json& entry, const RecordedCall& call) {
    use(call);
    entry_ = &entry;
    arrived_ = 0;
    std::visit([&](const auto& each) { run(each); }, call.call);
    entry_ = nullptr;
  }

  template <class T, class Start>
  void check(Start start) {
    const auto waiting = begin<T>(std::move(start));
    const auto& response = entry_->at("response");
    if (!response.contains("status")) {
      ASSERT_TRUE(run_until([&] { return arrived_ == 1; }));
      clock->advance(node->options().load_timeout);  // the longest of all
    }
    ASSERT_TRUE(run_until([&] { return waiting->has_value(); }));
    const auto& result = **waiting;
    if (!result && result.error() == Errc::invalid_argument) {
      EXPECT_EQ(arrived_, 0) << "refused, but sent";
      ++refused[result.error().message.substr(0, result.error().message.find(' '))];  // the field
      return;
    }
    EXPECT_EQ(arrived_, 1);
    if (!response.contains("status")) {
      ++unanswered;
      ASSERT_FALSE(result);
      EXPECT_TRUE(result.error() == Errc::request_timeout) << result.error().what();
    } else if (response.at("status") < 300) {
      ++succeeded;
      ASSERT_TRUE(result) << result.error().what();
      check_value(result, response);
    } else {
      ++failed[response.at("status").get<int>()];
      ASSERT_FALSE(result);
      check_error(result.error(), response);
    }
  }

  static void check_value(const Result<void>&, const Json& response) { EXPECT_EQ(response.at("status"), 204); }
  static void check_value(const Result<std::string>& version, const Json& response) {
    EXPECT_EQ(*version, response.at("raw").get<std::string>());
  }
  static void check_value(const Result<RouteplannerStatus>& status, const Json& response) {
    if (response.at("status") != 204) return test::compare(*status, response.at("body"));
    EXPECT_FALSE(status->kind);
  }
  template <class T>
  static void check_value(const Result<T>& value, const Json& response) {
    test::compare(*value, response.at("body"));
  }

  void check_error(const Error& error, const Json& response) const {
    EXPECT_TRUE(error == Errc::http_status) << error.what();
    EXPECT_EQ(error.http_status, response.at("status").get<int>());
    EXPECT_EQ(error.body, response.at("raw").get<std::string>());
    const auto& body = response.at("body");
    EXPECT_EQ(error.message, body.is_object() ? body.at("message").get<std::string>() : "");
    EXPECT_EQ(error.trace, body.is_object() ? body.value("trace", "") : "");
    const auto path = entry_->at("request").at("path").get<std::string>();
    EXPECT_EQ(error.route,
              entry_->at("request").at("method").get<std::string>() + " " + path.substr(0, path.find('?')));
  }

  void run(const call::Version&) {
    check<std::string>([&](auto done) { node->fetch_version(std::move(done)); });
  }
  void run(const call::Info&) {
    check<Info>([&](auto done) { node->fetch_info(std::move(done)); });
  }
  void run(const call::Stats&) {
    check<Stats>([&](auto done) { node->fetch_stats(std::move(done)); });
  }
  void run(const call::LoadTracks& c) {
    check<LoadResult>([&](auto done) { node->load_tracks(c.identifier, std::move(done)); });
  }
  void run(const call::DecodeTrack& c) {
    check<Track>([&](auto done) { node->decode_track(c.encoded, std::move(done)); });
  }
  void run(const call::DecodeTracks& c) {
    check<std::vector<Track>>([&](auto done) { node->decode_tracks(c.encoded, std::move(done)); });
  }
  void run(const call::UpdateSession& c) {
    check<SessionState>([&](auto done) { node->update_session(c.update, std::move(done)); });
  }
  void run(const call::Players&) {
    check<std::vector<PlayerSnapshot>>([&](auto done) { node->fetch_players(std::move(done)); });
  }
  void run(const call::GetPlayer& c) {
    check<PlayerSnapshot>([&](auto done) { node->fetch_player(c.guild_id, std::move(done)); });
  }
  void run(const call::UpdatePlayer& c) {
    check<PlayerSnapshot>([&](auto done) { node->update_player(c.guild_id, c.update, c.replace, std::move(done)); });
  }
  void run(const call::DestroyPlayer& c) {
    check<void>([&](auto done) { node->destroy_player(c.guild_id, std::move(done)); });
  }
  void run(const call::RouteplannerStatus&) {
    check<RouteplannerStatus>([&](auto done) { node->fetch_routeplanner_status(std::move(done)); });
  }
  void run(const call::FreeAddress& c) {
    check<void>([&](auto done) { node->free_routeplanner_address(c.address, std::move(done)); });
  }
  void run(const call::FreeAllAddresses&) {
    check<void>([&](auto done) { node->free_all_routeplanner_addresses(std::move(done)); });
  }

  int succeeded = 0, unanswered = 0;
  std::map<int, int> failed;
  std::map<std::string, int> refused, unsayable;

 private:
  const Json* entry_ = nullptr;
  int arrived_ = 0;
  std::string node_key_;
};

TEST_F(RestReplay, EveryRequestThatTheApiLetsAUserSend) {
  int all = 0;
  for (const auto& [name, entries] : recordings()) {
    for (const auto& entry : entries) {
      if (entry.at("kind") != "http") continue;
      SCOPED_TRACE(where(name, entry));
      ++all;
      try {
        const auto call = read_call(entry.at("request"));
        replay(entry, call);
      } catch (const Unsayable& why) {
        ++unsayable[why.reason];
      }
      if (HasFatalFailure()) return;
    }
  }
  const std::map<int, int> expected_failed = {{400, 15}, {403, 5}, {404, 16}, {500, 18}};
  const std::map<std::string, int> expected_refused = {
      {"endTime", 3},
      {"filters.channelMix.leftToLeft", 2},
      {"filters.equalizer[0].band", 2},
      {"filters.equalizer[0].gain", 2},
      {"filters.timescale.pitch", 1},
      {"filters.timescale.rate", 1},
      {"filters.timescale.speed", 4},
      {"filters.tremolo.depth", 4},
      {"filters.tremolo.frequency", 2},
      {"filters.vibrato.depth", 3},
      {"filters.vibrato.frequency", 3},
      {"filters.volume", 3},
      {"identifier", 1},
      {"position", 1},
      {"timeout", 1},
      {"track", 1},
      {"track.encoded", 1},
      {"track.userData", 4},
      {"voice.channelId", 3},
      {"voice.endpoint", 3},
      {"voice.sessionId", 1},
      {"voice.token", 2},
      {"volume", 4},
  };
  const std::map<std::string, int> expected_unsayable = {
      {"a body or filter that is no object", 12},
      {"a body that is no JSON", 16},
      {"a body without its only field", 1},
      {"a broken escape in the query", 1},
      {"a field that the docs do not have, or no longer", 10},
      {"a query that the docs do not have", 5},
      {"a query without a value", 1},
      {"a value of a type that the field does not have", 27},
      {"an equalizer band without band or gain", 2},
      {"an id that is no number", 6},
      {"another content type", 4},
      {"headers of other clients", 2},
      {"no body", 2},
      {"no password", 5},
      {"no route of the API", 31},
  };
  EXPECT_EQ(all, 532);
  EXPECT_EQ(succeeded, 296);
  EXPECT_EQ(unanswered, 5);
  EXPECT_EQ(failed, expected_failed);
  EXPECT_EQ(refused, expected_refused);
  EXPECT_EQ(unsayable, expected_unsayable);
}

}  // namespace
}  // namespace lavapp::test
