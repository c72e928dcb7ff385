#include "lavapp/discord/shard_manager.hpp"

#include "discord/gateway_impl.hpp"
#include "discord/shard_manager_impl.hpp"
#include "discord/shard_plan.hpp"

namespace lavapp::discord {

ShardManager::ShardManager(Runtime& runtime, ShardManagerOptions options)
    : ShardManager(std::make_shared<ShardManagerImpl>(runtime, std::move(options))) {}
ShardManager::ShardManager(ImplPtr impl) : EventEmitter(impl->emitter()), impl_(std::move(impl)) {}

ShardManager& ShardManager::operator=(ShardManager&& other) noexcept {
  if (impl_ && impl_ != other.impl_) impl_->destroy();
  EventEmitter::operator=(std::move(other));
  impl_ = std::move(other.impl_);
  return *this;
}

ShardManager::~ShardManager() {
  if (impl_) impl_->destroy();
}

void ShardManager::start_connect(const ImplPtr& impl, CallOptions options, Handler<void> handler) {
  impl->connect(std::move(options), std::move(handler));
}
void ShardManager::start_close(const ImplPtr& impl, int code, CallOptions options, Handler<void> handler) {
  impl->close(code, std::move(options), std::move(handler));
}
void ShardManager::start_reshard(const ImplPtr& impl, ShardRange range, CallOptions options, Handler<void> handler) {
  impl->reshard(range, std::move(options), std::move(handler));
}
void ShardManager::start_send(const ImplPtr& impl, Snowflake guild_id, std::string payload, CallOptions options, Handler<void> handler) {
  impl->send(guild_id, std::move(payload), std::move(options), std::move(handler));
}

Function<void(Snowflake guild_id, std::string payload)> ShardManager::sender() const {
  return [weak = std::weak_ptr<ShardManagerImpl>(impl_)](Snowflake guild_id, std::string payload) {
    if (const auto impl = weak.lock()) impl->send(guild_id, std::move(payload), {}, Handler<void>([](Result<void>) {}));
  };
}

void ShardManager::close(int code) { impl_->close(code); }
void ShardManager::terminate() { impl_->terminate(); }

std::vector<ShardInfo> ShardManager::shards() const {
  std::vector<ShardInfo> all;
  const auto fleet = impl_->fleet();
  if (!fleet) return all;
  for (const auto& each : fleet->gateways) all.push_back({each->options().shard, each->status(), each->ping()});
  return all;
}
std::uint32_t ShardManager::shard_count() const {
  const auto fleet = impl_->fleet();
  return fleet ? fleet->count : 0;
}
std::shared_ptr<Gateway> ShardManager::shard(std::uint32_t id) const {
  const auto fleet = impl_->fleet();
  return fleet ? fleet->shard(id) : nullptr;
}
std::shared_ptr<Gateway> ShardManager::shard_of(Snowflake guild_id) const {
  const auto fleet = impl_->fleet();
  return fleet ? fleet->shard(discord::shard_of(guild_id, fleet->count)) : nullptr;
}

const ShardManagerOptions& ShardManager::options() const noexcept { return impl_->options(); }

}  // namespace lavapp::discord
