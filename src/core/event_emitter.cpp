#include "lavapp/core/event_emitter.hpp"

#include <atomic>
#include <cstdio>
#include <map>
#include <mutex>
#include <vector>

namespace lavapp::detail {
namespace {

void print(std::exception_ptr exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "lavapp: a listener threw: %s\n", e.what());
  } catch (...) {
    std::fprintf(stderr, "lavapp: a listener threw something that is no std::exception\n");
  }
}

struct Entry {
  std::unique_ptr<Listener> listener;
  std::uint64_t id;
  bool once;
  std::atomic<bool> live{true};
};
using List = std::vector<std::shared_ptr<Entry>>;

class Emitter final : public EmitterCore, public std::enable_shared_from_this<Emitter> {
 public:
  ListenerId add(int event, std::unique_ptr<Listener> listener, bool once) override {
    auto entry = std::make_shared<Entry>();
    entry->listener = std::move(listener);
    entry->once = once;
    std::lock_guard lock(mutex_);
    entry->id = ++last_;
    if (closed_.load(std::memory_order_relaxed)) return {entry->id};
    auto& list = lists_[event];
    auto next = list ? std::make_shared<List>(*list) : std::make_shared<List>();
    next->push_back(std::move(entry));
    list = std::move(next);
    return {last_};
  }

  bool remove(int event, ListenerId id) override {
    std::shared_ptr<Entry> gone;  // a listener is destroyed outside of the lock: its captures may call back
    std::shared_ptr<const List> old;
    std::lock_guard lock(mutex_);
    const auto found = lists_.find(event);
    if (found == lists_.end() || !found->second) return false;
    auto next = std::make_shared<List>();
    next->reserve(found->second->size());
    for (const auto& entry : *found->second) {
      if (entry->id == id.value) gone = entry;
      else next->push_back(entry);
    }
    if (!gone) return false;
    old = std::move(found->second);
    found->second = std::move(next);
    return gone->live.exchange(false);
  }

  std::size_t count(int event) const override {
    const auto list = snapshot(event);
    return list ? list->size() : 0;
  }

  bool emit(int event, const void* arguments) override {
    const auto list = snapshot(event);
    if (!list || list->empty()) return false;
    const auto self = shared_from_this();
    bool heard = false;
    for (const auto& entry : *list) {
      if (closed_.load(std::memory_order_acquire)) break;
      if (entry->once) {
        if (!entry->live.exchange(false)) continue;
        forget(event, *entry);
      } else if (!entry->live.load(std::memory_order_acquire)) {
        continue;
      }
      heard = true;
      try {
        entry->listener->call(arguments);
      } catch (...) {
        report(std::current_exception());
      }
    }
    return heard;
  }

  void on_exception(std::function<void(std::exception_ptr)> handler) override {
    std::lock_guard lock(mutex_);
    on_exception_ = std::move(handler);
  }

  void close() override {
    std::map<int, std::shared_ptr<const List>> gone;
    std::lock_guard lock(mutex_);
    closed_.store(true, std::memory_order_release);
    gone.swap(lists_);
  }

 private:
  std::shared_ptr<const List> snapshot(int event) const {
    std::lock_guard lock(mutex_);
    const auto found = lists_.find(event);
    return found == lists_.end() ? nullptr : found->second;
  }

  void forget(int event, const Entry& done) {
    std::shared_ptr<const List> old;
    std::lock_guard lock(mutex_);
    const auto found = lists_.find(event);
    if (found == lists_.end() || !found->second) return;
    auto next = std::make_shared<List>();
    for (const auto& entry : *found->second) {
      if (entry.get() != &done) next->push_back(entry);
    }
    old = std::move(found->second);
    found->second = std::move(next);
  }

  void report(std::exception_ptr exception) {
    std::function<void(std::exception_ptr)> handler;
    {
      std::lock_guard lock(mutex_);
      handler = on_exception_;
    }
    if (!handler) return print(exception);
    try {
      handler(exception);
    } catch (...) {
      print(std::current_exception());
    }
  }

  mutable std::mutex mutex_;  // guards what follows: listeners come and go on any thread
  std::map<int, std::shared_ptr<const List>> lists_;
  std::function<void(std::exception_ptr)> on_exception_;
  std::uint64_t last_ = 0;
  std::atomic<bool> closed_{false};  // also read without the lock
};

}  // namespace

std::shared_ptr<EmitterCore> EmitterCore::create() { return std::make_shared<Emitter>(); }

}  // namespace lavapp::detail
