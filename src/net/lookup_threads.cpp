#include "net/lookup_threads.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace lavapp::net {

struct LookupThreads::State {
  struct Question {
    Id id;
    std::string host;
  };

  State(std::size_t most_threads, Find f) : most(most_threads), find(std::move(f)) {}

  /// A thread's life: answers until there is nothing left to ask.
  void run() {
    while (true) {
      Question question;
      {
        std::lock_guard lock(mutex);
        if (waiting.empty()) {
          --threads;
          return;
        }
        question = std::move(waiting.front());
        waiting.pop_front();
      }
      auto answer = find(question.host);
      Done done;
      MoveFunction<void()> then;
      {
        std::lock_guard lock(mutex);
        const auto asked = pending.find(question.id);
        if (asked == pending.end()) continue;
        done = std::move(asked->second);
        pending.erase(asked);
        then = done(std::move(answer));
      }
      if (then) then();
    }
  }

  const std::size_t most;
  const Find find;
  std::mutex mutex;  // guards what follows
  std::map<Id, Done> pending;
  std::deque<Question> waiting;  // for a thread
  std::size_t threads = 0;
  Id last = 0;
};

LookupThreads::LookupThreads(std::size_t most, Find find)
    : state_(std::make_shared<State>(most, std::move(find))) {}
LookupThreads::~LookupThreads() { close(); }

LookupThreads::Id LookupThreads::start(std::string host, Done done) {
  std::lock_guard lock(state_->mutex);
  if (state_->threads < state_->most) {
    try {
      // It waits for the lock, and finds the question then.
      std::thread([state = state_] { state->run(); }).detach();
      ++state_->threads;
    } catch (const std::system_error&) {
      if (state_->threads == 0) throw;  // else one of those that run will get to it
    }
  }
  const auto id = ++state_->last;
  state_->waiting.push_back({id, std::move(host)});
  state_->pending.emplace(id, std::move(done));
  return id;
}

void LookupThreads::cancel(Id id) {
  Done gone;  // destroyed outside of the lock
  std::lock_guard lock(state_->mutex);
  const auto asked = state_->pending.find(id);
  if (asked == state_->pending.end()) return;
  gone = std::move(asked->second);
  state_->pending.erase(asked);
  for (auto it = state_->waiting.begin(); it != state_->waiting.end(); ++it) {
    if (it->id != id) continue;
    state_->waiting.erase(it);
    return;
  }
}

void LookupThreads::close() {
  std::map<Id, Done> gone;  // likewise
  std::lock_guard lock(state_->mutex);
  state_->waiting.clear();
  gone.swap(state_->pending);
}

}  // namespace lavapp::net
