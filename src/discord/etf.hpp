// Erlang's external term format, as far as Discord speaks it, to JSON text and back. Pure.
// https://www.erlang.org/doc/apps/erts/erl_ext_dist.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"

namespace lavapp::discord::etf {

/// What comes out is never longer than this.
struct Limits {
  std::size_t max_size = 64 * 1024 * 1024;
  int max_depth = 128;
};

/// One term, with or without the version byte 131 in front, as JSON text. Integers of any length keep their digits, ids among
/// them; atoms true, false, nil and null are what they are called, any other is a string; a tuple is an array, and so is a
/// string of bytes, which is how Erlang writes a list of small integers. Error: `bad_payload`, saying at which byte.
Result<std::string> to_json(std::string_view term, Limits limits);
inline Result<std::string> to_json(std::string_view term) { return to_json(term, Limits{}); }

/// JSON text as a term, with the version byte. Keys are binaries, as Discord wants them. Error: `invalid_argument`.
Result<std::string> from_json(std::string_view json);

/// The members of a payload; nothing but their extent is looked at of `d`.
struct Envelope {
  std::int64_t op = -1;
  std::optional<std::uint64_t> s;
  std::string_view t;
  std::string_view d;  ///< A term without version byte; empty if there is none.
};
Result<Envelope> scan(std::string_view term);

}  // namespace lavapp::discord::etf
