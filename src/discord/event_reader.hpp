// Reads the data of events, and of HELLO, into their structs. Pure.
//
// What the tables of field_tables.hpp name is validated; so is, of the whole text, that it is UTF-8, that strings end, and
// that as many objects and arrays end as begin. The rest, which is most of a large event, is skipped unread.
#pragma once

#include <chrono>
#include <string_view>

#include "lavapp/core/result.hpp"
#include "lavapp/discord/events.hpp"

namespace lavapp::discord {

// Everywhere: `d` is JSON text with ScratchBuffer::kPadding bytes behind it that may be read, as PayloadReader and
// Dispatch::data() give it. Errors: `bad_payload`, with the field's name; no value is in the message.

/// raw() of the event is `d`.
template <class Event>
Result<Event> read_event(std::string_view d);
/// The same of a whole payload, in one pass. raw() is its `d`.
template <class Event>
Result<Event> read_event_in(std::string_view payload);

Result<std::chrono::milliseconds> read_hello(std::string_view d);
/// `id`, of a guild; nothing else is looked at.
Result<Snowflake> read_id(std::string_view d);

}  // namespace lavapp::discord
