// What tests on runtimes of several threads need.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <stdexcept>

#include "lavapp/core/runtime.hpp"

namespace lavapp::test {

inline RuntimeOptions threads(std::size_t count) {
  RuntimeOptions result;
  result.threads = count;
  return result;
}

template <class T>
T within_limit(std::future<T> future) {
  if (future.wait_for(std::chrono::seconds(10)) != std::future_status::ready) throw std::runtime_error("never completed");
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
    const auto met = meeting->met.wait_for(std::chrono::seconds(10));
    if (met != std::future_status::ready) throw std::runtime_error("the threads never met");
  }
}

}  // namespace lavapp::test
