// Every operation, in each style of waiting, and each way of not getting an answer: one table, many rows.
#include <boost/asio/version.hpp>
#include <utility>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <functional>
#include <map>

#include "lavalink/node_fixture.hpp"
#include "lavapp/asio.hpp"
#include "lavapp/future.hpp"

namespace lavapp::lavalink {
namespace {

/// How an operation ended: nothing is success.
using Outcome = std::shared_ptr<std::optional<std::optional<Error>>>;

/// Starts the operation on a node, and tells its outcome.
using Start = std::function<Outcome(Node&, CallOptions)>;
/// As Start, in a style that may need to be looked at to be done.
struct Waiting {
  std::function<bool()> done;
  std::function<std::optional<Error>()> outcome;
};

struct Operation {
  std::string name;
  bool needs_connection = true;
  Start callback;
  std::function<Waiting(Node&, CallOptions)> future;
  std::function<Waiting(Node&, CallOptions)> asio_future;
  std::function<Outcome(Node&, CallOptions, boost::asio::io_context&)> coroutine;
};

template <class Future>
Waiting wait_for(Future future) {
  auto shared = std::make_shared<Future>(std::move(future));
  return {[shared] { return shared->wait_for(0s) == std::future_status::ready; },
          [shared]() -> std::optional<Error> {
            try {
              shared->get();
              return {};
            } catch (const Exception& error) {
              return error.error();
            }
          }};
}

#if defined(BOOST_ASIO_HAS_CO_AWAIT)
template <class Call>
boost::asio::awaitable<void> run(Call call, Node& node, CallOptions options, Outcome outcome) {
  try {
    co_await call(node, boost::asio::use_awaitable, std::move(options));
    outcome->emplace();
  } catch (const Exception& error) {
    outcome->emplace(error.error());
  }
}
#endif

/// One row: `call(node, token, options)` starts the operation with any token.
template <class Call>
Operation row(std::string name, Call call, bool needs_connection = true) {
  Operation result;
  result.name = std::move(name);
  result.needs_connection = needs_connection;
  result.callback = [call](Node& node, CallOptions options) {
    auto outcome = std::make_shared<std::optional<std::optional<Error>>>();
    call(
        node,
        [outcome](auto got) {
          EXPECT_FALSE(outcome->has_value()) << "completed twice";
          outcome->emplace();
          if (!got) **outcome = std::move(got.error());
        },
        std::move(options));
    EXPECT_FALSE(outcome->has_value()) << "completed inside the call";
    return outcome;
  };
  result.future = [call](Node& node, CallOptions options) {
    return wait_for(call(node, use_future, std::move(options)));
  };
  result.asio_future = [call](Node& node, CallOptions options) {
    return wait_for(call(node, boost::asio::use_future, std::move(options)));
  };
#if defined(BOOST_ASIO_HAS_CO_AWAIT)
  result.coroutine = [call](Node& node, CallOptions options, boost::asio::io_context& context) {
    auto outcome = std::make_shared<std::optional<std::optional<Error>>>();
    boost::asio::co_spawn(context, run(call, node, std::move(options), outcome), boost::asio::detached);
    return outcome;
  };
#endif
  return result;
}

Track a_track() {
  Track track;
  track.encoded = "QAAA";
  return track;
}

VoiceState a_voice() {
  VoiceState voice;
  voice.token = "t";
  voice.endpoint = "e";
  voice.session_id = "s";
  voice.channel_id = 3;
  return voice;
}

std::vector<Operation> operations() {
  const auto o = [](CallOptions& options) { return std::move(options); };
  return {
      row(
          "connect", [o](Node& n, auto&& t, CallOptions c) { return n.connect(t, o(c)); }, false),
      row("shutdown", [o](Node& n, auto&& t, CallOptions c) { return n.shutdown(KeepSession::no, t, o(c)); }),
      row("fetch_version", [o](Node& n, auto&& t, CallOptions c) { return n.fetch_version(t, o(c)); }),
      row("fetch_info", [o](Node& n, auto&& t, CallOptions c) { return n.fetch_info(t, o(c)); }),
      row("fetch_stats", [o](Node& n, auto&& t, CallOptions c) { return n.fetch_stats(t, o(c)); }),
      row("load_tracks", [o](Node& n, auto&& t, CallOptions c) { return n.load_tracks("a", t, o(c)); }),
      row("decode_track", [o](Node& n, auto&& t, CallOptions c) { return n.decode_track("QAAA", t, o(c)); }),
      row("decode_tracks", [o](Node& n, auto&& t, CallOptions c) { return n.decode_tracks({"QAAA"}, t, o(c)); }),
      row("update_session",
          [o](Node& n, auto&& t, CallOptions c) {
            return n.update_session(SessionUpdate{true, 60s}, t, o(c));
          }),
      row("fetch_players", [o](Node& n, auto&& t, CallOptions c) { return n.fetch_players(t, o(c)); }),
      row("fetch_player", [o](Node& n, auto&& t, CallOptions c) { return n.fetch_player(7, t, o(c)); }),
      row("update_player",
          [o](Node& n, auto&& t, CallOptions c) {
            return n.update_player(7, PlayerUpdateRequest{}, Replace::yes, t, o(c));
          }),
      row("destroy_player", [o](Node& n, auto&& t, CallOptions c) { return n.destroy_player(7, t, o(c)); }),
      row("fetch_routeplanner_status",
          [o](Node& n, auto&& t, CallOptions c) { return n.fetch_routeplanner_status(t, o(c)); }),
      row("free_routeplanner_address",
          [o](Node& n, auto&& t, CallOptions c) { return n.free_routeplanner_address("1.2.3.4", t, o(c)); }),
      row("free_all_routeplanner_addresses",
          [o](Node& n, auto&& t, CallOptions c) { return n.free_all_routeplanner_addresses(t, o(c)); }),
      row("Player::play", [o](Node& n, auto&& t, CallOptions c) { return n.player(7).play(a_track(), t, {}, o(c)); }),
      row("Player::stop", [o](Node& n, auto&& t, CallOptions c) { return n.player(7).stop(t, o(c)); }),
      row("Player::pause", [o](Node& n, auto&& t, CallOptions c) { return n.player(7).pause(true, t, o(c)); }),
      row("Player::seek", [o](Node& n, auto&& t, CallOptions c) { return n.player(7).seek(5s, t, o(c)); }),
      row("Player::set_volume", [o](Node& n, auto&& t, CallOptions c) { return n.player(7).set_volume(50, t, o(c)); }),
      row("Player::set_filters",
          [o](Node& n, auto&& t, CallOptions c) { return n.player(7).set_filters({}, t, o(c)); }),
      row("Player::update_voice",
          [o](Node& n, auto&& t, CallOptions c) { return n.player(7).update_voice(a_voice(), t, o(c)); }),
  };
}

class NodeOperations : public NodeTest {
 protected:
  NodeOperations() {
    const auto nothing = [](const net::HttpRequest&) { return test::empty_answer(204); };
    peer->routes["GET /version"] = [](const net::HttpRequest&) {
      auto answer = test::json_answer("4.2.2");
      answer.headers = {{"Content-Type", "text/plain;charset=UTF-8"}};
      return answer;
    };
    peer->route("GET /v4/info", kInfoJson);
    peer->route("GET /v4/stats", kStatsJson);
    peer->route("GET /v4/loadtracks", std::string(R"({"loadType":"track","data":)") + kTrackJson + "}");
    peer->route("GET /v4/decodetrack", kTrackJson);
    peer->route("POST /v4/decodetracks", std::string("[") + kTrackJson + "]");
    peer->route("GET /v4/sessions/s1/players", "[" + player_json("7") + "]");
    peer->route("GET /v4/sessions/s1/players/7", player_json("7"));
    peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
    peer->routes["DELETE /v4/sessions/s1/players/7"] = nothing;
    peer->routes["GET /v4/routeplanner/status"] = nothing;
    peer->routes["POST /v4/routeplanner/free/address"] = nothing;
    peer->routes["POST /v4/routeplanner/free/all"] = nothing;
  }

