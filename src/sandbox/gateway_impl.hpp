// Gateway::Impl: what all connections of the sandbox gateway share: its sessions, its orders, and what it has seen.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/runtime_impl.hpp"
#include "core/strand.hpp"
#include "lavapp/sandbox/gateway.hpp"
#include "net/byte_stream.hpp"
#include "sandbox/json.hpp"

namespace lavapp::sandbox {

/// An id of `object`, which JSON has as a string and ETF as an integer, too; 0 if there is none.
Snowflake id_in(const Json& object, const char* name);
/// \param shard  [id, count]
bool belongs_to(Snowflake guild, const Json& shard);
/// The data of GUILD_CREATE.
std::string guild_create(Snowflake id);

class Gateway::Impl : public std::enable_shared_from_this<Impl> {
 public:
  /// Of a client: it is there still when the connection is gone.
  struct Session {
    std::string id;
    Json shard;  ///< [id, count]
    std::uint64_t sequence = 0;
    std::deque<std::pair<std::uint64_t, std::string>> events;  ///< Payloads, with their sequence numbers.
  };
  class Connection;

  Impl(std::shared_ptr<detail::RuntimeImpl> runtime, GatewayOptions options)
      : shards(options.shards),
        remaining_identifies(options.session_start_limit.remaining),
        guilds(options.guilds),
        options_(std::move(options)),
        strand_(std::move(runtime)),
        port_(options_.port) {}

  void start() {
    auto listening = net::listen(strand_, options_.port, [weak = weak_from_this()](auto stream) {
      if (const auto self = weak.lock()) self->accepted(std::move(stream));
    });
    if (!listening) throw Exception(listening.error());
    listener_ = *std::move(listening);
    port_.store(listener_->port(), std::memory_order_release);
  }
  void stop();
  void post(MoveFunction<void(Impl&)> task) {
    strand_.post([self = shared_from_this(), task = std::move(task)]() mutable { task(*self); });
  }
  std::uint16_t port() const { return port_.load(std::memory_order_acquire); }
  std::string url() const { return "ws://127.0.0.1:" + std::to_string(port()); }

  /// What may be asked from any thread.
  struct Journal {
    std::vector<SeenPayload> payloads;
    std::vector<int> close_codes;
    std::size_t connections = 0, open = 0, identifies = 0, resumes = 0;
  };
  template <class Look>
  auto with_journal(Look&& look) {
    std::lock_guard lock(mutex_);
    return look(journal_);
  }
  std::vector<std::shared_ptr<Connection>> open();

  // On the strand: what is ordered.
  bool ignore_heartbeats = false, ignore_identify = false, half_open = false, greet_with_hello = true;
  std::string greeting;
  int refuse_close = 0, refuse_status = 0;
  std::uint32_t shards, remaining_identifies;
  std::vector<Snowflake> guilds;
  std::map<std::string, std::shared_ptr<Session>> sessions;
  std::vector<std::shared_ptr<Connection>> hanging;  ///< They are not read from any more, and kept.

  void dispatch(const std::string& name, const std::string& data);
  void dispatch(Session& session, const std::string& name, const std::string& data);
  const GatewayOptions& options() const { return options_; }
  Clock::time_point now() const { return strand_.runtime().clock().now(); }
  /// Notes the identify, if it does not come too soon.
  bool may_identify(std::uint32_t shard_id) {
    const auto group = shard_id % std::max(options_.session_start_limit.max_concurrency, 1u);
    const auto last = last_identify_.find(group);
    if (options_.enforce_max_concurrency && last != last_identify_.end() && now() - last->second < std::chrono::seconds(5)) return false;
    last_identify_[group] = now();
    return true;
  }
  std::string next_session_id() { return "sandbox-session-" + std::to_string(++last_session_); }

 private:
  void accepted(std::shared_ptr<net::ByteStream> stream);

  const GatewayOptions options_;
  detail::Strand strand_;
  std::shared_ptr<net::Listener> listener_;
  std::atomic<std::uint16_t> port_;  ///< Connections tell it, and may come before start() has returned.
  std::vector<std::weak_ptr<Connection>> connections_;
  std::uint64_t last_session_ = 0;
  std::map<std::uint32_t, Clock::time_point> last_identify_;  ///< by group
  std::mutex mutex_;  // guards the journal
  Journal journal_;
};

}  // namespace lavapp::sandbox
