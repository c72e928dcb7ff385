// Server: a scripted node with a thread of its own, for tests on runtimes that have several.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

#include "lavalink/node_fixture.hpp"
#include "lavapp/future.hpp"
#include "support/threads.hpp"

namespace lavapp::lavalink {

/// A FakeNode on a runtime of its own, as a server in another process would be.
class Server {
 public:
  Server() : strand_(runtime_.impl()) {
    on_strand([this] {
      fake_ = std::make_unique<test::FakeNode>(strand_);
      port_ = fake_->port();
      fake_->route("GET /v4/info", kInfoJson);
      fake_->route("PATCH /v4/sessions/s1/players/7", player_json("7", kTrackJson));
    });
  }
  ~Server() {
    on_strand([this] { fake_.reset(); });
  }
  template <class Task>
  void on_strand(Task task) {
    std::promise<void> done;
    strand_.post([&] {
      task();
      done.set_value();
    });
    done.get_future().get();
  }
  void say(std::string text) {
    on_strand([&] { fake_->send_text(text); });
  }
  void drop() {
    on_strand([&] { fake_->drop(); });
  }
  /// Nothing is answered any more.
  void hang() {
    on_strand([&] { fake_->hangs = true; });
  }
  NodeOptions options() const {
    NodeOptions result;
    result.host = "127.0.0.1";
    result.port = port_;
    result.user_id = 1;
    result.reconnect.initial_delay = 1ms;
    return result;
  }

 private:
  Runtime runtime_;
  detail::Strand strand_;
  std::unique_ptr<test::FakeNode> fake_;
  std::uint16_t port_ = 0;
};

using test::let_threads_finish;
using test::threads;
using test::within_limit;

}  // namespace lavapp::lavalink
