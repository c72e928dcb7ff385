// A WebSocket over a Unix domain socket.
#include "websocket_fixture.hpp"

#include "core/asio_strand.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <cstdio>

#include "net/tcp_stream.hpp"

#if defined(BOOST_ASIO_HAS_LOCAL_SOCKETS)

namespace lavapp {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

class UnixSocket : public WebSocketTest {
 protected:
  UnixSocket() : path(testing::TempDir() + "lavapp_" + std::to_string(listener->port())), acceptor(strand.impl().executor) {
    std::remove(path.c_str());
    acceptor.open(Local());
    acceptor.bind(Local::endpoint(path));
    acceptor.listen();
    acceptor.async_accept(strand.impl().executor, [this](const boost::system::error_code& error, net::LocalSocket socket) {
      if (error) return;
      peers.push_back(std::make_shared<ScriptedPeer>(net::make_local_stream(strand, std::move(socket))));
      peers.back()->read();
    });
  }
  ~UnixSocket() override {
    acceptor.close();
    std::remove(path.c_str());
    poll();
  }
  WebSocketOptions options() const {
    WebSocketOptions result;
    result.unix_socket = path;
    return result;
  }
  const std::string path;
  asio::basic_socket_acceptor<Local, detail::AsioStrand> acceptor;
};

TEST_F(UnixSocket, TalksThroughItAndNamesTheUrlsHost) {
  make(options(), "ws://node.example/path");
  const auto peer = reopen();
  EXPECT_EQ(request.substr(0, 10), "GET /path ");
  EXPECT_EQ(header_of(request, "Host"), "node.example");
  ASSERT_TRUE(ws->send("there"));
  ASSERT_TRUE(run_until_frames(peer, 1));
  peer->write(text_frame("back"));
  EXPECT_TRUE(run_until_event("text:back"));
  peer->write(close_frame(1000));
  peer->close();
  ASSERT_TRUE(run_until_closed());
}

TEST_F(UnixSocket, NobodyThereIsConnectFailed) {
  auto wrong = options();
  wrong.unix_socket += ".nobody";
  make(wrong);
  connect();
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(errors.back() == Errc::connect_failed) << errors.back().what();
  EXPECT_NE(errors.back().message.find(".nobody"), std::string::npos);
  EXPECT_TRUE(errors.back().cause);
}

TEST_F(UnixSocket, BadOptionsAreNamed) {
  auto both = options();
  both.proxy = "http://127.0.0.1:1";
  make(both);
  connect();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_TRUE(connected.back().error() == Errc::invalid_argument);
  EXPECT_NE(connected.back().error().message.find("proxy"), std::string::npos);
  auto too_long = options();
  too_long.unix_socket = "/" + std::string(200, 'x');
  make(too_long);
  connect();
  ASSERT_TRUE(run_until([&] { return connected.size() == 2; }));
  EXPECT_TRUE(connected.back().error() == Errc::invalid_argument);
  EXPECT_NE(connected.back().error().message.find("unix_socket"), std::string::npos);
}

TEST_F(UnixSocket, ARedirectToAnotherOriginIsNotFollowed) {
  auto follows = options();
  follows.max_redirects = 5;
  make(follows, "ws://node.example/");
  connect();
  accept()->write("HTTP/1.1 302 Found\r\nLocation: ws://other.example/\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(run_until_closed());
  EXPECT_NE(errors.back().message.find("another origin"), std::string::npos) << errors.back().what();
}

}  // namespace
}  // namespace lavapp

#endif
