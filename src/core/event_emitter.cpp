#include "lavapp/core/event_emitter.hpp"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
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
  Listener listener;
  std::uint64_t id;
  bool once;
  std::atomic<bool> live{true};
};
using List = std::vector<std::shared_ptr<Entry>>;

class Emitter final : public EmitterCore {
 public:
  ListenerId add(int event, Listener listener, bool once) override {
    auto entry = std::make_shared<Entry>();
    entry->listener = std::move(listener);
    entry->once = once;
    std::lock_guard lock(mutex_);
    entry->id = ++last_;
    if (closed_.load(std::memory_order_relaxed)) return {entry->id};
    const auto index = static_cast<std::size_t>(event);
    if (lists_.size() <= index) lists_.resize(index + 1);
    auto& list = lists_[index];
    auto next = list ? std::make_shared<List>(*list) : std::make_shared<List>();
    next->push_back(std::move(entry));
    list = std::move(next);
    changed();
    return {last_};
  }

  bool remove(int event, ListenerId id) override {
    std::shared_ptr<Entry> gone;  // a listener is destroyed outside of the lock: its captures may call back
    std::shared_ptr<const List> old;
    std::lock_guard lock(mutex_);
    gone = take_out(event, id.value, old);
    return gone && gone->live.exchange(false);
  }

  std::size_t count(int event) const override {
    const auto list = snapshot(event);
    return list ? list->size() : 0;
  }

  bool emit(int event, const void* arguments) override {
    const auto list = snapshot(event);
    return list && tell(*list, event, arguments);
  }

  bool emit(int event, const void* arguments, Held& held) override {
    const auto version = version_.load(std::memory_order_acquire);
    if (held.version != version) {  // a change from here on makes another version
      held.list = snapshot(event);
      held.version = version;
    }
    const auto* list = static_cast<const List*>(held.list.get());
    if (list == nullptr) return false;
    const bool heard = tell(*list, event, arguments);
    // Who has just been removed, once() above all, is not kept until the next time.
    if (held.version != version_.load(std::memory_order_relaxed)) held = {};
    return heard;
  }

  void on_exception(Function<void(std::exception_ptr)> handler) override {
    std::lock_guard lock(mutex_);
    on_exception_ = std::move(handler);
  }

  void close() override {
    std::vector<std::shared_ptr<const List>> gone;
    std::lock_guard lock(mutex_);
    closed_.store(true, std::memory_order_release);
    gone.swap(lists_);
    changed();
  }

  void ask_for_lanes() override { wants_lanes_.store(true, std::memory_order_release); }
  bool wants_lanes() const noexcept override { return wants_lanes_.load(std::memory_order_acquire); }

 private:
  /// Calls those of `list` that are still there; the caller holds it.
  bool tell(const List& list, int event, const void* arguments) {
    bool heard = false;
    for (const auto& entry : list) {
      if (closed_.load(std::memory_order_acquire)) break;
      if (entry->once) {
        if (!entry->live.exchange(false)) continue;
        remove(event, {entry->id});
      } else if (!entry->live.load(std::memory_order_acquire)) {
        continue;
      }
      heard = true;
      try {
        entry->listener(arguments);
      } catch (...) {
        report(std::current_exception());
      }
    }
    return heard;
  }

  /// Under the lock: the list of an event, or nullptr.
  const std::shared_ptr<const List>* list_of(int event) const {
    const auto index = static_cast<std::size_t>(event);
    return index < lists_.size() && lists_[index] ? &lists_[index] : nullptr;
  }

  std::shared_ptr<const List> snapshot(int event) const {
    std::lock_guard lock(mutex_);
    const auto* list = list_of(event);
    return list ? *list : nullptr;
  }

  /// Under the lock: a new list without that entry takes the place of `old`. Lists never change, so that emit() needs
  /// no lock while listeners run.
  std::shared_ptr<Entry> take_out(int event, std::uint64_t id, std::shared_ptr<const List>& old) {
    if (list_of(event) == nullptr) return nullptr;
    auto& list = lists_[static_cast<std::size_t>(event)];
    std::shared_ptr<Entry> taken;
    auto next = std::make_shared<List>();
    next->reserve(list->size());
    for (const auto& entry : *list) {
      if (entry->id == id) taken = entry;
      else next->push_back(entry);
    }
    if (!taken) return nullptr;
    old = std::move(list);
    list = std::move(next);
    changed();
    return taken;
  }

  /// Under the lock.
  void changed() { version_.store(version_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

  void report(std::exception_ptr exception) {
    Function<void(std::exception_ptr)> handler;
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
  std::vector<std::shared_ptr<const List>> lists_;  // by the event's index; none: nobody listens
  Function<void(std::exception_ptr)> on_exception_;
  std::uint64_t last_ = 0;
  std::atomic<bool> wants_lanes_{false};  // needs no lock
  std::atomic<bool> closed_{false};       // these two are also read without the lock
  std::atomic<std::uint64_t> version_{1};
};

}  // namespace

std::shared_ptr<EmitterCore> EmitterCore::create() { return std::make_shared<Emitter>(); }

}  // namespace lavapp::detail
