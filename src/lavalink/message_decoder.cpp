#include "lavalink/message_decoder.hpp"

#include <optional>
#include <utility>

#include "lavalink/field_tables.hpp"

namespace lavapp::lavalink {
namespace {

using json::Fault;
namespace sj = json::sj;

/// Room that one huge message took is given back after it.
constexpr std::size_t kept_capacity = 1024 * 1024;
static_assert(simdjson::SIMDJSON_PADDING <= MessageDecoder::kPadding);

constexpr std::pair<std::string_view, MessageKind> ops[] = {
    {"playerUpdate", MessageKind::player_update},
    {"stats", MessageKind::stats},
    {"ready", MessageKind::ready},
};
constexpr std::pair<std::string_view, MessageKind> event_types[] = {
    {"TrackStartEvent", MessageKind::track_start},         {"TrackEndEvent", MessageKind::track_end},
    {"TrackExceptionEvent", MessageKind::track_exception}, {"TrackStuckEvent", MessageKind::track_stuck},
    {"WebSocketClosedEvent", MessageKind::voice_closed},
};

template <std::size_t N>
MessageKind look_up(const std::pair<std::string_view, MessageKind> (&table)[N], std::string_view name) {
  for (const auto& [spelling, kind] : table) {
    if (spelling == name) return kind;
  }
  return MessageKind::unknown;
}

/// Takes `front` from where `text` begins.
bool take(std::string_view& text, std::string_view front) {
  if (text.substr(0, front.size()) != front) return false;
  text.remove_prefix(front.size());
  return true;
}

/// The one of the table's names that `text` begins with, up to its closing quote.
template <std::size_t N>
MessageKind starts_with(const std::pair<std::string_view, MessageKind> (&table)[N], std::string_view text,
                        std::string_view& name) {
  for (const auto& [spelling, kind] : table) {
    if (text.size() <= spelling.size() || text[spelling.size()] != '"') continue;
    if (text.substr(0, spelling.size()) == spelling) return name = spelling, kind;
  }
  return MessageKind::unknown;
}

}  // namespace

struct MessageDecoder::Impl {
  sj::parser parser;
  std::string buffer;
  Fault fault;

  // What names the message's kind.
  std::string_view op, type;
  std::string op_buffer, type_buffer;
  bool has_op = false, has_type = false;

  // One of each, so that a stream of messages does not allocate.
  Ready ready;
  StatsUpdate stats;
  PlayerUpdate player_update;
  TrackStart track_start;
  TrackEnd track_end;
  TrackFailed track_exception;
  TrackStuck track_stuck;
  VoiceClosed voice_closed;

  bool open(std::string_view padded, sj::document& document, sj::object& object);
  bool read_front(std::string_view text, MessageKind& kind);
  bool read_kind(sj::object& object, MessageKind& kind);
  bool read_unknown(sj::object object, UnknownMessage& out);
  void warn(std::string_view text, MessageSink& sink) const;

