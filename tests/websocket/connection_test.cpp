// Connection over a stream that does what the test says, where no socket could be made to.
#include "websocket/connection.hpp"

#include <gtest/gtest.h>

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>

#include "core/runtime_impl.hpp"
#include "lavapp/core/runtime.hpp"

namespace lavapp::websocket {
namespace {

using namespace std::chrono_literals;

/// Takes writes, and completes none of them; gets on when told.
class SlowStream final : public net::ByteStream {
 public:
  explicit SlowStream(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}
  void read_some(std::shared_ptr<net::ByteStreamHandler> handler, char*, std::size_t) override { reader_ = handler; }
  void write(std::shared_ptr<net::ByteStreamHandler> handler, std::string_view data) override {
    writer_ = handler;
    written += data;
  }
  void close(bool) override { open_ = false; }
  void shutdown_send() override {}
  bool is_open() const override { return open_; }
  Clock::time_point last_progress() const override { return last_progress_; }

  void get_on() { last_progress_ = clock_->now(); }
  std::string written;

 private:
  std::shared_ptr<Clock> clock_;
  std::weak_ptr<net::ByteStreamHandler> reader_, writer_;
  Clock::time_point last_progress_{};
  bool open_ = true;
};

struct Owner final : ConnectionOwner {
  void on_message(std::string_view, bool, Clock::time_point) override {}
  void on_fragment(const WebSocket::Fragment&) override {}
  void on_drain() override {}
  Traffic& traffic() override { return counted; }
  void on_batch_begin() override {}
  void on_batch_end() override {}
  void on_ping(std::string_view) override {}
  void on_pong(std::chrono::nanoseconds) override {}
  void on_closing() override {}
  void on_unsent(std::vector<SendQueue::Unsent>, const Error&) override {}
  void on_ended(const std::optional<Error>& error, const WebSocket::Close&) override { ended = error; }
  std::optional<Error> ended;
  Traffic counted;
};

struct ConnectionTest : testing::Test {
  ConnectionTest() {
    ConnectionOptions options;
    options.write_timeout = 30s;
    connection = std::make_shared<Connection>(strand, stream, options, owner);
    strand.post([this] {
      connection->start({});
      connection->send(Opcode::text, "hello");
    });
    advance(0s);
  }
  ~ConnectionTest() override {
    strand.post([this] { connection->terminate(); });
    advance(0s);
  }
  void advance(Clock::duration by) {
    clock->advance(by);
    context.restart();
    context.poll();
  }
  static RuntimeOptions with(std::shared_ptr<Clock> clock) {
    RuntimeOptions options;
    options.clock = std::move(clock);
    return options;
  }

  boost::asio::io_context context;
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  Runtime runtime{context, with(clock)};
  detail::Strand strand{runtime.impl()};
  std::shared_ptr<SlowStream> stream = std::make_shared<SlowStream>(clock);
  std::shared_ptr<Owner> owner = std::make_shared<Owner>();
  std::shared_ptr<Connection> connection;
};

}  // namespace

TEST_F(ConnectionTest, APeerThatReadsSlowlyIsNotTakenForDead) {
  ASSERT_FALSE(stream->written.empty());
  for (int i = 0; i < 10; ++i) {
    advance(25s);
    stream->get_on();
  }
  EXPECT_FALSE(owner->ended);
}

TEST_F(ConnectionTest, APeerThatReadsNoMoreIsDeadAfterTheTimeout) {
  advance(25s);
  stream->get_on();
  advance(29s);
  EXPECT_FALSE(owner->ended);
  advance(1s);
  ASSERT_TRUE(owner->ended);
  EXPECT_TRUE(*owner->ended == Errc::write_timeout);
}

}  // namespace lavapp::websocket
