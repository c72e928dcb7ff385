// RuntimeTest: a runtime on a settable clock whose tasks the test runs itself.
#pragma once

#include <gtest/gtest.h>

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/core/runtime.hpp"

namespace lavapp::test {

using namespace std::chrono_literals;

class RuntimeTest : public testing::Test {
 protected:
  RuntimeTest() : clock(std::make_shared<ManualClock>()), runtime(context, options()) {}

  /// Runs what is ready.
  void poll() {
    context.restart();
    context.poll();
  }
  /// Runs tasks until `condition` holds; false if it does not within ten seconds.
  /// \param look  how often to look at the condition when there is nothing to run: for what another context does
  template <class Condition>
  bool run_until(Condition&& condition, std::chrono::milliseconds look = 10s) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    const auto work = boost::asio::make_work_guard(context);
    while (!condition()) {
      const auto left = until - std::chrono::steady_clock::now();
      if (left.count() <= 0) return false;
      context.restart();
      context.run_one_for(std::min<std::chrono::nanoseconds>(left, look));
    }
    return true;
  }
  /// Moves the clock, once the timers that are wanted have been set.
  void advance(Clock::duration by) {
    poll();
    clock->advance(by);
    poll();
  }
  /// Moves the clock in steps, everything settling in between, until `condition` holds. For peers on this context.
  template <class Condition>
  bool advance_until(Condition&& condition, Clock::duration limit = 5min) {
    for (Clock::duration passed{}; passed < limit; passed += 250ms) {
      for (int i = 0; i < 20 && !condition(); ++i) poll();
      if (condition()) return true;
      clock->advance(250ms);
    }
    return run_until(condition);
  }
  /// The same in smaller steps. For peers in other threads or processes, too.
  template <class Condition>
  bool let_time_pass(Condition&& condition, Clock::duration limit = 60s) {
    for (Clock::duration passed{0}; passed <= limit; passed += 100ms) {
      if (condition()) return true;
      clock->advance(100ms);
      // Bytes on their way arrive in real time, however the clock stands.
      context.restart();
      context.run_for(2ms);
    }
    return condition();
  }

  template <class T>
  using Got = std::shared_ptr<std::optional<Result<T>>>;
  /// Starts an operation; its result is there when it has completed.
  template <class T, class Start>
  Got<T> begin(Start start) {
    const auto got = std::make_shared<std::optional<Result<T>>>();
    start([got](Result<T> result) {
      EXPECT_FALSE(got->has_value()) << "completed twice";
      got->emplace(std::move(result));
    });
    EXPECT_FALSE(got->has_value()) << "completed inside the call";
    return got;
  }
  /// Starts an operation and runs until it has completed. It must not complete inside the call.
  template <class T, class Start>
  Result<T> await(Start start) {
    const auto got = begin<T>(std::move(start));
    EXPECT_TRUE(run_until([&] { return got->has_value(); })) << "the operation never completed";
    if (!got->has_value()) return Error(Errc::abandoned, "the test gave up waiting");
    return std::move(**got);
  }

  std::vector<std::exception_ptr> thrown;  ///< By listeners and callbacks.
  std::shared_ptr<ManualClock> clock;
  boost::asio::io_context context;
  Runtime runtime;

 private:
  RuntimeOptions options() {
    RuntimeOptions result;
    result.clock = clock;
    result.on_exception = [this](std::exception_ptr e) { thrown.push_back(std::move(e)); };
    return result;
  }
};

}  // namespace lavapp::test
