// Server: a scripted node with a thread of its own, for tests on runtimes that have several.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

#include "lavalink/node_fixture.hpp"
#include "lavapp/future.hpp"

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

inline RuntimeOptions threads(std::size_t count) {
  RuntimeOptions result;
  result.threads = count;
  return result;
}

template <class T>
T within_limit(std::future<T> future) {
  if (future.wait_for(10s) != std::future_status::ready) throw std::runtime_error("never completed");
  return future.get();
}

/// Waits until each of the runtime's `count` threads has finished what it was at, and what that had queued.
inline void let_threads_finish(Runtime& runtime, std::size_t count) {
  for (int round = 0; round < 2; ++round) {
    struct Meeting {
      std::atomic<std::size_t> missing;
      std::promise<void> all_here;
      std::shared_future<void> met{all_here.get_future()};
    };
    const auto meeting = std::make_shared<Meeting>();
    meeting->missing = count;
    for (std::size_t i = 0; i < count; ++i) {
      runtime.post([meeting] {
        if (--meeting->missing == 0) meeting->all_here.set_value();
        meeting->met.wait();
      });
    }
    if (meeting->met.wait_for(10s) != std::future_status::ready) throw std::runtime_error("the threads never met");
  }
}

}  // namespace lavapp::lavalink
