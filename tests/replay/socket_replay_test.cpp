// Every recorded WebSocket connection, played back to a Node; and the recorded stories of sessions that were lost and
// taken up again, told to one Node from beginning to end.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "lavalink/compare.hpp"
#include "replay/recorded_socket.hpp"
#include "replay/replay_fixture.hpp"
#include "support/frames.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;

class SocketReplay : public ReplayTest {
 protected:
  SocketReplay() {
    peer->on_handshake = [this](const net::HttpRequest& request) {
      auto answer = recorded_answer(socket_.open.at("response"));
      if (answer.status == 101) {  // all as it was but the one header that depends on the request
        for (auto& [name, value] : answer.headers) {
          if (name == "Sec-WebSocket-Accept") value = *find_header(FakeNode::accept(request).headers, name);
        }
        answer.headers.emplace_back("Connection", "Upgrade");
      }
      return answer;
    };
    peer->greeting = [this](const net::HttpRequest&) { return socket_.texts; };
    // PATCHes of the session, by which the node asks for resuming.
    peer->otherwise = [](const net::HttpRequest& request) {
      EXPECT_EQ(request.method, "PATCH");
      const auto asked = nlohmann::json::parse(request.body);
      return json_answer(nlohmann::json{{"resuming", asked.value("resuming", false)}, {"timeout", 60}}.dump());
    };
  }

  /// A node that listens to everything.
  void make_node(NodeOptions with) {
    node.reset();
    poll();
    raw.clear();
    typed = 0;
    errors.clear(), warnings.clear();
    make(std::move(with));
    node->on(Node::raw, [this](std::string_view text) { raw.emplace_back(text); });
    node->on(Node::ready, [this](const Ready& m) { check(m), readies.push_back({m.resumed, m.session_id}); });
    node->on(Node::stats_update, [this](const StatsUpdate& m) { check(m); });
    node->on(Node::player_update, [this](const PlayerUpdate& m) { check(m); });
    node->on(Node::track_start, [this](const TrackStart& m) { check(m); });
    node->on(Node::track_end, [this](const TrackEnd& m) { check(m); });
    node->on(Node::track_exception, [this](const TrackFailed& m) { check(m); });
    node->on(Node::track_stuck, [this](const TrackStuck& m) { check(m); });
    node->on(Node::voice_closed, [this](const VoiceClosed& m) { check(m); });
    node->on(Node::unknown, [](const UnknownMessage& m) { ADD_FAILURE() << m.raw(); });
  }

  /// A message as its listener got it, beside its text.
  template <class Message>
  void check(const Message& message) {
    ++typed;
    EXPECT_EQ(message.raw(), raw.back());
    compare(message, nlohmann::json::parse(message.raw()));
  }

  NodeOptions options_of(const RecordedSocket& socket) const {
    auto out = options();
    out.resuming = false;
    if (const auto id = Snowflake::parse(socket.asked("User-Id")); id && id->value() != 0) out.user_id = *id;
    if (const auto password = socket.asked("Authorization"); !password.empty()) out.password = password;
    out.session_id = socket.asked("Session-Id");
    return out;
  }

  /// All that the server sent has come, in its order, and each message as an event of its own.
  void expect_all_messages(const RecordedSocket& socket) {
    ASSERT_TRUE(run_until([&] { return raw.size() >= socket.texts.size(); }));
    EXPECT_EQ(raw, socket.texts);
    const auto is_unreadable = [](const Error& warning) { return warning == Errc::bad_response; };
    const auto unreadable = std::count_if(warnings.begin(), warnings.end(), is_unreadable);
    EXPECT_EQ(unreadable, cut_texts(socket));
    EXPECT_EQ(static_cast<std::size_t>(typed + unreadable), socket.texts.size());
    // A session that could not be taken up again is another thing to be warned of.
    const bool session_gone = !socket.asked("Session-Id").empty() && !socket.ready->resumed;
    EXPECT_EQ(static_cast<std::ptrdiff_t>(warnings.size()) - unreadable, session_gone ? 1 : 0);
    raw.clear(), warnings.clear();
    typed = 0;
  }

  /// Two messages were recorded up to their 300th byte only.
  static std::ptrdiff_t cut_texts(const RecordedSocket& socket) {
    return std::count_if(socket.texts.begin(), socket.texts.end(), [](const auto& text) { return text.back() == '.'; });
  }

