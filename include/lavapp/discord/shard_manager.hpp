// ShardManager: all shards of a bot, or those of one of its processes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/core/function.hpp"
#include "lavapp/discord/gateway.hpp"
#include "lavapp/discord/gateway_bot.hpp"
#include "lavapp/discord/identify_queue.hpp"

namespace lavapp::discord {

class ShardManagerImpl;  // src/discord/shard_manager_impl.hpp

/// `first` to `last` of `count` shards.
struct ShardRange {
  std::uint32_t count = 0;  ///< of all processes; 0: as many as the gateway recommends
  std::uint32_t first = 0;
  Optional<std::uint32_t> last = {};  ///< none, or beyond the end: the last there is
};

struct ShardManagerOptions {
  /// Of each shard. `shard`, `session` and `url` are the manager's affair, and `url` must not be set: /gateway/bot tells it. So is
  /// `identify_queue`, if it is null: all shards share one in the process then.
  GatewayOptions gateway = {};
  ShardRange shards = {};
  /// Discord's REST API, asked for /gateway/bot.
  std::string api = "https://discord.com/api/v10";
};

struct ShardInfo {
  Shard shard = {};
  GatewayStatus status = GatewayStatus::idle;
  std::chrono::nanoseconds ping{0};  ///< the round trip of the last heartbeat; 0 before the first
};
struct ShardStatusChange {
  Shard shard = {};
  GatewayStatusChange change = {};
};
struct ShardError {
  Shard shard = {};
  Error error = {};
};
struct Resharding {
  std::uint32_t from = 0, to = 0;  ///< shards of all processes
};

/// connect() asks /gateway/bot where the gateway is and how many shards it wants, begins them all, and holds them. They take
/// turns to identify, as `max_concurrency` allows.
/// Listeners run one after the other on the runtime; those of the shards beside them.
/// Threading and lifetime: as Gateway.
class ShardManager : public EventEmitter<ShardManager> {
 public:
  /// For each shard, before anything of it is heard: the place to add listeners to it. They come one after the other. When a
  /// resharding takes over, all new ones come; they are ready by then, and their READY and their guilds have gone by.
  static constexpr Event<ShardManager, 0, std::shared_ptr<Gateway>> shard_added{};
  static constexpr Event<ShardManager, 1, ShardStatusChange> status_change{};
  /// A connection failed or was lost; the shard tries again, unless the error is fatal. Or /gateway/bot did not answer, and is
  /// asked again: of shard 0 of 0.
  static constexpr Event<ShardManager, 2, ShardError> error{};
  /// Another number of shards is being connected, while the present ones go on.
  static constexpr Event<ShardManager, 3, Resharding> resharding{};
  /// They have taken over.
  static constexpr Event<ShardManager, 4, Resharding> resharded{};
  /// The day's identifies are used up, and shards wait so long for more; of the manager's own queue.
  static constexpr Event<ShardManager, 7, std::chrono::milliseconds> identify_limit{};
  /// All shards have ended, or none could be begun; nothing follows until connect().
  static constexpr Event<ShardManager, 5, Error> closed{};
  static constexpr Event<ShardManager, 6, std::string_view> debug{};

  ShardManager(Runtime& runtime, ShardManagerOptions options);
  ShardManager(ShardManager&&) noexcept = default;
  ShardManager& operator=(ShardManager&&) noexcept;
  ~ShardManager();

  /// Completes when every shard has been ready. Deadline 1 hour, `ready_timeout`: trying goes on then; with one turn to
  /// identify in 5 s, that many shards are 720. Errors besides: `rate_limited` with retry_after, if the day's identifies do
  /// not suffice: nothing has been begun then; those of fetch_gateway_bot(), though it is asked again after what may pass;
  /// the first fatal error of a shard, which ends all; `already_connecting`; `cancelled`, which ends all; `closed`.
  template <class Token>
  auto connect(Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &ShardManager::start_connect, impl_, std::move(options));
  }
  /// Begins another number of shards beside the present ones; when all are ready they take over, and the old sessions end.
  /// An event of that moment may be heard of an old shard and of a new one. If it fails, the present ones go on.
  /// Errors as connect()'s, `not_open`, `invalid_argument` for the present number, and `already_connecting` if that is being
  /// done. Without a fixed count, close code 4011 does it by itself, and tells by `error` if it fails.
  template <class Token>
  auto reshard(ShardRange range, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &ShardManager::start_reshard, impl_, range, std::move(options));
  }
  /// Closes all. 1000 and 1001 end the sessions at Discord, any other code keeps them for some minutes. The destructor cuts what
  /// is not closed yet: wait with the other one.
  void close(int code = 1000);
  /// The same, and completes when all connections are gone. Deadline 15 s, `close_timeout`. Errors besides: the first of
  /// Gateway::close().
  template <class Token>
  auto close(int code, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &ShardManager::start_close, impl_, code, std::move(options));
  }
  /// Leaves without a word; the sessions live on at Discord.
  void terminate();

  /// Sends by the shard of that guild, as Gateway::send(). `invalid_argument` if this process does not run it.
  template <class Token>
  auto send(Snowflake guild_id, std::string payload, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &ShardManager::start_send, impl_, guild_id, std::move(payload),
                               std::move(options));
  }
  /// send() as a function, whose outcome nobody hears. It may outlive this, and does nothing then.
  Function<void(Snowflake guild_id, std::string payload)> sender() const;
  /// Gateway::update_voice_state() by the shard of that guild.
  template <class Token>
  auto update_voice_state(Snowflake guild_id, VoiceStateRequest state, Token&& token, CallOptions options = {}) {
    return send(guild_id, Gateway::voice_state_payload(guild_id, state), std::forward<Token>(token), std::move(options));
  }

  /// Those of this process, in order.
  std::vector<ShardInfo> shards() const;
  /// Of all processes; 0 before they are known.
  std::uint32_t shard_count() const;
  /// Null if this process does not run it. It is in use as long as you hold it, but not after a resharding.
  std::shared_ptr<Gateway> shard(std::uint32_t id) const;
  /// The one that a guild belongs to; null if this process does not run it.
  std::shared_ptr<Gateway> shard_of(Snowflake guild_id) const;
  const ShardManagerOptions& options() const noexcept;

 private:
  using ImplPtr = std::shared_ptr<ShardManagerImpl>;
  explicit ShardManager(ImplPtr impl);
  static void start_connect(const ImplPtr&, CallOptions, Handler<void>);
  static void start_close(const ImplPtr&, int, CallOptions, Handler<void>);
  static void start_reshard(const ImplPtr&, ShardRange, CallOptions, Handler<void>);
  static void start_send(const ImplPtr&, Snowflake, std::string, CallOptions, Handler<void>);

  ImplPtr impl_;
};

}  // namespace lavapp::discord
