// Base64. RFC 4648 4
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lavapp::net {

std::string base64(std::string_view bytes);

/// The bytes that `base64` makes this text of; the padding may be left out. Nothing if it makes it of none.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace lavapp::net
