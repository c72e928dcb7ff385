// PluginEvents: makes a plugin's typed events of those that its node hands on as unknown.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "lavalink/decode_body.hpp"
#include "lavalink/plugins/plugin.hpp"
#include "lavapp/core/event_emitter.hpp"

namespace lavapp::lavalink::plugins {

/// Kept alive by the plugin's object, and by an event that is being told. Events are told where the
/// node's events of that guild are: on its strand, or in the guild's lane.
class PluginEvents : public std::enable_shared_from_this<PluginEvents> {
 public:
  /// Tells the one event that the message is, if it is one of the plugin's.
  using Tell = bool (*)(const UnknownMessage& message, PluginEvents& events);

  static std::shared_ptr<PluginEvents> listen(Node& node, Tell tell);
  /// The plugin's object is destroyed: the node is not listened to any more.
  void destroy();

  const std::shared_ptr<NodeImpl>& node() const noexcept { return node_; }
  const std::shared_ptr<detail::EmitterCore>& emitter() const noexcept { return emitter_; }

  /// Whether the message is an event of this type; tells it then. One that cannot be read is the node's `warning`.
  /// \param name  "LavaLyrics::lyrics_line"; it lasts for ever
  template <class Owner, int Index, class T>
  bool tell(const UnknownMessage& message, std::string_view type, Event<Owner, Index, T>, std::string_view name) {
    if (message.op != "event" || message.type != type) return false;
    if (!emitter_->heard(Index)) return true;
    T event;
    json::Fault fault;
    std::string text(message.raw());
    if (!read_root(text, event, fault)) return warn(message, fault), true;
    event.set_raw(message.raw());
    std::tuple<const T&> arguments(event);
    const auto began = node_->now();
    emitter_->emit_apart(Index, &arguments);
    node_->check_call(name, message.guild_id.value_or(Snowflake()), began);
    return true;
  }

 private:
  explicit PluginEvents(Node& node);
  void warn(const UnknownMessage& message, const json::Fault& fault);

  const std::shared_ptr<NodeImpl> node_;
  const std::shared_ptr<detail::EmitterCore> emitter_;
  ListenerId listener_ = {};
};

}  // namespace lavapp::lavalink::plugins
