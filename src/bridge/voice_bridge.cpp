#include "lavapp/voice_bridge.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace lavapp {
namespace {

using discord::Gateway;

/// No such event is ever emitted, so no call of it is under way when the gateway is destroyed: what its listener holds
/// dies within the gateway's destructor.
constexpr Event<Gateway, 31> never{};

/// Between a gateway and a Voice, either of which may end first.
struct Link {
  std::recursive_mutex mutex;  // guards the gateway: it is not destroyed while it is being used
  Gateway* gateway = nullptr;  // none: destroyed
};
using LinkPtr = std::shared_ptr<Link>;

/// Held by a listener of the gateway: the gateway ends with it.
class GatewayEnd {
 public:
  explicit GatewayEnd(LinkPtr link) : link_(std::move(link)) {}
  GatewayEnd(GatewayEnd&&) noexcept = default;
  GatewayEnd& operator=(GatewayEnd&&) = delete;
  ~GatewayEnd() {
    if (!link_) return;
    std::lock_guard lock(link_->mutex);
    link_->gateway = nullptr;
  }

 private:
  LinkPtr link_;
};

/// Held by the Voice's sender: the Voice ends with it, and with that what the gateway's listeners are good for.
class VoiceEnd {
 public:
  explicit VoiceEnd(LinkPtr link) : link_(std::move(link)) {}
  VoiceEnd(const VoiceEnd&) = delete;
  VoiceEnd& operator=(const VoiceEnd&) = delete;
  ~VoiceEnd() {
    std::lock_guard lock(link_->mutex);
    if (link_->gateway == nullptr) return;
    auto& gateway = *link_->gateway;
    gateway.off(Gateway::dispatch, events);
    gateway.off(never, end);
  }
  void send(std::string payload) {
    std::lock_guard lock(link_->mutex);
    // If it cannot be sent, no answer comes: the deadline of join() tells.
    if (link_->gateway != nullptr) link_->gateway->send(std::move(payload), [](Result<void>) {});
  }

  ListenerId events, end;

 private:
  LinkPtr link_;
};

/// A whole payload of an event again; of READY nothing matters but that it came. Empty: not one for a Voice.
std::string payload_of(const discord::Dispatch& event) {
  const bool voice = event.name() == "VOICE_STATE_UPDATE" || event.name() == "VOICE_SERVER_UPDATE";
  if (!voice && event.name() != "READY") return {};
  const auto data = voice ? event.data() : std::string_view("null");
  return R"({"op":0,"t":")" + std::string(event.name()) + R"(","d":)" + std::string(data) + "}";
}

}  // namespace

lavalink::Voice connect_voice(Gateway& gateway, lavalink::Node& node, lavalink::VoiceOptions options) {
  const auto link = std::make_shared<Link>();
  link->gateway = &gateway;
  const auto end = std::make_shared<VoiceEnd>(link);
  lavalink::Voice voice(
      node, [end](Snowflake, std::string payload) { end->send(std::move(payload)); }, options);
  end->end = gateway.on(never, [held = GatewayEnd(link)] {});
  end->events = gateway.on(Gateway::dispatch, [feed = voice.feed()](const discord::Dispatch& event) {
    if (const auto payload = payload_of(event); !payload.empty()) feed(payload);
  });
  return voice;
}

}  // namespace lavapp