  void prepare(const Operation& operation) {
    node.reset();
    poll();
    peer->hangs = false;
    peer->answers_close = true;
    peer->requests.clear();
    peer->handshakes.clear();
    peer->close_codes.clear();
    auto with = options();
    with.rest.max_attempts = attempts;
    if (operation.needs_connection) {
      connected(with);
      peer->requests.clear();
      peer->handshakes.clear();
    } else {
      make(with);
    }
  }
  std::uint32_t attempts = 3;
  bool asked() { return !peer->requests.empty() || !peer->handshakes.empty(); }
  /// Starts the operation on a node that does not answer, and waits until it has been asked.
  Outcome hanging(const Operation& operation, CallOptions call = {}) {
    prepare(operation);
    peer->hangs = true;
    auto outcome = operation.callback(*node, std::move(call));
    EXPECT_TRUE(run_until([&] { return asked(); })) << operation.name;
    return outcome;
  }
  void expect(const Operation& operation, const Outcome& outcome, Errc code) {
    ASSERT_TRUE(run_until([&] { return outcome->has_value(); })) << operation.name << " never completed";
    ASSERT_TRUE((*outcome)->has_value()) << operation.name << " succeeded";
    EXPECT_TRUE(**outcome == code) << operation.name << ": " << (**outcome)->what();
  }
};

/// What an error tells of the route of each operation that is a REST request, as Lavalink's docs write it.
std::string documented_route(const std::string& operation) {
  const std::map<std::string, std::string> routes = {
      {"fetch_version", "GET /version"},
      {"fetch_info", "GET /v4/info"},
      {"fetch_stats", "GET /v4/stats"},
      {"load_tracks", "GET /v4/loadtracks"},
      {"decode_track", "GET /v4/decodetrack"},
      {"decode_tracks", "POST /v4/decodetracks"},
      {"update_session", "PATCH /v4/sessions/{sessionId}"},
      {"fetch_players", "GET /v4/sessions/{sessionId}/players"},
      {"fetch_player", "GET /v4/sessions/{sessionId}/players/{guildId}"},
      {"update_player", "PATCH /v4/sessions/{sessionId}/players/{guildId}"},
      {"destroy_player", "DELETE /v4/sessions/{sessionId}/players/{guildId}"},
      {"fetch_routeplanner_status", "GET /v4/routeplanner/status"},
      {"free_routeplanner_address", "POST /v4/routeplanner/free/address"},
      {"free_all_routeplanner_addresses", "POST /v4/routeplanner/free/all"},
  };
  if (operation.rfind("Player::", 0) == 0) return routes.at("update_player");
  const auto found = routes.find(operation);
  return found == routes.end() ? "" : found->second;
}

TEST_F(NodeOperations, ARefusalAtOnceTellsTheRouteAndWhy) {
  int refused = 0;
  for (const auto& operation : operations()) {
    const auto route = documented_route(operation.name);
    if (route.empty()) continue;
    make();
    if (route.find("{sessionId}") != route.npos) {
      const auto outcome = operation.callback(*node, {});
      expect(operation, outcome, Errc::no_session);
      ASSERT_TRUE(outcome->has_value() && **outcome);
      EXPECT_EQ((**outcome)->route, route);
      EXPECT_EQ((**outcome)->message, "the node is idle");
      ++refused;
    }
    connected();
    ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::no, std::move(done)); }).has_value());
    const auto outcome = operation.callback(*node, {});
    expect(operation, outcome, Errc::not_open);
    ASSERT_TRUE(outcome->has_value() && **outcome);
    EXPECT_EQ((**outcome)->route, route);
    EXPECT_EQ((**outcome)->message, "the node is closed; connect() opens it again");
    ++refused;
  }
  EXPECT_EQ(refused, 14 + 5 + 2 * 7) << "14 operations, 5 of them of a session, and Player's 7";
}

