// MaskKeys: one unpredictable key for each frame (RFC 6455 5.3, 10.3).
#pragma once

#include <array>
#include <cstddef>

#include "net/random.hpp"
#include "websocket/frame.hpp"

namespace lavapp::websocket {

/// Draws from the system's generator in blocks: a call for each frame would cost more than the frame.
class MaskKeys {
 public:
  MaskKey next() {
    if (used_ == keys_.size()) {
      net::fill_random(keys_.data(), sizeof(keys_));
      used_ = 0;
    }
    return keys_[used_++];
  }

 private:
  std::array<MaskKey, 32> keys_;
  std::size_t used_ = keys_.size();
};

}  // namespace lavapp::websocket
