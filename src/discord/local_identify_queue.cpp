#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

#include "core/runtime_impl.hpp"
#include "core/strand.hpp"
#include "core/timer.hpp"
#include "discord/identify_schedule.hpp"
#include "lavapp/discord/identify_queue.hpp"

namespace lavapp::discord {

class LocalIdentifyQueue::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Runtime& runtime, SessionStartLimit limit)
      : strand_(runtime.impl()),
        emitter_(detail::EmitterCore::create()),
        schedule_(limit, strand_.runtime().clock().now()),
        timer_(strand_) {
    emitter_->on_exception([shared = strand_.shared_runtime()](std::exception_ptr error) { shared->report(error); });
  }
  const std::shared_ptr<detail::EmitterCore>& emitter() const noexcept { return emitter_; }

  template <class Task>
  void post(Task task) {
    strand_.post([self = shared_from_this(), task = std::move(task)]() mutable { task(*self); });
  }
  void enter(Shard shard, CancelToken cancel, Handler<void> turn) {
    waiting_.push_back({shard.id, std::move(cancel), std::move(turn)});
    serve();
  }
  void update(SessionStartLimit limit) {
    schedule_.update(limit, now());
    serve();
  }
  void close() {
    timer_.cancel();
    for (auto& each : std::exchange(waiting_, {})) end(each, Error(Errc::closed));
  }

 private:
  struct Waiting {
    std::uint32_t shard_id;
    CancelToken cancel;
    Handler<void> turn;
  };

  Clock::time_point now() const { return strand_.runtime().clock().now(); }
  void end(Waiting& waiting, Result<void> result) {
    strand_.runtime().guard([&] { waiting.turn(std::move(result)); });
  }

  /// Calls everyone whose turn it is, in the order in which they came; the rest when the next one's is.
  void serve() {
    std::deque<Waiting> called;
    std::map<std::uint32_t, Clock::duration> waits;  // by group
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      const auto group = schedule_.group(it->shard_id);
      const auto wait = it->cancel.cancelled() ? Clock::duration::zero() : schedule_.wait(group, now());
      if (wait > Clock::duration::zero()) {
        waits.emplace(group, wait);
        ++it;
        continue;
      }
      if (!it->cancel.cancelled()) schedule_.identified(group, now());
      called.push_back(std::move(*it));
      it = waiting_.erase(it);
    }
    timer_.cancel();
    auto next = Clock::duration::max();
    for (const auto& [group, wait] : waits) next = std::min(next, wait);
    if (!waits.empty()) timer_.start(next, [this] { serve(); });
    tell_limit(next);
    for (auto& each : called) end(each, each.cancel.cancelled() ? Result<void>(Error(Errc::cancelled)) : Result<void>());
  }

  /// Once for each time that the limit is reached.
  void tell_limit(Clock::duration wait) {
    const bool reached = !waiting_.empty() && schedule_.remaining(now()) == 0;
    if (!reached || std::exchange(told_, reached)) {
      told_ = reached;
      return;
    }
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(wait);
    std::tuple<const std::chrono::milliseconds&> arguments(milliseconds);
    emitter_->emit(0, &arguments);
  }

  detail::Strand strand_;
  std::shared_ptr<detail::EmitterCore> emitter_;
  bool told_ = false;
  IdentifySchedule schedule_;
  std::deque<Waiting> waiting_;
  detail::Timer timer_;
};

LocalIdentifyQueue::LocalIdentifyQueue(Runtime& runtime, SessionStartLimit limit)
    : LocalIdentifyQueue(std::make_shared<Impl>(runtime, limit)) {}
LocalIdentifyQueue::LocalIdentifyQueue(std::shared_ptr<Impl> impl) : EventEmitter(impl->emitter()), impl_(std::move(impl)) {}
LocalIdentifyQueue::~LocalIdentifyQueue() {
  impl_->post([](Impl& self) { self.close(); });
}
void LocalIdentifyQueue::wait(Shard shard, CancelToken cancel, Handler<void> turn) {
  impl_->post([shard, cancel = std::move(cancel), turn = std::move(turn)](Impl& self) mutable {
    self.enter(shard, std::move(cancel), std::move(turn));
  });
}
void LocalIdentifyQueue::update(SessionStartLimit limit) {
  impl_->post([limit](Impl& self) { self.update(limit); });
}

}  // namespace lavapp::discord
