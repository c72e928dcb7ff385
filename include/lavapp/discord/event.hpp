// GatewayEvent: what all typed events of the gateway have.
#pragma once

#include <string_view>

namespace lavapp::discord {

/// Fields that are absent or null have their defaults. What has no field here is in raw().
class GatewayEvent {
 public:
  /// `d` as JSON text, valid while the listener runs; copy it to keep it.
  std::string_view raw() const noexcept { return raw_; }
  void set_raw(std::string_view text) noexcept { raw_ = text; }

 private:
  std::string_view raw_ = {};
};

}  // namespace lavapp::discord
