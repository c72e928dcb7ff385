// GatewayEncoder: a payload as a client has asked for it: JSON or ETF, compressed or not.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lavapp/discord/gateway_options.hpp"

namespace lavapp::sandbox {

class GatewayEncoder {
 public:
  virtual ~GatewayEncoder() = default;
  /// \param binary  whether it goes as a binary message
  virtual std::string encode(std::string_view bytes, bool& binary) = 0;
};
std::unique_ptr<GatewayEncoder> make_encoder(discord::Compression compression);

}  // namespace lavapp::sandbox
