#include "net/tcp_stream.hpp"

#include "net/net_fixture.hpp"

namespace lavapp::net {
namespace {

/// Two connected streams.
class TcpStreamTest : public NetTest {
 protected:
  TcpStreamTest() {
    listener = listen(strand, 0, [this](std::shared_ptr<ByteStream> s) { server = std::move(s); }).value();
    dial(strand, {"127.0.0.1", listener->port(), false}, {},
         [this](auto stream) { client = std::move(stream).value(); });
    EXPECT_TRUE(run_until([&] { return client && server; }));
  }
  ~TcpStreamTest() override {
    if (client) client->close();
    if (server) server->close();
    listener->close();
  }
  std::shared_ptr<Listener> listener;
  std::shared_ptr<ByteStream> client, server;
};

TEST_F(TcpStreamTest, CarriesManyBytesBothWays) {
  const auto a = Peer::start(client), b = Peer::start(server);
  const std::string there(3'000'000, 'a'), back(2'000'000, 'b');
  a->write(there);
  b->write(back);
  ASSERT_TRUE(run_until([&] { return b->received.size() == there.size() && a->received.size() == back.size(); }));
  EXPECT_EQ(b->received, there);
  EXPECT_EQ(a->received, back);
  EXPECT_EQ(a->writes_ended, 1);
  EXPECT_FALSE(a->write_error);
}

TEST_F(TcpStreamTest, TheOrderlyEndIsConnectionLost) {
  const auto a = Peer::start(client);
  server->close();
  ASSERT_TRUE(run_until([&] { return a->ended; }));
  EXPECT_EQ(a->ended, Errc::connection_lost);
}

TEST_F(TcpStreamTest, AResetIsTold) {
  const auto a = Peer::start(client);
  server->close(true);
  ASSERT_TRUE(run_until([&] { return a->ended; }));
  EXPECT_EQ(a->ended, std::errc::connection_reset);
}

TEST_F(TcpStreamTest, AfterShutdownSendItStillReads) {
  const auto a = Peer::start(client), b = Peer::start(server);
  client->shutdown_send();
  ASSERT_TRUE(run_until([&] { return b->ended; }));
  EXPECT_EQ(b->ended, Errc::connection_lost);
  b->write("late");
  ASSERT_TRUE(run_until([&] { return a->received == "late"; }));
}

TEST_F(TcpStreamTest, CloseEndsWhatIsPending) {
  const auto a = Peer::start(client);
  a->write(std::string(50'000'000, 'x'));
  client->close();
  EXPECT_FALSE(client->is_open());
  EXPECT_FALSE(a->ended);
  ASSERT_TRUE(run_until([&] { return a->ended && a->writes_ended == 1; }));
  EXPECT_EQ(a->ended, std::errc::operation_canceled);
  EXPECT_EQ(a->write_error, std::errc::operation_canceled);
}

TEST_F(TcpStreamTest, NothingReadArrivesAfterClose) {
  const auto a = Peer::start(client), b = Peer::start(server);
  b->write("hello");
  client->close();
  ASSERT_TRUE(run_until([&] { return a->ended; }));
  EXPECT_EQ(a->received, "");
  EXPECT_EQ(a->ended, std::errc::operation_canceled);
}

TEST_F(TcpStreamTest, OperationsOnAClosedStreamFailLater) {
  client->close();
  const auto a = Peer::start(client);
  EXPECT_FALSE(a->ended);
  a->write("x");
  ASSERT_TRUE(run_until([&] { return a->ended && a->writes_ended == 1; }));
  EXPECT_TRUE(a->write_error);
}

TEST_F(TcpStreamTest, PendingOperationsKeepTheStreamAlive) {
  auto a = Peer::start(client);
  const auto weak = std::weak_ptr(a);
  a->stream.reset();
  client.reset();
  a.reset();
  poll();
  ASSERT_FALSE(weak.expired());
  server->close();
  ASSERT_TRUE(run_until([&] { return weak.expired(); }));
}

TEST_F(TcpStreamTest, WhatAHandlerThrowsIsReportedAndStopsNothing) {
  struct Thrower final : ByteStreamHandler {
    void on_read(const std::error_code&, std::size_t) override { throw 1; }
    void on_written(const std::error_code&) override { throw 2; }
  };
  int reported = 0;
  RuntimeOptions options;
  options.on_exception = [&](std::exception_ptr) { ++reported; };
  Runtime other(context, options);
  const detail::Strand other_strand(other.impl());
  std::shared_ptr<ByteStream> stream;
  const auto dialer =
      dial(other_strand, {"127.0.0.1", listener->port(), false}, {}, [&](auto s) { stream = std::move(s).value(); });
  ASSERT_TRUE(run_until([&] { return stream != nullptr; }));
  char byte;
  stream->write(std::make_shared<Thrower>(), "x");
  stream->read_some(std::make_shared<Thrower>(), &byte, 1);
  stream->close();
  EXPECT_TRUE(run_until([&] { return reported == 2; }));
}

TEST_F(TcpStreamTest, AListenersPortIsFreeAfterItsClose) {
  const auto port = listener->port();
  listener->close();
  poll();
  const auto again = listen(strand, port, [](auto) {});
  ASSERT_TRUE(again) << again.error().what();
  (*again)->close();
}

TEST_F(TcpStreamTest, APortInUseIsAnError) {
  const auto second = listen(strand, listener->port(), [](auto) {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().cause, std::errc::address_in_use);
}

}  // namespace
}  // namespace lavapp::net
