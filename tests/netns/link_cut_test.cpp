// The cable is pulled out of a WebSocket's network: nobody says a word, only the heartbeat can tell. Real sockets, real time.
#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lavapp/lavapp.hpp"
#include "lavapp/websocket.hpp"
#include "two_networks.hpp"

namespace lavapp::test {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

/// Accepts WebSockets and reads from them, which answers their Pings.
class Server {
 public:
  explicit Server(TwoNetworks& networks) : networks_(networks) {
    networks_.there([this] {
      const tcp::endpoint where(asio::ip::make_address(TwoNetworks::kThere), 0);
      acceptor_ = std::make_unique<tcp::acceptor>(context_, where);
      accept();
    });
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Server() {
    context_.stop();
    thread_.join();
  }
  std::string url() const {
    return "ws://" + std::string(TwoNetworks::kThere) + ":" + std::to_string(acceptor_->local_endpoint().port()) + "/";
  }

 private:
  struct Session : std::enable_shared_from_this<Session> {
    explicit Session(tcp::socket socket) : stream(std::move(socket)) {}
    void read() {
      stream.async_read(buffer, [self = shared_from_this()](beast::error_code error, std::size_t) {
        if (!error) self->read();
      });
    }
    beast::websocket::stream<tcp::socket> stream;
    beast::flat_buffer buffer;
  };
  void accept() {
    acceptor_->async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error) return;
      const auto session = std::make_shared<Session>(std::move(socket));
      session->stream.async_accept([session](beast::error_code refused) {
        if (!refused) session->read();
      });
      accept();
    });
  }

  TwoNetworks& networks_;
  asio::io_context context_;
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::thread thread_;
};

/// What the listeners heard, waited for with a limit.
class Diary {
 public:
  void write(std::string line) {
    {
      std::lock_guard lock(mutex_);
      lines_.push_back(std::move(line));
    }
    changed_.notify_all();
  }
  bool wait_for(const std::string& line, std::size_t times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] {
      return static_cast<std::size_t>(std::count(lines_.begin(), lines_.end(), line)) >= times;
    });
  }
  std::string text() const {
    std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& line : lines_) all += line + "\n";
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

class LinkCut : public ::testing::TestWithParam<TwoNetworks::End> {};

TEST_P(LinkCut, IsNoticedByTheHeartbeatAndMendedByReconnection) {
  TwoNetworks networks;
  Server server(networks);
  Diary diary;
  Runtime runtime;
  WebSocketOptions options;
  options.heartbeat_interval = 200ms;
  options.pong_timeout = 300ms;
  options.connect_timeout = 300ms;
  options.reconnect.enabled = true;
  options.reconnect.initial_delay = 50ms;
  options.reconnect.max_delay = 200ms;
  WebSocket ws(runtime, server.url(), options);
  ws.on(WebSocket::open, [&] { diary.write("open"); });
  ws.on(WebSocket::pong, [&](std::chrono::nanoseconds) { diary.write("pong"); });
  ws.on(WebSocket::error, [&](const Error& error) { diary.write("error: " + error.code.message()); });
  ws.on(WebSocket::reconnecting, [&](const ReconnectAttempt&) { diary.write("reconnecting"); });
  ws.connect([](const Result<HandshakeResponse>&) {});
  ASSERT_TRUE(diary.wait_for("open", 1)) << diary.text();
  ASSERT_TRUE(diary.wait_for("pong", 2)) << diary.text();

  networks.pull_out(GetParam());
  const auto cut = std::chrono::steady_clock::now();
  const auto dead = "error: " + make_error_code(Errc::pong_timeout).message();
  ASSERT_TRUE(diary.wait_for(dead, 1)) << diary.text();
  // The interval and the limit, and a second for a machine that has other things to do.
  EXPECT_LT(std::chrono::steady_clock::now() - cut, 200ms + 300ms + 1s);
  ASSERT_TRUE(diary.wait_for("reconnecting", 3)) << diary.text();
  EXPECT_FALSE(ws.ready_state() == ReadyState::open);

  networks.put_in(GetParam());
  ASSERT_TRUE(diary.wait_for("open", 2)) << diary.text();
  EXPECT_GE(ws.counters().reconnects.size(), 1u);
  ws.close_and_wait();
}

INSTANTIATE_TEST_SUITE_P(Ends, LinkCut, ::testing::Values(TwoNetworks::End::here, TwoNetworks::End::there),
                         [](const auto& end) { return end.param == TwoNetworks::End::here ? "Here" : "There"; });

}  // namespace
}  // namespace lavapp::test
