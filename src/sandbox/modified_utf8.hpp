// Java's modified UTF-8: U+0000 takes two bytes, and what lies beyond U+FFFF is written as its two UTF-16 surrogates,
// three bytes each. https://docs.oracle.com/javase/8/docs/api/java/io/DataInput.html#modified-utf-8
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lavapp::sandbox {

std::string to_modified_utf8(std::string_view utf8);
/// Nothing if the bytes are malformed. A lone surrogate stays as its three bytes.
std::optional<std::string> from_modified_utf8(std::string_view bytes);

}  // namespace lavapp::sandbox
