// Java's modified UTF-8: U+0000 takes two bytes, and what lies beyond U+FFFF is written as its two surrogates, three
// bytes each. https://docs.oracle.com/javase/8/docs/api/java/io/DataInput.html#modified-utf-8
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lavapp::lavalink {

// A Java string may hold half a surrogate pair alone, which UTF-8 cannot: on the other side it keeps its three bytes.
// Each function undoes the other.

/// Nothing if `text` is not UTF-8.
std::optional<std::string> to_modified_utf8(std::string_view text);
/// Nothing if Java would not have written these bytes.
std::optional<std::string> from_modified_utf8(std::string_view bytes);

/// Proper UTF-8, as Java prints it: a question mark in place of half a surrogate pair.
std::string printable(std::string_view text);

}  // namespace lavapp::lavalink
