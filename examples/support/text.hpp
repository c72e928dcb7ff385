// UTF-8 text in columns: how wide it is on a terminal, and how to cut it between characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace console {

/// Columns that `text` takes: 2 for East Asian wide characters and emoji, 0 for combining marks and for the colour
/// sequences of look.hpp.
std::size_t display_width(std::string_view text);

/// `text` cut to at most `width` columns, never inside a character, ending in `ellipsis` if something is missing.
/// `text` has no colour sequences.
std::string fit(std::string_view text, std::size_t width, std::string_view ellipsis = "…");

/// The end of `text` that fits in `width` columns.
std::string_view fit_end(std::string_view text, std::size_t width);

/// `text` made safe to print: what comes from a server may hold escape sequences, line breaks, marks that turn the
/// writing direction, or broken UTF-8. The last becomes U+FFFD, white space a space, the rest goes.
std::string printable(std::string_view text);

/// `text` broken at spaces into lines of at most `width` columns; a word that is longer than that is cut. Never empty.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// `text` followed by spaces up to `width` columns.
std::string pad(std::string text, std::size_t width);

}  // namespace console
