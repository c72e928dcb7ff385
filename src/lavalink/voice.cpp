#include "lavapp/lavalink/voice.hpp"

#include <utility>

#include "lavalink/voice_impl.hpp"

namespace lavapp::lavalink {

Voice::Voice(Node& node, Sender sender, VoiceOptions options)
    : Voice(std::make_shared<VoiceImpl>(node.impl_, std::move(sender), options)) {
  impl_->listen();
}

Voice::Voice(ImplPtr impl) : EventEmitter(impl->emitter()), impl_(std::move(impl)) {}

Voice& Voice::operator=(Voice&& other) noexcept {
  if (this == &other) return *this;
  if (impl_) impl_->destroy();
  EventEmitter::operator=(std::move(other));
  impl_ = std::move(other.impl_);
  return *this;
}

Voice::~Voice() {
  if (impl_) impl_->destroy();
}

void Voice::start_join(const ImplPtr& impl, Snowflake guild_id, VoiceJoin join, CallOptions options,
                       Handler<PlayerState> handler) {
  impl->join(guild_id, join, std::move(options), std::move(handler));
}

void Voice::start_leave(const ImplPtr& impl, Snowflake guild_id, CallOptions options, Handler<void> handler) {
  impl->leave(guild_id, std::move(options), std::move(handler));
}

Result<void> Voice::voice_state_update(std::string_view json) { return impl_->voice_state_update(json); }
Result<void> Voice::voice_server_update(std::string_view json) { return impl_->voice_server_update(json); }
Result<void> Voice::raw_event(std::string_view payload) { return impl_->raw_event(payload); }

Function<void(std::string_view)> Voice::feed() const {
  return [weak = std::weak_ptr<VoiceImpl>(impl_)](std::string_view payload) {
    if (const auto impl = weak.lock()) impl->feed(payload);
  };
}

Function<void(std::string_view, std::string_view)> Voice::event_feed() const {
  return [weak = std::weak_ptr<VoiceImpl>(impl_)](std::string_view name, std::string_view data) {
    if (const auto impl = weak.lock()) impl->feed(name, data);
  };
}

std::optional<Snowflake> Voice::channel_id(Snowflake guild_id) const { return impl_->channel_id(guild_id); }
bool Voice::is_connected(Snowflake guild_id) const { return impl_->is_connected(guild_id); }

}  // namespace lavapp::lavalink
