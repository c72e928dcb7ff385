#include "loop.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace console {

using namespace std::chrono_literals;

void Loop::post(lavapp::MoveFunction<void()> task) {
  std::lock_guard guard(mutex_);
  if (tasks_.empty()) signals_.wake();
  tasks_.push_back(std::move(task));
}

bool Loop::run_until(const std::function<bool()>& done, std::optional<Clock::duration> limit) {
  const auto end = limit ? Clock::now() + *limit : Clock::time_point::max();
  while (!done()) {
    if (interrupted_ || Clock::now() >= end) return false;
    work(end);
  }
  return true;
}

bool Loop::run_for(Clock::duration time) {
  run_until([] { return false; }, time);
  return !interrupted_;
}

void Loop::work_until(const std::function<bool()>& done) {
  while (!done()) work(Clock::time_point::max());
}

void Loop::work(Clock::time_point until) {
  until = std::min(until, next_tick_);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  std::array<pollfd, 2> waiting{pollfd{signals_.fd(), POLLIN, 0}, pollfd{STDIN_FILENO, POLLIN, 0}};
  ::poll(waiting.data(), on_input_ ? 2 : 1, static_cast<int>(std::max<long>(left, 0)));
  if (waiting[0].revents) handle_signals();
  run_tasks();
  if (waiting[1].revents && on_input_) read_bytes();
  if (Clock::now() >= next_tick_) {
    next_tick_ = Clock::now() + 100ms;
    if (on_tick) on_tick();
  }
}

void Loop::run_tasks() {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (tasks_.empty()) return;
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
}

void Loop::handle_signals() {
  for (int number = signals_.take(); number >= 0; number = signals_.take()) {
    if (number == SIGINT || number == SIGTERM || number == SIGHUP) interrupted_ = true;
    if (number == SIGWINCH && on_resize) on_resize();
    if (number == SIGTSTP) {
      before_suspend();
      ::raise(SIGSTOP);
      after_suspend();
    }
  }
}

void Loop::read_bytes() {
  std::array<char, 1024> buffer{};
  const auto size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  const auto handler = on_input_;
  if (size <= 0) on_input_ = nullptr;
  handler(std::string_view(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0));
}

}  // namespace console
