// Timer: one deadline of a strand.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "core/strand.hpp"
#include "lavapp/core/clock.hpp"

namespace lavapp::detail {

/// One-shot timer on the runtime's clock. Use it on its strand only: then a callback never runs after `cancel()`,
/// after another `start()`, or after destruction.
class Timer {
 public:
  explicit Timer(Strand strand) : strand_(std::move(strand)) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  void start(Clock::duration after, MoveFunction<void()> callback);
  void cancel();
  bool waiting() const noexcept { return armed_ != nullptr; }

 private:
  struct Armed {
    MoveFunction<void()> callback;
    std::atomic<bool> live{true};
  };
  Strand strand_;
  Clock::TimerId id_ = 0;
  std::shared_ptr<Armed> armed_;
};

}  // namespace lavapp::detail
