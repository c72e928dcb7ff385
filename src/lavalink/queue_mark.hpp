// QueueMark: the note that a queue leaves in a track's `userData`, which the node hands back with every event.
//
// It is the member "lavapp" of the user's own object: {"lavapp":{"play":7,"requester":"42"}, ...}. By `play` an event
// tells which play of a track it is about; by `requester` a restarted bot learns who had asked for it.
#pragma once

#include <cstdint>
#include <optional>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::lavalink {

struct QueueMark {
  std::optional<std::uint64_t> play = {};
  Snowflake requester = {};
};

/// `user_data` must be an object, or empty. Error: `invalid_argument`.
Result<void> check_user_data(const JsonText& user_data);
/// \param user_data  one that check_user_data() accepts, without a mark; it stays as its owner wrote it
JsonText with_mark(const JsonText& user_data, const QueueMark& mark);
/// The mark in `user_data`; an empty one if there is none.
QueueMark mark_in(const JsonText& user_data);
JsonText without_mark(const JsonText& user_data);

}  // namespace lavapp::lavalink