  /// Ends the connection as it ended then; the node notices.
  void end(const RecordedSocket& socket) {
    errors.clear();
    if (socket.end == SocketEnd::server_closed)
      peer->send_close(socket.close_code, socket.close_reason);
    else
      peer->drop(true);
    ASSERT_TRUE(run_until_state(NodeState::reconnecting));
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_FALSE(is_fatal(errors[0])) << errors[0].what();
    if (socket.end == SocketEnd::server_closed) {
      EXPECT_TRUE(errors[0] == Errc::closed_by_peer) << errors[0].what();
      EXPECT_EQ(errors[0].close_code, socket.close_code);
    } else {
      EXPECT_TRUE(errors[0] == Errc::connection_lost) << errors[0].what();
    }
  }

  std::string play_refused(const Result<Ready>& ready) {
    EXPECT_FALSE(ready);
    if (ready) return "";
    const auto& error = ready.error();
    EXPECT_TRUE(is_fatal(error)) << error.what();
    EXPECT_EQ(node->state(), NodeState::closed);
    if (error == Errc::session_refused) {
      EXPECT_EQ(error.close_code, 1011);
      return "closed with 1011 before ready";
    }
    EXPECT_EQ(error.http_status, socket_.status());
    EXPECT_EQ(error.body, socket_.open.at("response").value("raw", ""));
    const bool refusal = error == Errc::handshake_refused || error == Errc::not_a_lavalink_node;
    EXPECT_TRUE(refusal) << error.what();
    return std::string(error == Errc::handshake_refused ? "refused with " : "not a node: ") +
           std::to_string(error.http_status);
  }

  /// Plays one connection to a node of its own; tells in words how it went.
  std::string play(const RecordedSocket& socket) {
    socket_ = socket;
    make_node(options_of(socket));
    const auto connecting = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
    if (socket.status() == 101 && !socket.ready) {
      EXPECT_TRUE(run_until_state(NodeState::awaiting_ready));
      peer->send_close(socket.close_code, socket.close_reason);
    }
    EXPECT_TRUE(run_until([&] { return connecting->has_value(); }));
    if (!connecting->has_value()) return "hung";
    if (!socket.ready) return play_refused(**connecting);

    const auto& ready = **connecting;
    EXPECT_TRUE(ready) << (ready ? "" : ready.error().what());
    if (!ready) return "failed";
    EXPECT_EQ(ready->resumed, socket.ready->resumed);
    EXPECT_EQ(ready->session_id, socket.ready->session_id);
    EXPECT_EQ(node->session_id(), socket.ready->session_id);
    expect_all_messages(socket);
    for (const auto& payload : socket.pongs) peer->send_raw(pong_frame(payload));
    if (socket.end == SocketEnd::client_closed || socket.end == SocketEnd::none) {
      const auto done = await<void>([&](auto handler) { node->shutdown(KeepSession::no, std::move(handler)); });
      EXPECT_TRUE(done) << (done ? "" : done.error().what());
      EXPECT_EQ(node->state(), NodeState::closed);
      EXPECT_EQ(peer->close_codes.back(), 1000);
      EXPECT_TRUE(errors.empty());
      return "closed by us";
    }
    end(socket);
    return socket.end == SocketEnd::lost ? "lost" : "closed with " + std::to_string(socket.close_code);
  }

  std::vector<std::string> raw;
  std::vector<std::pair<bool, std::string>> readies;
  int typed = 0;
  RecordedSocket socket_;
};

TEST_F(SocketReplay, EveryConnection) {
  std::map<std::string, int> outcomes;
  std::size_t messages = 0;
  for (const auto& recording : recordings()) {
    for (const auto& socket : sockets_of(recording)) {
      SCOPED_TRACE(where(recording.name, socket.open));
      ++outcomes[play(socket)];
      messages += socket.texts.size();
      if (HasFatalFailure()) return;
    }
  }
  const std::map<std::string, int> expected = {
      {"closed by us", 44},    {"lost", 11},
      {"closed with 1000", 1},  // by the server
      {"closed with 1001", 2}, {"closed with 1002", 9},
      {"closed with 1003", 1}, {"closed with 1007", 1},
      {"closed with 4000", 1}, {"closed with 1011 before ready", 2},
      {"not a node: 200", 2},  {"refused with 400", 6},
      {"refused with 401", 3}, {"refused with 403", 7},
      {"refused with 404", 1}, {"refused with 426", 1},
  };
  EXPECT_EQ(outcomes, expected);
  EXPECT_EQ(messages, 561u);
}

/// Connections of one recording that one client went through, each in place of the one before.
class Story : public SocketReplay {
 protected:
  void tell(const std::string& name, std::vector<int> connections) {
    for (const auto& socket : sockets_of(recording(name))) by_number_[socket.open.at("conn")] = socket;
    socket_ = by_number_.at(connections.front());
    make_node(options());
    const auto first = await<Ready>([&](auto done) { node->connect(std::move(done)); });
    ASSERT_TRUE(first) << first.error().what();
    arrive();
    for (std::size_t i = 1; i < connections.size(); ++i) {
      SCOPED_TRACE(name + ", connection " + std::to_string(connections[i]));
      go_on(by_number_.at(connections[i]));
      if (HasFatalFailure()) return;
    }
  }