  void decode(std::string_view padded, std::string_view text, MessageSink& sink);
  template <class Message, class Body>
  void read_into(std::string_view text, sj::document& document, sj::object object, Message& message, Body& body,
                 MessageSink& sink) {
    if (!json::read_object(object, body, fault) || !json::read_end(document, fault)) return warn(text, sink);
    message.set_raw(text);
    sink.on(std::as_const(message));
  }
  template <class Message>
  void read_into(std::string_view text, sj::document& document, sj::object object, Message& message,
                 MessageSink& sink) {
    read_into(text, document, object, message, message, sink);
  }
};

bool MessageDecoder::Impl::open(std::string_view padded, sj::document& document, sj::object& object) {
  const simdjson::padded_string_view view(padded.data(), padded.size(), padded.size() + kPadding);
  if (const auto error = parser.iterate(view).get(document)) return fault.broken(error);
  return json::root_object(document, object, fault);
}

/// `op` and, of an event, `type`, if the message begins with them, as Lavalink's do, and they are known.
bool MessageDecoder::Impl::read_front(std::string_view text, MessageKind& kind) {
  if (!take(text, R"({"op":")")) return false;
  if (take(text, R"(event","type":")")) {
    op = "event";
    kind = starts_with(event_types, text, type);
  } else {
    kind = starts_with(ops, text, op);
  }
  return kind != MessageKind::unknown;
}

/// Reads `op` and, of an event, `type`, wherever they stand, and goes back to the start.
bool MessageDecoder::Impl::read_kind(sj::object& object, MessageKind& kind) {
  for (auto result : object) {
    if (result.error()) return fault.broken(result.error());
    auto&& field = std::move(result).value_unsafe();  // not get(): it copies, and this is the innermost loop
    if (json::is(field.key(), "op")) {
      has_op = true;
      if (!json::text(field.value(), op, op_buffer, fault)) return fault.in("op");
    } else if (json::is(field.key(), "type")) {
      has_type = json::text(field.value(), type, type_buffer, fault);  // another op's may be anything
    }
    if (has_op && (op != "event" || has_type)) break;
  }
  if (!has_op) return fault.missing("op");
  kind = look_up(ops, op);
  if (op == "event") {
    if (!has_type) return fault.what.empty() ? fault.missing("type") : fault.in("type");
    kind = look_up(event_types, type);
  } else {
    type = {};
  }
  fault.clear();
  const auto error = object.reset().error();
  return error ? fault.broken(error) : true;
}

bool MessageDecoder::Impl::read_unknown(sj::object object, UnknownMessage& out) {
  out.op = op;
  out.type = type;
  return json::each_field(object, fault, [&](sj::raw_json_string key, sj::value& value) {
    if (!json::check_name(key, fault)) return false;
    if (!json::is(key, "guildId")) return check(value, fault) || fault.in(json::name_of(key));
    Fault ignored;  // a plugin's guildId may be anything
    Snowflake id;
    if (!read(value, id, ignored)) return check(value, fault) || fault.in("guildId");
    out.guild_id = id;
    return true;
  });
}

void MessageDecoder::Impl::warn(std::string_view text, MessageSink& sink) const {
  std::string message;
  if (!op.empty()) message = std::string(op) + (op == "event" && !type.empty() ? " " + std::string(type) : "") + ": ";
  Warning warning;
  warning.set_raw(text);
  warning.error = Error(Errc::bad_response, message + fault.message("the message"));
  sink.on(warning);
}

MessageDecoder::MessageDecoder() : impl_(std::make_unique<Impl>()) {}
MessageDecoder::~MessageDecoder() = default;
MessageDecoder::MessageDecoder(MessageDecoder&&) noexcept = default;
MessageDecoder& MessageDecoder::operator=(MessageDecoder&&) noexcept = default;

void MessageDecoder::decode(std::string_view text, MessageSink& sink) {
  auto& buffer = impl_->buffer;
  buffer.reserve(text.size() + kPadding);
  buffer.assign(text);
  impl_->decode(buffer, text, sink);
  if (buffer.capacity() > kept_capacity) buffer = std::string();
}

void MessageDecoder::decode_in_place(std::string_view text, MessageSink& sink) { impl_->decode(text, text, sink); }

/// \param padded  what is read
/// \param text    the same, for raw()
void MessageDecoder::Impl::decode(std::string_view padded, std::string_view text, MessageSink& sink) {
  fault.clear();
  op = type = {};
  has_op = has_type = false;

  sj::document document;
  sj::object object;
  auto kind = MessageKind::unknown;
  if (!open(padded, document, object) || !(read_front(text, kind) || read_kind(object, kind))) return warn(text, sink);
  if (!sink.wants(kind)) return;
  switch (kind) {
    case MessageKind::player_update:
      read_into(text, document, object, player_update, sink);
      break;
    case MessageKind::stats:
      read_into(text, document, object, stats, stats.stats, sink);
      break;
    case MessageKind::track_start:
      read_into(text, document, object, track_start, sink);
      break;
    case MessageKind::track_end:
      read_into(text, document, object, track_end, sink);
      break;
    case MessageKind::track_exception:
      read_into(text, document, object, track_exception, sink);
      break;
    case MessageKind::track_stuck:
      read_into(text, document, object, track_stuck, sink);
      break;
    case MessageKind::voice_closed:
      read_into(text, document, object, voice_closed, sink);
      break;
    case MessageKind::ready:
      read_into(text, document, object, ready, sink);
      break;
    case MessageKind::unknown: {
      UnknownMessage message;
      if (!read_unknown(object, message) || !json::read_end(document, fault)) return warn(text, sink);
      message.set_raw(text);
      sink.on(message);
      break;
    }
  }
  if (text.size() > kept_capacity) parser = sj::parser();
}

}  // namespace lavapp::lavalink
