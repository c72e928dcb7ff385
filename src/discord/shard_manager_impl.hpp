// ShardManagerImpl: what ShardManager stands for. It owns fleets of shards: the one that is heard, and, while resharding, the one
// that is to take over.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "core/operation.hpp"
#include "core/runtime_impl.hpp"
#include "core/strand.hpp"
#include "core/timer.hpp"
#include "discord/gateway_bot_request.hpp"
#include "discord/gateway_impl.hpp"
#include "lavapp/discord/shard_manager.hpp"

namespace lavapp::discord {

class ShardManagerImpl final : public std::enable_shared_from_this<ShardManagerImpl> {
 public:
  ShardManagerImpl(Runtime& runtime, ShardManagerOptions options);

  // --- From any thread
  void connect(CallOptions options, Handler<void> handler);
  void reshard(ShardRange range, CallOptions options, Handler<void> handler);
  void send(Snowflake guild_id, std::string payload, CallOptions options, Handler<void> handler);
  void close(int code);
  void close(int code, CallOptions options, Handler<void> handler);
  void terminate();
  void destroy();

  /// Shards of one number. Its gateways do not change once it is heard; the rest is the strand's own.
  struct Fleet {
    std::uint32_t count = 0;
    std::vector<std::shared_ptr<Gateway>> gateways;
    std::set<std::uint32_t> not_ready, alive;

    std::shared_ptr<Gateway> shard(std::uint32_t id) const;
  };
  using FleetPtr = std::shared_ptr<Fleet>;
  /// The one that is heard; null before there is one.
  FleetPtr fleet() const;
  const ShardManagerOptions& options() const noexcept { return options_; }
  const std::shared_ptr<detail::EmitterCore>& emitter() const noexcept { return emitter_; }

 private:
  /// A fleet on its way: first /gateway/bot is asked, then it is connected.
  struct Launch {
    ShardRange range;
    std::uint32_t resharding_from;  // 0: it is the first
    bool by_itself;                 // nobody asked for it but the gateway
    Backoff backoff;
    std::shared_ptr<detail::Operation<void>> operation;  // null: nobody waits
    FleetPtr fleet;                                      // null until /gateway/bot has answered
  };

  void post(MoveFunction<void(ShardManagerImpl&)> task);
  void begin_connect(CallOptions options, Handler<void> handler);
  void listen_to_queue();
  void begin_close(int code, CallOptions options, Handler<void> handler);
  void begin_reshard(ShardRange range, CallOptions options, Handler<void> handler);
  Result<void> launch(ShardRange range, std::uint32_t resharding_from, bool by_itself = false);
  void reshard_by_itself();
  void wait_for_launch(CallOptions options, Handler<void> handler);
  void ask();
  void answered(Result<GatewayBot> answer);
  Result<FleetPtr> build(const GatewayBot& bot);
  std::size_t without_session(const std::vector<Shard>& shards);
  void add(const FleetPtr& fleet, Shard shard, const std::string& url);
  void connected(const FleetPtr& fleet, std::uint32_t id, Result<void> result);
  void ended(const FleetPtr& fleet, std::uint32_t id, const Error& why);
  /// Tells what a shard told, on this strand, unless its fleet is given up.
  template <int Index, class Told>
  void pass_on(const std::weak_ptr<Fleet>& fleet, Event<ShardManager, Index, Told> event, Told told);
  void hear(const FleetPtr& fleet);
  void retire(const FleetPtr& fleet);
  void launch_failed(Error error);
  void stop(std::optional<int> code, const Error& why);
  void debug(const std::string& text);

  template <int Index, class... Args>
  void emit(Event<ShardManager, Index, Args...>, const std::common_type_t<Args>&... args) {
    std::tuple<const Args&...> arguments(args...);
    emitter_->emit(Index, &arguments);
  }

  const ShardManagerOptions options_;
  const detail::Strand strand_;
  const std::shared_ptr<detail::EmitterCore> emitter_;
  const std::shared_ptr<LocalIdentifyQueue> own_queue_;  // null if the options have one
  std::atomic<bool> destroyed_{false};
  mutable std::mutex mutex_;  // guards the pointer
  FleetPtr fleet_;            // the one that is heard; written on the strand

  // What follows is the strand's own.
  std::optional<Launch> launch_;
  std::unique_ptr<GatewayBotRequest> request_;
  detail::Timer ask_timer_, retire_timer_;
  std::vector<FleetPtr> retired_;  // they are closing
  bool stopping_ = false;          // close() was called
};

}  // namespace lavapp::discord
