// Timer: one deadline of a strand.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "core/bounded.hpp"
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

  /// \param after  any span: one of more than a year is a year
  template <class Rep, class Period>
  void start(std::chrono::duration<Rep, Period> after, MoveFunction<void()> callback) {
    arm(bounded(after), std::move(callback));
  }
  void cancel();
  bool waiting() const noexcept { return armed_ != nullptr; }

 private:
  void arm(Clock::duration after, MoveFunction<void()> callback);
  struct Armed {
    MoveFunction<void()> callback;
    std::atomic<bool> live{true};
  };
  Strand strand_;
  Clock::TimerId id_ = 0;
  std::shared_ptr<Armed> armed_;
};

}  // namespace lavapp::detail