TEST_F(NodeOperations, ADeadlineThatIsNoneTellsTheRouteAndWhy) {
  for (const auto& operation : operations()) {
    auto route = documented_route(operation.name);
    if (route.empty()) continue;
    for (const auto& [placeholder, id] : {std::pair{"{sessionId}", "s1"}, {"{guildId}", "7"}}) {
      const auto at = route.find(placeholder);
      if (at != route.npos) route.replace(at, std::string(placeholder).size(), id);
    }
    prepare(operation);
    CallOptions call;
    call.deadline = 0ms;
    const auto outcome = operation.callback(*node, call);
    expect(operation, outcome, Errc::invalid_argument);
    ASSERT_TRUE(outcome->has_value() && **outcome);
    EXPECT_EQ((**outcome)->route, route);
    EXPECT_NE((**outcome)->message.find("deadline"), std::string::npos) << (**outcome)->what();
  }
}

TEST_F(NodeOperations, CompleteACallback) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    prepare(operation);
    const auto outcome = operation.callback(*node, {});
    ASSERT_TRUE(run_until([&] { return outcome->has_value(); })) << operation.name;
    EXPECT_FALSE(outcome->value().has_value()) << operation.name << ": " << outcome->value()->what();
  }
}

TEST_F(NodeOperations, CompleteAFuture) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    for (const auto& style : {operation.future, operation.asio_future}) {
      prepare(operation);
      const auto waiting = style(*node, {});
      ASSERT_TRUE(run_until(waiting.done)) << operation.name;
      const auto error = waiting.outcome();
      EXPECT_FALSE(error.has_value()) << operation.name << ": " << error->what();
    }
  }
}

