// Each step of a connection's life, broken there in each way: one error, one end, nothing left over, nothing that hangs.
#include "fault_walk.hpp"

namespace lavapp {
namespace {

enum class Fault {
  silent,     ///< The peer has gone without a word, as half-open connections do.
  closed,     ///< TCP ends, without a Close frame, or close_notify in TLS.
  ended,      ///< The peer sends no more, in an orderly way (TLS: close_notify), but listens.
  reset,      ///< RST.
  truncated,  ///< Half of what it should say, then the end.
  garbage,    ///< Something else.
  alert,      ///< In the TLS handshake: a fatal alert.
};

std::string name_of(Fault fault) {
  static const char* const names[] = {"Silent", "Closed", "Ended", "Reset", "Truncated", "Garbage", "Alert"};
  return names[static_cast<int>(fault)];
}

/// The one error that it must be.
Errc expected(Step step, Fault fault) {
  const bool proxy = step == Step::http_proxy || step == Step::socks5_proxy;
  if (fault == Fault::silent) {
    if (proxy) return Errc::proxy_timeout;
    if (step == Step::tls) return Errc::tls_timeout;
    if (!is_open(step)) return Errc::handshake_timeout;
    return step == Step::closing ? Errc::close_timeout : Errc::pong_timeout;
  }
  if (step == Step::tls) return Errc::tls_failed;
  if (fault != Fault::garbage) return Errc::connection_lost;
  if (proxy) return Errc::proxy_refused;
  if (!is_open(step)) return Errc::bad_handshake;
  return step == Step::payload ? Errc::invalid_utf8 : Errc::protocol_error;
}

class BrokenAt : public FaultWalk, public testing::WithParamInterface<std::tuple<Step, Fault>> {
 protected:
  void strike(Step step, Fault fault) {
    const auto rest = step == Step::tls ? "\x16\x03\x03\x00\x7a\x02"s : rest_of(step);
    switch (fault) {
      case Fault::silent:
        if (is_open(step) && step != Step::closing) {
          advance(30s);  // the heartbeat
          poll();
          return advance(5s);
        }
        return advance(10s);
      case Fault::closed: return peer->close();
      case Fault::ended: return peer->end_sending();
      case Fault::reset: return peer->close(true);
      case Fault::truncated:
        peer->write(rest.substr(0, rest.size() / 2));
        return peer->end_sending();
      case Fault::garbage: {
        const auto so_far = peer->received.size();
        peer->write(std::string(64, '\xFF'));
        // A violation is answered with a Close frame; then the peer goes.
        if (is_open(step)) {
          const bool answers = step != Step::closing;
          ASSERT_TRUE(run_until([&] { return has("closed") || !answers || peer->received.size() > so_far; }));
          poll();
          peer->close();
        }
        return;
      }
      case Fault::alert: return peer->write("\x15\x03\x03\x00\x02\x02\x28"s);
    }
  }
};

TEST_P(BrokenAt, OneErrorOneEndAndAFreshStart) {
  const auto [step, fault] = GetParam();
  reach(step);
  strike(step, fault);
  ASSERT_TRUE(run_until_closed());
  poll();

  ASSERT_EQ(errors.size(), 1u);
  EXPECT_TRUE(errors[0].code == expected(step, fault)) << errors[0].what();
  EXPECT_EQ(count("closed:"), 1u);
  EXPECT_EQ(events.back().rfind("closed:", 0), 0u) << events.back();
  EXPECT_EQ(ws->ready_state(), ReadyState::closed);
  ASSERT_EQ(connected.size(), 1u);
  EXPECT_EQ(connected[0].has_value(), is_open(step));
  if (!is_open(step)) {
    EXPECT_TRUE(connected[0].error().code == errors[0].code) << connected[0].error().what();
  }
  if (is_open(step)) {
    ASSERT_EQ(pinged.size(), 1u);
    EXPECT_FALSE(pinged[0]);
  }
  EXPECT_TRUE(run_until_ended(peer));

  // What happened is over: the same WebSocket connects anew, to a server that behaves.
  events.clear();
  errors.clear();
  go_to(step);
  if (step == Step::tls) {
    peer->close();
    ASSERT_TRUE(run_until_closed());
  } else if (is_open(step)) {
    if (step != Step::closing) {
      peer->write(rest_of(step));
      ASSERT_TRUE(run_until([&] { return has("text:hello") || has("text:Hello"); }));
    }
  } else {
    peer->write(rest_of(step));
    if (step < Step::tls) {
      take_request();
      peer->write(rest_of(Step::handshake));
    }
    ASSERT_TRUE(run_until([&] { return has("open"); }));
  }
  ASSERT_EQ(connected.size(), 2u);
  EXPECT_EQ(connected[1].has_value(), step != Step::tls);
  expect_nothing_left();
}

std::vector<std::tuple<Step, Fault>> every_fault() {
  std::vector<std::tuple<Step, Fault>> all;
  for (const auto step : kSteps) {
    for (const auto fault : {Fault::silent, Fault::closed, Fault::ended, Fault::reset, Fault::truncated, Fault::garbage, Fault::alert}) {
      if (fault == Fault::alert && step != Step::tls) continue;
      all.emplace_back(step, fault);
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Each, BrokenAt, testing::ValuesIn(every_fault()), [](const auto& one) {
  return name_of(std::get<0>(one.param)) + name_of(std::get<1>(one.param));
});

class OneByteAtATime : public FaultWalk, public testing::WithParamInterface<Step> {
 protected:
  void trickle(const std::string& bytes) {
    for (const char byte : bytes) {
      peer->write(std::string(1, byte));
      poll();
    }
  }
};

TEST_P(OneByteAtATime, IsAsGoodAsAtOnce) {
  const auto step = GetParam();
  reach(step);
  trickle(rest_of(step));
  if (step < Step::tls) {
    take_request();
    trickle(rest_of(Step::handshake));
  }
  if (step == Step::closing) {
    peer->close();
    ASSERT_TRUE(run_until_closed());
    EXPECT_EQ(count("closed:1000:enough:clean"), 1u);
  } else if (is_open(step)) {
    ASSERT_TRUE(run_until([&] { return has("text:hello") || has("text:Hello"); }));
  } else {
    ASSERT_TRUE(run_until([&] { return has("open"); }));
  }
  EXPECT_TRUE(errors.empty());
  expect_nothing_left();
}

std::vector<Step> but_tls() {
  std::vector<Step> steps(std::begin(kSteps), std::end(kSteps));
  steps.erase(std::find(steps.begin(), steps.end(), Step::tls));
  return steps;
}

INSTANTIATE_TEST_SUITE_P(Each, OneByteAtATime, testing::ValuesIn(but_tls()), [](const auto& one) { return name_of(one.param); });

TEST_F(FaultWalk, TlsOneByteAtATime) {
  make(options_for(Step::tls), url_for(Step::tls));
  keep_token();
  connect();
  const auto front = next_peer();
  Peer back;
  const auto dialer = net::dial(strand, {"127.0.0.1", tls_port(), false}, {}, [&](auto stream) {
    back = std::make_shared<ScriptedPeer>(*std::move(stream));
    back->read();
  });
  ASSERT_TRUE(run_until([&] { return back != nullptr; }));
  std::size_t passed = 0;
  ASSERT_TRUE(run_until([&] {  // between the client and a server that speaks TLS
    back->write(std::exchange(front->received, {}));
    if (passed < back->received.size()) front->write(std::string(1, back->received[passed++]));
    if (peers.size() > 1 && peer == nullptr && peers[1]->received.find("\r\n\r\n") != std::string::npos) {
      peer = peers[1];
      take_request();
      peer->write(rest_of(Step::handshake) + text_frame("hello"));
    }
    return has("text:hello");
  }));
  EXPECT_GT(passed, 500u);
  EXPECT_TRUE(errors.empty());
  back->close();
  expect_nothing_left();
}

class Certificates : public FaultWalk {
 protected:
  /// A server with another certificate than its clients would like.
  void expect_rejected(const test::Identity& identity) {
    const auto other = net::listen(strand, 0, [](auto) {}, identity.certificate_pem, identity.private_key_pem).value();
    make(options_for(Step::idle_tls), "wss://127.0.0.1:" + std::to_string(other->port()) + "/");
    keep_token();
    connect();
    ASSERT_TRUE(run_until_closed());
    poll();
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_TRUE(errors[0].code == Errc::certificate_rejected) << errors[0].what();
    EXPECT_EQ(count("closed:1006"), 1u);
    ASSERT_EQ(connected.size(), 1u);
    EXPECT_TRUE(connected[0].error() == Errc::certificate_rejected);
    other->close();
    expect_nothing_left();
  }
};

TEST_F(Certificates, OfNobodyOneTrusts) { expect_rejected(test::self_signed()); }
TEST_F(Certificates, OfAnotherHost) {
  test::CertificateWishes wishes;
  wishes.names = "DNS:elsewhere.example";
  expect_rejected(authority().issue(wishes));
}
TEST_F(Certificates, Expired) {
  test::CertificateWishes wishes;
  wishes.valid_from = -48h;
  wishes.valid_until = -24h;
  expect_rejected(authority().issue(wishes));
}

TEST_F(FaultWalk, RefusedByAPortThatNobodyListensOn) {
  const auto port = listener->port();
  listener->close();
  poll();
  make(options_for(Step::idle), "ws://127.0.0.1:" + std::to_string(port) + "/");
  keep_token();
  connect();
  ASSERT_TRUE(run_until_closed());
  poll();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_TRUE(errors[0].code == Errc::connect_failed) << errors[0].what();
  EXPECT_EQ(count("closed:1006"), 1u);
  EXPECT_TRUE(connected.at(0).error() == Errc::connect_failed);
  expect_nothing_left();
}

}  // namespace
}  // namespace lavapp
