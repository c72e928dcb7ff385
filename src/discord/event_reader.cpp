#include "discord/event_reader.hpp"

#include "discord/field_tables.hpp"
#include "discord/shared_parser.hpp"

namespace lavapp {
namespace json {

bool read_id_of(sj::value& value, Snowflake& out, Fault& fault) {
  discord::IdOf object;
  if (!read(value, object, fault)) return false;
  out = object.id;
  return true;
}

bool read_ids_of(sj::value& value, std::vector<Snowflake>& out, Fault& fault) {
  std::vector<discord::IdOf> objects;
  if (!read(value, objects, fault)) return false;
  out.clear();
  for (const auto& each : objects) out.push_back(each.id);
  return true;
}

/// `[id, count]`
bool read_shard(sj::value& value, Optional<discord::Shard>& out, Fault& fault) {
  std::vector<int> pair;
  if (!read(value, pair, fault)) return false;
  if (pair.size() != 2 || pair[0] < 0 || pair[1] <= pair[0]) return fault.what = "must be [id, count]", false;
  out = discord::Shard{static_cast<std::uint32_t>(pair[0]), static_cast<std::uint32_t>(pair[1])};
  return true;
}

bool read_member_of(sj::value& value, discord::MemberOf& out, Fault& fault) {
  TextOf whole(value);
  std::string_view json;
  if (!read(value, out, fault) || !whole.get(json, fault)) return false;
  out.text.text.assign(json);
  return true;
}

/// A string; or an integer, which is what ETF makes of an id.
static bool read_text(sj::value& value, std::string& out, Fault& fault) {
  std::uint64_t number = 0;
  if (value.get_uint64().get(number)) return read(value, out, fault);
  out = std::to_string(number);
  return true;
}
bool read_texts(sj::value& value, std::vector<std::string>& out, Fault& fault) {
  return read_array(value, out, fault, read_text);
}

/// Deeper than any command can be made: this calls itself, and must not go as deep as a stranger likes.
constexpr int kMaxOptionDepth = 32;

bool read_options(sj::value& value, std::vector<discord::InteractionOption>& out, Fault& fault) {
  if (value.current_depth() > kMaxOptionDepth) return fault.what = "is nested too deeply", false;
  return read(value, out, fault);
}

bool read_option_value(sj::value& value, discord::InteractionValue& out, Fault& fault) {
  sj::json_type type;
  if (const auto error = value.type().get(type)) return fault.broken(error);
  if (type == sj::json_type::string) return read(value, out.emplace<std::string>(), fault);
  if (type == sj::json_type::boolean) return read(value, out.emplace<bool>(), fault);
  if (type != sj::json_type::number) return fault.wrong(value, "a string, a number, true or false");
  std::int64_t integer = 0;
  if (!value.get_int64().get(integer)) return out = integer, true;
  return read(value, out.emplace<double>(), fault);
}

}  // namespace json

namespace discord {
namespace {

namespace sj = json::sj;

Error bad(const json::Fault& fault) { return Error(Errc::bad_payload, fault.message("d")); }

bool open(const SharedParser& parser, std::string_view text, sj::document& document, json::Fault& fault) {
  const auto error = parser.open(text, document);
  return error ? fault.broken(error) : true;
}

template <class T>
bool read_whole(std::string_view d, T& out, json::Fault& fault) {
  const SharedParser parser;
  sj::document document;
  sj::object object;
  return open(parser, d, document, fault) && json::root_object(document, object, fault) &&
         json::read_object(object, out, fault) && json::read_end(document, fault);
}

/// `d` of a payload, read where it lies.
template <class T>
bool read_within(std::string_view payload, T& out, std::string_view& d, json::Fault& fault) {
  const SharedParser parser;
  sj::document document;
  sj::object object;
  if (!open(parser, payload, document, fault) || !json::root_object(document, object, fault)) return false;
  for (auto result : object) {
    sj::field field;
    if (const auto error = std::move(result).get(field)) return fault.broken(error);
    if (!json::is(field.key(), "d")) continue;
    json::TextOf whole(field.value());
    return json::read(field.value(), out, fault) && whole.get(d, fault);
  }
  return fault.missing("d");
}

/// What an event is read into.
template <class Event>
struct BodyOf {
  using Type = Event;
};
template <>
struct BodyOf<InteractionCreate> {
  using Type = InteractionBody;
};

template <class Event>
Result<Event> made_of(Event&& event) {
  return std::move(event);
}
Result<GuildCreate> made_of(GuildCreate&& guild) {
  for (auto& state : guild.voice_states) state.guild_id = guild.id;  // the docs leave it out there
  return std::move(guild);
}
Result<InteractionCreate> made_of(InteractionBody&& body) {
  if (body.user.id == Snowflake()) body.user = std::move(body.of_member.user);
  if (body.user.id == Snowflake()) {
    json::Fault fault;
    fault.missing("user");
    return bad(fault);
  }
  body.member = std::move(body.of_member.text);
  return InteractionCreate(std::move(body));
}

}  // namespace

template <class Event>
Result<Event> read_event(std::string_view d) {
  typename BodyOf<Event>::Type body;
  json::Fault fault;
  if (!read_whole(d, body, fault)) return bad(fault);
  body.set_raw(d);
  return made_of(std::move(body));
}

template <class Event>
Result<Event> read_event_in(std::string_view payload) {
  typename BodyOf<Event>::Type body;
  std::string_view d;
  json::Fault fault;
  if (!read_within(payload, body, d, fault)) return bad(fault);
  body.set_raw(d);
  return made_of(std::move(body));
}

template Result<GatewayReady> read_event(std::string_view d);
template Result<GuildCreate> read_event(std::string_view d);
template Result<GuildDelete> read_event(std::string_view d);
template Result<InteractionCreate> read_event(std::string_view d);
template Result<MessageCreate> read_event(std::string_view d);
template Result<VoiceChannelStatusUpdate> read_event(std::string_view d);
template Result<VoiceServerUpdate> read_event(std::string_view d);
template Result<VoiceStateUpdate> read_event(std::string_view d);

template Result<GatewayReady> read_event_in(std::string_view payload);
template Result<GuildCreate> read_event_in(std::string_view payload);
template Result<GuildDelete> read_event_in(std::string_view payload);
template Result<InteractionCreate> read_event_in(std::string_view payload);
template Result<MessageCreate> read_event_in(std::string_view payload);
template Result<VoiceChannelStatusUpdate> read_event_in(std::string_view payload);
template Result<VoiceServerUpdate> read_event_in(std::string_view payload);
template Result<VoiceStateUpdate> read_event_in(std::string_view payload);

Result<std::chrono::milliseconds> read_hello(std::string_view d) {
  HelloBody hello;
  json::Fault fault;
  if (!read_whole(d, hello, fault)) return bad(fault);
  if (hello.heartbeat_interval <= 0 || hello.heartbeat_interval > 86'400'000) {
    fault.what = "must be milliseconds, more than 0 and at most a day";
    fault.in("heartbeat_interval");
    return bad(fault);
  }
  return std::chrono::milliseconds(hello.heartbeat_interval);
}

Result<Snowflake> read_id(std::string_view d) {
  const SharedParser parser;
  sj::document document;
  sj::value value;
  json::Fault fault;
  Snowflake id;
  if (!open(parser, d, document, fault)) return bad(fault);
  if (document.find_field_unordered("id").get(value)) return fault.missing("id"), bad(fault);
  if (!read(value, id, fault)) return fault.in("id"), bad(fault);
  return id;
}

}  // namespace discord
}  // namespace lavapp
