#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>

#include "net/net_fixture.hpp"

namespace lavapp::net {
namespace {

/// A port that answers no connection attempt: its queue of connections is full and nobody takes any.
class SilentPort {
 public:
  explicit SilentPort(const char* address = "127.0.0.1") {
    boost::asio::io_context context;
    const boost::asio::ip::tcp::endpoint local(boost::asio::ip::make_address(address), 0);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener_, local.data(), static_cast<socklen_t>(local.size())), 0);
    EXPECT_EQ(::listen(listener_, 0), 0);
    sockaddr_in bound{};
    socklen_t size = sizeof(bound);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size);
    port = ntohs(bound.sin_port);
    for (int i = 0; i < 4; ++i) {
      const int filler = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      (void)!::connect(filler, reinterpret_cast<sockaddr*>(&bound), size);
      fillers_.push_back(filler);
    }
  }
  ~SilentPort() {
    for (const int filler : fillers_) ::close(filler);
    ::close(listener_);
  }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  std::uint16_t port = 0;

 private:
  int listener_;
  std::vector<int> fillers_;
};

std::uint16_t refused_port() {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

class DialTest : public NetTest {
 protected:
  using Outcome = Result<std::shared_ptr<ByteStream>>;
  std::shared_ptr<Dialer> start(Endpoint endpoint, DialOptions options = {}) {
    options.trace = [this](std::string_view line) { traced.emplace_back(line); };
    auto dialer =
        dial(strand, std::move(endpoint), std::move(options), [this](Outcome r) { results.push_back(std::move(r)); });
    EXPECT_TRUE(results.empty()) << "ended inside dial()";
    return dialer;
  }
  bool run() {
    return run_until([&] { return !results.empty(); });
  }
  const Error& error() const { return results.at(0).error(); }
  std::shared_ptr<FakeResolver> resolver(Resolver::Addresses addresses = {}) {
    return std::make_shared<FakeResolver>(std::move(addresses));
  }
  DialOptions with(std::shared_ptr<Resolver> resolver) {
    DialOptions options;
    options.resolver = std::move(resolver);
    return options;
  }
  std::vector<Outcome> results;
  std::vector<std::string> traced;
};

TEST_F(DialTest, ConnectsToLocalhostByName) {
  std::shared_ptr<ByteStream> accepted;
  const auto listener = listen(strand, 0, [&](auto s) { accepted = std::move(s); }).value();
  start({"localhost", listener->port(), false});
  ASSERT_TRUE(run());
  ASSERT_TRUE(results[0]) << results[0].error().what();
  EXPECT_TRUE((*results[0])->is_open());
  EXPECT_EQ(traced.front(), "resolving localhost");
  EXPECT_EQ(clock->pending(), 0u);
  listener->close();
}

TEST_F(DialTest, ARefusedPortIsConnectFailedWithItsCause) {
  start({"127.0.0.1", refused_port(), false});
  ASSERT_TRUE(run());
  EXPECT_TRUE(error() == Errc::connect_failed);
  EXPECT_EQ(error().cause, std::errc::connection_refused);
  EXPECT_EQ(clock->pending(), 0u);
}

TEST_F(DialTest, ANameThatDoesNotExistIsResolveFailed) {
  start({"no-such-host.invalid", 80, false});
  ASSERT_TRUE(run());
  EXPECT_TRUE(error() == Errc::resolve_failed) << error().what();
  EXPECT_EQ(error().message, "no-such-host.invalid");
  EXPECT_TRUE(error().cause);
}

TEST_F(DialTest, WhatIsWrongWithTheArgumentsIsNamed) {
  start({"", 80, false});
  ASSERT_TRUE(run());
  EXPECT_TRUE(error() == Errc::invalid_argument);
  results.clear();
  start({std::string("a\0b", 3), 80, false});
  ASSERT_TRUE(run());
  EXPECT_TRUE(error() == Errc::invalid_argument);
  results.clear();
  DialOptions options;
  options.connect_timeout = 0ms;
  start({"127.0.0.1", 80, false}, options);
  ASSERT_TRUE(run());
  EXPECT_EQ(error().message, "connect_timeout must be more than 0 ms");
}

TEST_F(DialTest, ResolvingHasATimeLimitOfItsOwn) {
  const auto silent = resolver();
  const auto dialer = start({"name", 80, false}, with(silent));
  poll();
  EXPECT_EQ(dialer->step_timeout(), Errc::resolve_timeout);
  clock->advance(4999ms);
  poll();
  EXPECT_TRUE(results.empty());
  EXPECT_EQ(*silent->cancelled, 0);
  clock->advance(1ms);
  poll();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(error() == Errc::resolve_timeout);
  EXPECT_EQ(*silent->cancelled, 1) << "it would keep other names waiting";
  silent->waiting[0](Resolver::Addresses{"127.0.0.1"});
  poll();
  EXPECT_EQ(results.size(), 1u);
}

TEST_F(DialTest, ConnectingHasATimeLimitOfItsOwn) {
  const SilentPort silent;
  const auto dialer = start({"127.0.0.1", silent.port, false});
  poll();
  EXPECT_EQ(dialer->step_timeout(), Errc::connect_timeout);
  clock->advance(4999ms);
  poll();
  EXPECT_TRUE(results.empty());
  clock->advance(1ms);
  poll();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(error() == Errc::connect_timeout);
}

TEST_F(DialTest, TriesTheNextAddressWhenOneRefuses) {
  const auto listener = listen(strand, 0, [](auto) {}).value();
  start({"name", listener->port(), false}, with(resolver({"::1", "127.0.0.2", "127.0.0.1"})));
  ASSERT_TRUE(run());
  EXPECT_TRUE(results[0]) << error().what();
  listener->close();
}

TEST_F(DialTest, ADeadAddressCostsAQuarterOfASecond) {
  const SilentPort silent("127.0.0.2");
  const auto listener = listen(strand, silent.port, [](auto) {});
  ASSERT_TRUE(listener);
  start({"name", silent.port, false}, with(resolver({"127.0.0.2", "127.0.0.1"})));
  poll();
  clock->advance(250ms);
  ASSERT_TRUE(run());
  EXPECT_TRUE(results[0]) << error().what();
  EXPECT_EQ(clock->pending(), 0u);
  (*listener)->close();
}

TEST_F(DialTest, WithAllAddressesDeadTheWholeLimitHolds) {
  const SilentPort silent;
  start({"name", silent.port, false}, with(resolver({"127.0.0.1", "127.0.0.1"})));
  poll();
  clock->advance(4999ms);
  poll();
  EXPECT_TRUE(results.empty());
  clock->advance(1ms);
  poll();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(error() == Errc::connect_timeout);
  EXPECT_EQ(clock->pending(), 0u);
}

TEST_F(DialTest, IsCancelledAtEachStepOnceAndNeverInsideTheCall) {
  const SilentPort silent;
  for (const bool while_connecting : {false, true}) {
    for (const bool started : {false, true}) {
      results.clear();
      const auto dialer =
          start({"name", silent.port, false},
                with(resolver(while_connecting ? Resolver::Addresses{"127.0.0.1"} : Resolver::Addresses{})));
      if (started) poll();
      dialer->cancel();
      EXPECT_TRUE(results.empty());
      dialer->cancel();
      poll();
      ASSERT_EQ(results.size(), 1u);
      EXPECT_TRUE(error() == Errc::cancelled);
      EXPECT_EQ(clock->pending(), 0u);
    }
  }
}

TEST_F(DialTest, CancelAfterTheEndDoesNothing) {
  const auto listener = listen(strand, 0, [](auto) {}).value();
  const auto dialer = start({"127.0.0.1", listener->port(), false});
  ASSERT_TRUE(run());
  dialer->cancel();
  poll();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE((*results[0])->is_open());
  listener->close();
}

TEST_F(DialTest, GoesOnWhenItsHandleIsLetGo) {
  const SilentPort silent;
  start({"127.0.0.1", silent.port, false});
  poll();
  clock->advance(5s);
  poll();
  ASSERT_EQ(results.size(), 1u);
}

TEST(Dial, MayBeLeftBehindByItsRuntime) {
  const SilentPort silent;
  bool destroyed = false;
  {
    boost::asio::io_context context;
    Runtime runtime(context);
    const detail::Strand strand(runtime.impl());
    auto alive = std::shared_ptr<int>(new int, [&](int* p) {
      delete p;
      destroyed = true;
    });
    const auto dialer =
        dial(strand, {"127.0.0.1", silent.port, false}, {}, [alive = std::move(alive)](auto) { ADD_FAILURE(); });
    context.poll();
  }
  EXPECT_TRUE(destroyed);
}

}  // namespace
}  // namespace lavapp::net
