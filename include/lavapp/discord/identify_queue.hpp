// IdentifyQueue: whose turn it is to identify. All shards of a token share one, in however many processes they are.
#pragma once

#include <chrono>
#include <memory>

#include "lavapp/core/cancel.hpp"
#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/runtime.hpp"
#include "lavapp/discord/gateway_bot.hpp"
#include "lavapp/discord/gateway_options.hpp"

namespace lavapp::discord {

/// Derive from it to share one queue among several processes.
/// https://discord.com/developers/docs/events/gateway#identifying
class IdentifyQueue {
 public:
  virtual ~IdentifyQueue() = default;
  /// Calls `turn` once, when `shard` may identify; that follows at once, and counts as one of the day's. It may be called on
  /// any thread, inside this call too. An Error ends the connection, and the shard tries again after a pause. Once `cancel`
  /// is cancelled the turn is not wanted any more: call it with Errc::cancelled, or not at all.
  /// Called on any thread; it must not block.
  virtual void wait(Shard shard, CancelToken cancel, Handler<void> turn) = 0;
};

/// The queue of one process. In each group of shards with the same `id % max_concurrency` one identifies in 5 s, in the order
/// in which they asked; when the day's identifies are used up, all wait until the limit is reset.
/// Threading: any thread. Lifetime: `runtime` must outlive it.
class LocalIdentifyQueue final : public IdentifyQueue, public EventEmitter<LocalIdentifyQueue> {
 public:
  /// The day's identifies are used up, and somebody waits: so long.
  static constexpr Event<LocalIdentifyQueue, 0, std::chrono::milliseconds> limit_reached{};

  explicit LocalIdentifyQueue(Runtime& runtime, SessionStartLimit limit = {});
  LocalIdentifyQueue(const LocalIdentifyQueue&) = delete;
  LocalIdentifyQueue& operator=(const LocalIdentifyQueue&) = delete;
  /// Turns that are waited for end with `closed`.
  ~LocalIdentifyQueue() override;

  void wait(Shard shard, CancelToken cancel, Handler<void> turn) override;
  /// What /gateway/bot says now.
  void update(SessionStartLimit limit);

 private:
  class Impl;
  explicit LocalIdentifyQueue(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace lavapp::discord