  virtual void while_away() {}

 private:
  void arrive() {
    ASSERT_TRUE(run_until([&] { return raw.size() == socket_.texts.size(); }));
    EXPECT_EQ(node->state(), NodeState::ready);
    EXPECT_EQ(node->session_id(), socket_.ready->session_id);
    ASSERT_FALSE(readies.empty());
    EXPECT_EQ(readies.back(), (std::pair{socket_.ready->resumed, socket_.ready->session_id}));
    expect_all_messages(socket_);
    poll();  // what the node asks of the session, too
  }

  void go_on(const RecordedSocket& next) {
    const auto session = node->session_id();
    const auto before = readies.size();
    end(socket_);
    while_away();
    socket_ = next;
    const auto handshakes = peer->handshakes.size();
    for (int tries = 0; tries < 10 && peer->handshakes.size() == handshakes; ++tries) {
      advance(std::chrono::seconds(60));
      run_until([&] { return peer->handshakes.size() > handshakes || node->state() == NodeState::reconnecting; });
    }
    ASSERT_TRUE(run_until([&] { return readies.size() == before + 1; }));
    const auto* asked = find_header(peer->handshakes.back().headers, "Session-Id");
    ASSERT_NE(asked, nullptr);
    EXPECT_EQ(*asked, session);
    EXPECT_EQ(*asked, next.asked("Session-Id"));  // what the recorded client asked for
    arrive();
    if (!next.ready->resumed) expect_only_players_of(next);
  }

  /// A new session has none of the old one's players.
  void expect_only_players_of(const RecordedSocket& socket) {
    for (const auto guild : node->guilds()) {
      bool told = false;
      for (const auto& text : socket.texts) told = told || text.find(guild.to_string()) != std::string::npos;
      EXPECT_TRUE(told) << guild.to_string();
    }
  }

  std::map<int, RecordedSocket> by_number_;
};

TEST_F(Story, TheSessionIsTakenUpAgainUntilItsResumingWasSwitchedOff) { tell("05b-resume", {1, 2, 5, 8, 9}); }
TEST_F(Story, AnotherSessionBeginsAfterTheTimeout) { tell("05c-resume-timeout", {1, 3}); }
TEST_F(Story, AnotherSessionBeginsWithATimeoutOfZero) { tell("05c-resume-timeout", {4, 5}); }
TEST_F(Story, EventsOfAMinuteComeWithTheResume) { tell("05c-resume-timeout", {2, 6}); }
TEST_F(Story, ReadyCountsAndNotTheHeaderThatSaysNo) { tell("05d-resume-edge", {1, 3}); }
TEST_F(Story, ReadyCountsAndNotTheHeaderThatSaysYes) { tell("05d-resume-edge", {3, 4}); }
TEST_F(Story, AResumeWithoutAPause) { tell("05d-resume-edge", {7, 8}); }

class StoryOfAnAbsence : public Story {
 protected:
  void while_away() override {
    const auto sent = peer->requests.size();
    const auto players = await<std::vector<PlayerSnapshot>>([&](auto done) { node->fetch_players(std::move(done)); });
    ASSERT_FALSE(players);  // the recorded node answered "Session not found"
    EXPECT_TRUE(players.error() == Errc::no_session) << players.error().what();
    PlayerUpdateRequest pause;
    pause.paused = true;
    const auto paused =
        await<PlayerSnapshot>([&](auto done) { node->update_player(2, pause, Replace::yes, std::move(done)); });
    ASSERT_FALSE(paused);
    EXPECT_TRUE(paused.error() == Errc::no_session) << paused.error().what();
    EXPECT_EQ(peer->requests.size(), sent);
  }
};
TEST_F(StoryOfAnAbsence, NothingOfTheSessionIsAskedWhileItsConnectionIsAway) { tell("05b-resume", {1, 2}); }

class StoryOfARestart : public Story {
 protected:
  void while_away() override {
    peer->stop_listening();
    advance(std::chrono::seconds(60));
    EXPECT_TRUE(run_until([&] { return errors.size() == 2; }));
    EXPECT_TRUE(errors.back() == Errc::connect_failed) << errors.back().what();
    peer->listen_again();
  }
};
TEST_F(StoryOfARestart, AfterTheServersRestartAnotherSessionBegins) { tell("10-shutdown", {2, 4}); }

}  // namespace
}  // namespace lavapp::test