#if defined(BOOST_ASIO_HAS_CO_AWAIT)
TEST_F(NodeOperations, CompleteACoroutine) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    prepare(operation);
    const auto outcome = operation.coroutine(*node, {}, context);
    ASSERT_TRUE(run_until([&] { return outcome->has_value(); })) << operation.name;
    EXPECT_FALSE(outcome->value().has_value()) << operation.name << ": " << outcome->value()->what();
  }
}

TEST_F(NodeOperations, FailACoroutineWithTheSameError) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    prepare(operation);
    CallOptions call;
    CancelSource source;
    source.cancel();
    call.cancel = source.token();
    expect(operation, operation.coroutine(*node, call, context), Errc::cancelled);
  }
}
#endif

TEST_F(NodeOperations, AreEndedByTheirDeadline) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    CallOptions call;
    call.deadline = 700ms;
    const auto outcome = hanging(operation, call);
    advance(699ms);
    EXPECT_FALSE(outcome->has_value()) << operation.name;
    advance(1ms);
    const auto code = operation.name == "connect"    ? Errc::connect_timeout
                      : operation.name == "shutdown" ? Errc::close_timeout
                                                     : Errc::request_timeout;
    expect(operation, outcome, code);
    if (code == Errc::request_timeout) {
      EXPECT_NE((**outcome)->route, "") << operation.name;
    }
  }
}

TEST_F(NodeOperations, RefuseADeadlineThatIsNone) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    prepare(operation);
    CallOptions call;
    call.deadline = 0ms;
    expect(operation, operation.callback(*node, call), Errc::invalid_argument);
    EXPECT_FALSE(asked()) << operation.name;
  }
}

TEST_F(NodeOperations, AreCancelledByTheirToken) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    CancelSource source;
    CallOptions call;
    call.cancel = source.token();
    const auto outcome = hanging(operation, call);
    source.cancel();
    EXPECT_FALSE(outcome->has_value()) << "completed inside cancel()";
    expect(operation, outcome, Errc::cancelled);
  }
}

TEST_F(NodeOperations, AreEndedByTheNodesDestruction) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    const auto outcome = hanging(operation);
    node.reset();
    expect(operation, outcome, Errc::closed);
    ASSERT_TRUE(run_until([&] { return peer->connections() == 0; })) << operation.name << " left a connection";
    EXPECT_EQ(clock->pending(), 0u) << operation.name << " left a timer";
  }
}

TEST_F(NodeOperations, AreEndedByTheNodesDestructionBeforeTheyBegan) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    prepare(operation);
    const auto outcome = operation.callback(*node, {});
    node.reset();
    expect(operation, outcome, Errc::closed);
  }
}

TEST_F(NodeOperations, MayDestroyTheNodeInTheirCallback) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;  // each that fails waits long
    for (const bool succeeds : {true, false}) {
      prepare(operation);
      CancelSource source;
      if (!succeeds) source.cancel();
      CallOptions call;
      call.cancel = source.token();
      const auto outcome = operation.callback(*node, call);
      node->on(Node::closed, [&] { node.reset(); });
      ASSERT_TRUE(run_until([&] { return outcome->has_value(); })) << operation.name;
      node.reset();
      ASSERT_TRUE(run_until([&] { return peer->connections() == 0; })) << operation.name;
    }
  }
}

TEST_F(NodeOperations, FailOnAClosedNodeWithOneClearError) {
  for (const auto& operation : operations()) {
    if (HasFailure()) return;                                                   // each that fails waits long
    if (operation.name == "connect" || operation.name == "shutdown") continue;  // both are right there
    prepare(operation);
    ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::yes, std::move(done)); }).has_value());
    peer->requests.clear();
    expect(operation, operation.callback(*node, {}), Errc::not_open);
    EXPECT_FALSE(asked()) << operation.name;
  }
}

TEST_F(NodeOperations, FailWithTheConnectionWhenThePeerCutsIt) {
  attempts = 1;
  for (const auto& operation : operations()) {
    if (HasFailure()) return;                                                   // each that fails waits long
    if (operation.name == "connect" || operation.name == "shutdown") continue;  // their tests are elsewhere
    const auto outcome = hanging(operation);
    // A request may be sent once more over a fresh connection; a peer that goes on dropping ends it.
    for (int i = 0; i < 5 && !outcome->has_value(); ++i) {
      const auto asked_before = peer->requests.size();
      peer->drop();
      ASSERT_TRUE(run_until([&] { return outcome->has_value() || peer->requests.size() > asked_before; }));
    }
    expect(operation, outcome, Errc::connection_lost);
  }
}

}  // namespace
}  // namespace lavapp::lavalink
