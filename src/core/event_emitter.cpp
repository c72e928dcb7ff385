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
/// By the event's index; none: nobody listens. A table that has been published never changes.
using Table = std::vector<std::shared_ptr<const List>>;

/// emit() takes no lock and counts no references: it says that it looks, and reads the table there is. A table that another
/// one has replaced is kept until nobody looks.
class Emitter final : public EmitterCore {
 public:
  ~Emitter() override { delete table_.load(std::memory_order_relaxed); }

  ListenerId add(int event, Listener listener, bool once) override {
    auto entry = std::make_shared<Entry>();
    entry->listener = std::move(listener);
    entry->once = once;
    Garbage gone;
    std::lock_guard lock(mutex_);
    const ListenerId id{entry->id = ++last_};
    if (closed_.load(std::memory_order_relaxed)) return id;
    auto next = copy();
    const auto index = static_cast<std::size_t>(event);
    if (next->size() <= index) next->resize(index + 1);
    auto& list = (*next)[index];
    auto longer = std::make_shared<List>();
    longer->reserve((list ? list->size() : 0) + 1);
    if (list) longer->assign(list->begin(), list->end());
    longer->push_back(std::move(entry));
    list = std::move(longer);
    publish(std::move(next), gone);
    return id;
  }

  bool remove(int event, ListenerId id) override {
    Garbage gone;  // a listener is destroyed outside of the lock: its captures may call back
    std::shared_ptr<Entry> taken;
    std::lock_guard lock(mutex_);
    const auto* old = list_of(table_.load(std::memory_order_relaxed), event);
    if (old == nullptr) return false;
    auto shorter = std::make_shared<List>();
    shorter->reserve(old->size());
    for (const auto& entry : *old) {
      if (entry->id == id.value) taken = entry;
      else shorter->push_back(entry);
    }
    if (!taken) return false;
    auto next = copy();
    (*next)[static_cast<std::size_t>(event)] = shorter->empty() ? nullptr : std::move(shorter);
    publish(std::move(next), gone);
    return taken->live.exchange(false);
  }

  std::size_t count(int event) const override {
    std::lock_guard lock(mutex_);
    const auto* list = list_of(table_.load(std::memory_order_relaxed), event);
    return list != nullptr ? list->size() : 0;
  }
  bool heard(int event) const override { return (heard_.load(std::memory_order_acquire) >> event & 1) != 0; }

  void hold() override { looking_.fetch_add(1); }
  void release() override {
    if (looking_.fetch_sub(1) == 1 && replaced_.load()) collect();
  }

  bool emit_held(int event, const void* arguments) override {
    const auto* list = list_of(table_.load(), event);
    return list != nullptr && tell(*list, event, arguments);
  }

  bool emit(int event, const void* arguments) override {
    if (!heard(event)) return false;
    struct Look {
      explicit Look(Emitter& of) : emitter(of) { emitter.hold(); }
      ~Look() { emitter.release(); }
      Emitter& emitter;
    } look(*this);
    return emit_held(event, arguments);
  }

  bool emit_apart(int event, const void* arguments) override {
    std::shared_ptr<const List> list;
    {
      std::lock_guard lock(mutex_);
      const auto* table = table_.load(std::memory_order_relaxed);
      if (list_of(table, event) == nullptr) return false;
      list = (*table)[static_cast<std::size_t>(event)];
    }
    return tell(*list, event, arguments);
  }

  void on_exception(Function<void(std::exception_ptr)> handler) override {
    std::lock_guard lock(mutex_);
    on_exception_ = std::move(handler);
  }

  void close() override {
    Garbage gone;
    std::lock_guard lock(mutex_);
    closed_.store(true, std::memory_order_release);
    publish(nullptr, gone);
  }

  void ask_for_lanes() override { wants_lanes_.store(true, std::memory_order_release); }
  bool wants_lanes() const noexcept override { return wants_lanes_.load(std::memory_order_acquire); }

 private:
  using Garbage = std::vector<std::unique_ptr<const Table>>;

  /// Calls those of `list` that are still there.
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

  static const List* list_of(const Table* table, int event) {
    const auto index = static_cast<std::size_t>(event);
    return table != nullptr && index < table->size() ? (*table)[index].get() : nullptr;
  }

  /// Under the lock.
  std::unique_ptr<Table> copy() const {
    const auto* table = table_.load(std::memory_order_relaxed);
    return table != nullptr ? std::make_unique<Table>(*table) : std::make_unique<Table>();
  }

  /// Under the lock: `next` takes the place of the present table. What nobody reads any more goes to `gone`.
  void publish(std::unique_ptr<Table> next, Garbage& gone) {
    std::uint64_t heard = 0;
    for (std::size_t event = 0; next && event < next->size(); ++event) {
      if ((*next)[event]) heard |= std::uint64_t{1} << event;
    }
    if (const auto* old = table_.exchange(next.release())) garbage_.emplace_back(old);
    heard_.store(heard, std::memory_order_release);
    replaced_.store(true);
    // Whoever looks from here on sees the new table. Who is the last to look, and sees `replaced_`, collects.
    if (looking_.load() == 0) take_garbage(gone);
  }
  void take_garbage(Garbage& gone) {
    gone.swap(garbage_);
    replaced_.store(false);
  }
  void collect() {
    Garbage gone;
    std::lock_guard lock(mutex_);
    if (looking_.load() == 0) take_garbage(gone);  // else that one collects
  }

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

  // Sequentially consistent, all three: of one that begins to look and one that replaces the table, one sees the other.
  std::atomic<const Table*> table_{nullptr};
  std::atomic<int> looking_{0};
  std::atomic<bool> replaced_{false};  // there is garbage

  std::atomic<std::uint64_t> heard_{0};  // a bit for each event that has listeners
  std::atomic<bool> wants_lanes_{false};
  std::atomic<bool> closed_{false};
  mutable std::mutex mutex_;  // guards what follows, and that one at a time replaces the table: listeners come and go on any thread
  Garbage garbage_;
  Function<void(std::exception_ptr)> on_exception_;
  std::uint64_t last_ = 0;
};

}  // namespace

std::shared_ptr<EmitterCore> EmitterCore::create() { return std::make_shared<Emitter>(); }

}  // namespace lavapp::detail
