#include "discord/shard_manager_impl.hpp"

#include <utility>

#include "discord/shard_plan.hpp"
#include "lavapp/discord/session_store.hpp"
#include "net/random.hpp"

namespace lavapp::discord {
namespace {

constexpr std::chrono::hours kLaunchDeadline{1};
constexpr std::chrono::seconds kAnswerDeadline{15};
constexpr std::chrono::seconds kCloseDeadline{15};
/// A shard may wait long for its turn; what limits that is the launch's own deadline.
constexpr std::chrono::hours kShardDeadline{24 * 365};
/// So long a shard that was closed may take to say so.
constexpr std::chrono::seconds kRetirement{10};
/// Before a resharding that the gateway wants, and that failed, is tried again.
constexpr std::chrono::minutes kReshardPause{1};

std::string text(Shard shard) { return "shard " + std::to_string(shard.id) + " of " + std::to_string(shard.count); }

Error of_shard(Shard shard, Error error) {
  error.message = text(shard) + (error.message.empty() ? "" : ": " + error.message);
  return error;
}

}  // namespace

ShardManagerImpl::ShardManagerImpl(Runtime& runtime, ShardManagerOptions options)
    : options_(std::move(options)),
      strand_(runtime.impl()),
      emitter_(detail::EmitterCore::create()),
      own_queue_(options_.gateway.identify_queue ? nullptr : std::make_shared<LocalIdentifyQueue>(runtime)),
      ask_timer_(strand_),
      retire_timer_(strand_) {
  emitter_->on_exception([runtime = strand_.shared_runtime()](std::exception_ptr error) { runtime->report(error); });
}

std::shared_ptr<Gateway> ShardManagerImpl::Fleet::shard(std::uint32_t id) const {
  for (const auto& each : gateways) {
    if (each->options().shard.id == id) return each;
  }
  return nullptr;
}

ShardManagerImpl::FleetPtr ShardManagerImpl::fleet() const {
  std::lock_guard lock(mutex_);
  return fleet_;
}

void ShardManagerImpl::post(MoveFunction<void(ShardManagerImpl&)> task) {
  strand_.post([weak = weak_from_this(), task = std::move(task)]() mutable {
    const auto self = weak.lock();
    if (self && !self->destroyed_.load(std::memory_order_acquire)) task(*self);
  });
}

// --- what the user wants

void ShardManagerImpl::connect(CallOptions options, Handler<void> handler) {
  strand_.post([self = shared_from_this(), options = std::move(options), handler = std::move(handler)]() mutable {
    self->begin_connect(std::move(options), std::move(handler));
  });
}

void ShardManagerImpl::begin_connect(CallOptions options, Handler<void> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return handler(Error(Errc::closed));
  if (launch_ || (fleet_ && !fleet_->alive.empty())) return handler(Error(Errc::already_connecting));
  if (options_.gateway.url != GatewayOptions().url) {
    return handler(Error(Errc::invalid_argument, "gateway.url is what /gateway/bot tells; `api` says where that is asked"));
  }
  stopping_ = false;
  listen_to_queue();
  if (auto begun = launch(options_.shards, 0); !begun) return handler(std::move(begun).error());
  wait_for_launch(std::move(options), std::move(handler));
}

void ShardManagerImpl::reshard(ShardRange range, CallOptions options, Handler<void> handler) {
  strand_.post([self = shared_from_this(), range, options = std::move(options), handler = std::move(handler)]() mutable {
    self->begin_reshard(range, std::move(options), std::move(handler));
  });
}

void ShardManagerImpl::begin_reshard(ShardRange range, CallOptions options, Handler<void> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return handler(Error(Errc::closed));
  if (launch_) return handler(Error(Errc::already_connecting));
  if (!fleet_ || fleet_->alive.empty()) return handler(Error(Errc::not_open, "there are no shards yet"));
  if (auto begun = launch(range, fleet_->count); !begun) return handler(std::move(begun).error());
  wait_for_launch(std::move(options), std::move(handler));
}

void ShardManagerImpl::wait_for_launch(CallOptions options, Handler<void> handler) {
  launch_->operation = detail::Operation<void>::start(
      strand_, std::move(handler), std::move(options), {kLaunchDeadline, Errc::ready_timeout, "not all shards are ready; trying goes on"},
      [weak = weak_from_this()](const Error& why) {
        const auto self = weak.lock();
        if (!self || !self->launch_) return;
        self->launch_->operation.reset();
        if (why == Errc::cancelled) self->launch_failed(why);
      });
}

void ShardManagerImpl::send(Snowflake guild_id, std::string payload, CallOptions options, Handler<void> handler) {
  const auto present = fleet();
  const auto fail = [&](Error error) {
    strand_.post([handler = std::move(handler), error = std::move(error)]() mutable { handler(std::move(error)); });
  };
  if (!present) return fail(Error(Errc::not_open, "there are no shards yet"));
  const Shard wanted{shard_of(guild_id, present->count), present->count};
  const auto shard = present->shard(wanted.id);
  if (!shard) return fail(Error(Errc::invalid_argument, "the guild belongs to " + text(wanted) + ", which this process does not run"));
  Gateway::start_send(shard->impl_, std::move(payload), std::move(options), std::move(handler));
}

void ShardManagerImpl::close(int code) {
  post([code](ShardManagerImpl& self) { self.stop(code, Error(Errc::closed)); });
}

void ShardManagerImpl::terminate() {
  post([](ShardManagerImpl& self) { self.stop({}, Error(Errc::closed)); });
}

void ShardManagerImpl::close(int code, CallOptions options, Handler<void> handler) {
  strand_.post([self = shared_from_this(), code, options = std::move(options), handler = std::move(handler)]() mutable {
    self->begin_close(code, std::move(options), std::move(handler));
  });
}

void ShardManagerImpl::begin_close(int code, CallOptions options, Handler<void> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return handler(Error(Errc::closed));
  if (auto checked = detail::check_deadline(options); !checked) return handler(std::move(checked).error());
  std::vector<std::shared_ptr<Gateway>> leaving;
  auto fleets = retired_;
  fleets.push_back(fleet_);
  if (launch_ && launch_->fleet != fleet_) fleets.push_back(launch_->fleet);
  for (const auto& fleet : fleets) {
    if (fleet) leaving.insert(leaving.end(), fleet->gateways.begin(), fleet->gateways.end());
  }
  stop(code, Error(Errc::closed));
  const auto operation = detail::Operation<void>::start(strand_, std::move(handler), std::move(options),
                                                        {kCloseDeadline, Errc::close_timeout, "not all connections are gone"});
  if (leaving.empty()) return (void)operation->complete({});
  struct Outcome {
    std::size_t left;
    Result<void> first = {};
  };
  const auto outcome = std::make_shared<Outcome>(Outcome{leaving.size()});
  for (const auto& each : leaving) {
    each->close(code, [strand = strand_, operation, outcome](Result<void> result) {
      strand.post([operation, outcome, result = std::move(result)]() mutable {
        if (outcome->first && !result) outcome->first = std::move(result);
        if (--outcome->left == 0) operation->complete(std::move(outcome->first));
      });
    });
  }
}

void ShardManagerImpl::destroy() {
  destroyed_.store(true, std::memory_order_release);
  emitter_->close();
  strand_.post([self = shared_from_this()] {
    self->stop({}, Error(Errc::closed));
    self->retire_timer_.cancel();
    self->retired_.clear();
    self->hear(nullptr);
  });
}

/// Once: not in the constructor, where there is nothing yet to refer to.
void ShardManagerImpl::listen_to_queue() {
  if (!own_queue_ || own_queue_->listener_count(LocalIdentifyQueue::limit_reached) != 0) return;
  own_queue_->on(LocalIdentifyQueue::limit_reached, [weak = weak_from_this()](std::chrono::milliseconds wait) {
    const auto self = weak.lock();
    if (self) self->post([wait](ShardManagerImpl& here) { here.emit(ShardManager::identify_limit, wait); });
  });
}

// --- a fleet on its way

Result<void> ShardManagerImpl::launch(ShardRange range, std::uint32_t resharding_from, bool by_itself) {
  try {
    launch_.emplace(Launch{range, resharding_from, by_itself, Backoff(options_.gateway.reconnect, net::random_seed()), {}, {}});
  } catch (const std::invalid_argument& problem) {
    return Error(Errc::invalid_argument, problem.what());
  }
  post([](ShardManagerImpl& self) {
    if (self.launch_ && !self.launch_->fleet) self.ask();
  });
  return {};
}

void ShardManagerImpl::ask() {
  ApiOptions api;
  api.token = options_.gateway.token;
  api.base = options_.api;
  api.tls = options_.gateway.tls;
  api.proxy = options_.gateway.proxy;
  api.connect_timeout = options_.gateway.connect_timeout;
  auto made = GatewayBotRequest::make(strand_, api);
  if (!made) return launch_failed(std::move(made).error());
  debug("asking /gateway/bot");
  request_ = *std::move(made);
  request_->start([this](Result<GatewayBot> answer) { answered(std::move(answer)); });
  ask_timer_.start(kAnswerDeadline, [this] { answered(Error(Errc::request_timeout, "GET /gateway/bot")); });
}

void ShardManagerImpl::answered(Result<GatewayBot> answer) {
  const auto request = std::move(request_);
  ask_timer_.cancel();
  if (!launch_) return;
  if (answer) {
    auto fleet = build(*answer);
    if (!fleet) return launch_failed(std::move(fleet).error());
    for (const auto& each : (*fleet)->gateways) {
      each->connect(
          [weak = weak_from_this(), fleet = *fleet, id = each->options().shard.id](Result<void> result) {
            if (const auto self = weak.lock()) {
              self->post([fleet, id, result = std::move(result)](ShardManagerImpl& here) mutable {
                here.connected(fleet, id, std::move(result));
              });
            }
          },
          CallOptions{std::chrono::milliseconds(kShardDeadline), {}});
    }
    return;
  }
  const auto delay = is_fatal(answer.error()) ? std::nullopt : launch_->backoff.next(answer.error().retry_after);
  if (!delay) return launch_failed(std::move(answer).error());
  debug("asking again in " + std::to_string(delay->count()) + " ms: " + answer.error().what());
  emit(ShardManager::error, ShardError{{0, 0}, answer.error()});
  ask_timer_.start(*delay, [this] { ask(); });
}

/// The fleet that `launch_` wants. It is heard from the beginning if there is no other, else when it takes over.
Result<ShardManagerImpl::FleetPtr> ShardManagerImpl::build(const GatewayBot& bot) {
  const auto shards = plan_shards(launch_->range, bot);
  if (!shards) return shards.error();
  if (shards->front().count == launch_->resharding_from) {
    return Error(Errc::invalid_argument, "shards: there are " + std::to_string(shards->front().count) + " already");
  }
  if (auto enough = check_identifies(without_session(*shards), bot.session_start_limit); !enough) return std::move(enough).error();
  debug(std::to_string(shards->size()) + " of " + std::to_string(shards->front().count) + " shards begin; " +
        std::to_string(bot.session_start_limit.remaining) + " identifies are left today");
  if (own_queue_) own_queue_->update(bot.session_start_limit);
  const auto fleet = launch_->fleet = std::make_shared<Fleet>();
  fleet->count = shards->front().count;
  for (const auto shard : *shards) add(fleet, shard, bot.url);
  if (launch_->resharding_from != 0) emit(ShardManager::resharding, Resharding{launch_->resharding_from, fleet->count});
  if (!fleet_ || fleet_->alive.empty()) hear(fleet);
  return fleet;
}

std::size_t ShardManagerImpl::without_session(const std::vector<Shard>& shards) {
  const auto& store = options_.gateway.session_store;
  if (!store) return shards.size();
  std::size_t count = 0;
  for (const auto shard : shards) {
    Optional<GatewaySession> session;
    strand_.runtime().guard([&] { session = store->load(shard); });
    if (!session) ++count;
  }
  return count;
}

void ShardManagerImpl::add(const FleetPtr& fleet, Shard shard, const std::string& url) {
  auto options = options_.gateway;
  options.shard = shard;
  options.session = {};
  options.url = url;
  if (own_queue_) options.identify_queue = own_queue_;
  const std::shared_ptr<Gateway> gateway(new Gateway(std::make_shared<GatewayImpl>(strand_.shared_runtime(), std::move(options))));
  const std::weak_ptr<Fleet> weak_fleet = fleet;
  gateway->on(Gateway::status_change, [weak = weak_from_this(), weak_fleet, shard](const GatewayStatusChange& change) {
    if (const auto self = weak.lock()) self->pass_on(weak_fleet, ShardManager::status_change, ShardStatusChange{shard, change});
  });
  gateway->on(Gateway::error, [weak = weak_from_this(), weak_fleet, shard](const Error& error) {
    if (const auto self = weak.lock()) self->pass_on(weak_fleet, ShardManager::error, ShardError{shard, error});
  });
  gateway->on(Gateway::closed, [weak = weak_from_this(), weak_fleet, shard](const Error& why) {
    const auto self = weak.lock();
    if (!self) return;
    self->post([weak_fleet, shard, why](ShardManagerImpl& here) {
      if (const auto its = weak_fleet.lock()) here.ended(its, shard.id, why);
    });
  });
  fleet->gateways.push_back(gateway);
  fleet->not_ready.insert(shard.id);
  fleet->alive.insert(shard.id);
}

template <int Index, class Told>
void ShardManagerImpl::pass_on(const std::weak_ptr<Fleet>& fleet, Event<ShardManager, Index, Told> event, Told told) {
  post([fleet, event, told = std::move(told)](ShardManagerImpl& here) {
    const auto its = fleet.lock();
    if (its && its->alive.count(told.shard.id) != 0) here.emit(event, told);
  });
}

void ShardManagerImpl::connected(const FleetPtr& fleet, std::uint32_t id, Result<void> result) {
  if (!launch_ || launch_->fleet != fleet) return;
  if (!result) return launch_failed(of_shard({id, fleet->count}, std::move(result).error()));
  fleet->not_ready.erase(id);
  if (!fleet->not_ready.empty()) return;
  const auto launch = std::exchange(launch_, std::nullopt);
  if (fleet != fleet_) {
    const auto old = fleet_;
    hear(fleet);
    retire(old);
  }
  if (launch->resharding_from != 0) emit(ShardManager::resharded, Resharding{launch->resharding_from, fleet->count});
  if (launch->operation) launch->operation->complete({});
}

/// \param fleet  null: none any more
void ShardManagerImpl::hear(const FleetPtr& fleet) {
  const auto old = fleet_;  // destroyed without the lock
  {
    std::lock_guard lock(mutex_);
    fleet_ = fleet;
  }
  if (!fleet) return;
  for (const auto& each : fleet->gateways) emit(ShardManager::shard_added, each);
}

/// Its sessions end; it is kept until that is done.
void ShardManagerImpl::retire(const FleetPtr& fleet) {
  for (const auto& each : fleet->gateways) each->close(1000);
  retired_.push_back(fleet);
  retire_timer_.start(kRetirement, [this] { retired_.clear(); });
}

/// Another fleet that is heard goes on.
void ShardManagerImpl::launch_failed(Error error) {
  const auto launch = std::exchange(launch_, std::nullopt);
  request_.reset();
  ask_timer_.cancel();
  debug("given up: " + error.what());
  if (launch->fleet) {
    for (const auto& each : launch->fleet->gateways) each->terminate();
    launch->fleet->alive.clear();
  }
  if (launch->operation) launch->operation->complete(error);
  if (!fleet_ || fleet_->alive.empty()) return emit(ShardManager::closed, error);
  if (!launch->by_itself) return;
  emit(ShardManager::error, ShardError{{0, launch->resharding_from}, error});
  if (is_fatal(error)) return;
  const auto wait = std::max(error.retry_after.value_or(kReshardPause), std::chrono::milliseconds(kReshardPause));
  ask_timer_.start(wait, [this] { reshard_by_itself(); });
}

void ShardManagerImpl::reshard_by_itself() {
  if (!launch_ && !stopping_ && fleet_ && !fleet_->alive.empty()) (void)launch(options_.shards, fleet_->count, true);
}

// --- its end

void ShardManagerImpl::ended(const FleetPtr& fleet, std::uint32_t id, const Error& why) {
  if (fleet->alive.erase(id) == 0) return;
  if (launch_ && launch_->fleet == fleet) return launch_failed(of_shard({id, fleet->count}, why));
  if (launch_ || fleet != fleet_) return;
  if (why == Errc::sharding_required && options_.shards.count == 0 && !stopping_) {
    debug(text({id, fleet->count}) + " has too many guilds: resharding");
    if (launch(options_.shards, fleet->count, true)) return;
  }
  if (fleet->alive.empty()) emit(ShardManager::closed, why);
}

/// \param code  to close with; none: without a word
void ShardManagerImpl::stop(std::optional<int> code, const Error& why) {
  stopping_ = true;
  const auto launch = std::exchange(launch_, std::nullopt);
  request_.reset();
  ask_timer_.cancel();
  const auto leave = [&](const FleetPtr& fleet) {
    if (!fleet) return;
    for (const auto& each : fleet->gateways) code ? each->close(*code) : each->terminate();
  };
  const bool ran = fleet_ && !fleet_->alive.empty();
  leave(fleet_);
  if (launch && launch->fleet != fleet_) leave(launch->fleet);
  if (launch && launch->operation) launch->operation->complete(why);
  if (launch && !ran) emit(ShardManager::closed, why);  // else it is emitted when the last shard has ended
}

void ShardManagerImpl::debug(const std::string& text) { emit(ShardManager::debug, std::string_view(text)); }

}  // namespace lavapp::discord
