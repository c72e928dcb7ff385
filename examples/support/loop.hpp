// Loop: the main thread's own: it waits for what the library posts, for keys, for signals and for the time to redraw.
//
// The library's listeners and callbacks run on its runtime; they only post() what they have heard. So everything else
// in this program runs on the main thread, and needs no lock.
#pragma once

#include <lavapp/core/cancel.hpp>
#include <lavapp/core/move_function.hpp>
#include <lavapp/core/result.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "signals.hpp"

namespace console {

class Loop {
 public:
  using Clock = std::chrono::steady_clock;

  /// Runs `task` on the main thread, inside run_until(). Any thread.
  void post(lavapp::MoveFunction<void()> task);

  /// Works until `done()`. False if the time was up or the user interrupted before that.
  bool run_until(const std::function<bool()>& done, std::optional<Clock::duration> limit = {});
  /// Works for so long. False if the user interrupted.
  bool run_for(Clock::duration time);

  /// Starts an operation of the library and works until it is complete. `start` takes the callback and the CallOptions
  /// that the operation wants as its last arguments: `[&](auto... then) { node.fetch_info(std::move(then)...); }`.
  /// An interruption cancels it, and so does `give_up()`.
  template <class T, class Start>
  lavapp::Result<T> await(Start&& start, const std::function<bool()>& give_up = {}) {
    auto slot = std::make_shared<std::optional<lavapp::Result<T>>>();
    lavapp::CancelSource source;
    auto callback = [this, slot](lavapp::Result<T> result) {
      post([slot, result = std::move(result)]() mutable { slot->emplace(std::move(result)); });
    };
    start(std::move(callback), lavapp::CallOptions{.deadline = {}, .cancel = source.token()});
    run_until([&] { return slot->has_value() || (give_up && give_up()); });
    if (!slot->has_value()) {
      source.cancel();  // it still completes, with Errc::cancelled
      work_until([&] { return slot->has_value(); });
    }
    return std::move(**slot);
  }

  /// Reads standard input from now on: `on_bytes` with what came, or with nothing at its end, once.
  void read_input(std::function<void(std::string_view)> on_bytes) { on_input_ = std::move(on_bytes); }

  /// Called ten times a second.
  std::function<void()> on_tick;
  /// The terminal's size has changed.
  std::function<void()> on_resize;
  /// The user wants to leave the program for a while (Ctrl-Z): before it stops, and after it was continued.
  std::function<void()> before_suspend = [] {}, after_suspend = [] {};

  /// The user wants to end it: Ctrl-C, or SIGTERM. True until taken.
  bool interrupted() const { return interrupted_; }
  bool take_interrupt() { return std::exchange(interrupted_, false); }

 private:
  void work_until(const std::function<bool()>& done);
  void work(Clock::time_point until);
  void run_tasks();
  void handle_signals();
  void read_bytes();

  Signals signals_;
  std::mutex mutex_;  // guards tasks_: filled on the runtime's threads
  std::deque<lavapp::MoveFunction<void()>> tasks_;
  std::function<void(std::string_view)> on_input_;
  Clock::time_point next_tick_ = Clock::now();
  bool interrupted_ = false;
};

}  // namespace console
