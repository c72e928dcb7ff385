// The escapes of JSON strings. RFC 8259 7.
#pragma once

#include <string>
#include <string_view>

namespace lavapp::json {

/// Puts the meaning of what stands between a JSON string's quotes in place of `out`. False if an escape is not one of
/// RFC 8259. Half a surrogate pair alone, which the grammar allows and UTF-8 does not, becomes U+FFFD.
bool unescape(std::string_view escaped, std::string& out);

}  // namespace lavapp::json
