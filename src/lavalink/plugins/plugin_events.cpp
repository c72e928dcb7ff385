#include "lavalink/plugins/plugin_events.hpp"

#include "lavapp/core/kept.hpp"

namespace lavapp::lavalink::plugins {
namespace {

template <int Index, class Message>
void stop_listening(NodeImpl& node, Event<Node, Index, Message>, ListenerId id) {
  node.emitter()->remove(Index, id);
}

}  // namespace

PluginEvents::PluginEvents(Node& node) : node_(NodeAccess::of(node)), emitter_(detail::EmitterCore::create()) {
  emitter_->on_exception(
      [runtime = node_->strand().shared_runtime()](std::exception_ptr error) { runtime->report(error); });
}

std::shared_ptr<PluginEvents> PluginEvents::listen(Node& node, Tell tell) {
  const std::shared_ptr<PluginEvents> events(new PluginEvents(node));
  events->listener_ = node.on(Node::unknown, [weak = events->weak_from_this(), tell](const UnknownMessage& message) {
    if (const auto self = weak.lock()) tell(message, *self);
  });
  return events;
}

void PluginEvents::destroy() { stop_listening(*node_, Node::unknown, listener_); }

void PluginEvents::warn(const UnknownMessage& message, const json::Fault& fault) {
  Warning warning;
  warning.set_raw(message.raw());
  warning.error = Error(Errc::bad_response, "event " + message.type + ": " + fault.message("the message"));
  // This may be a guild's lane: warnings are told on the strand.
  node_->strand().post([node = node_, kept = std::make_unique<const detail::Kept<Warning>>(warning)] {
    node->tell_warning(kept->get());
  });
}

}  // namespace lavapp::lavalink::plugins
