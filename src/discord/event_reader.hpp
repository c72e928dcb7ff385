// Reads the data of events, and of HELLO, into their structs. Pure.
//
// What the tables of field_tables.hpp name is validated, and so are UTF-8 and the ends of strings, objects and arrays. The
// rest, which is most of a large event, is skipped unread: a fault that stands there is found by nobody.
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
template <>
Result<GuildCreate> read_event(std::string_view d);
template <>
Result<InteractionCreate> read_event(std::string_view d);

Result<std::chrono::milliseconds> read_hello(std::string_view d);
/// `id`, of a guild; nothing else is looked at.
Result<Snowflake> read_id(std::string_view d);

}  // namespace lavapp::discord
