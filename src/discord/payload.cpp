#include "discord/payload.hpp"

#include <simdjson.h>

#include <charconv>
#include <cstring>

#include "discord/etf.hpp"
#include "discord/shared_parser.hpp"

namespace lavapp::discord {
namespace {

namespace sj = simdjson::ondemand;

Error bad(std::string what) { return Error(Errc::bad_payload, std::move(what)); }

/// simdjson's texts reach up to the next token.
std::string_view without_spaces_behind(std::string_view text) { return text.substr(0, text.find_last_not_of(" \t\r\n") + 1); }

/// From the first byte of a value to its last.
simdjson::error_code extent(sj::value& value, std::string_view& out) {
  out = value.raw_json_token();
  sj::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type == sj::json_type::object) {
    sj::object object;
    if (const auto error = value.get_object().get(object)) return error;
    if (const auto error = object.raw_json().get(out)) return error;
  } else if (type == sj::json_type::array) {
    sj::array array;
    if (const auto error = value.get_array().get(array)) return error;
    if (const auto error = array.raw_json().get(out)) return error;
  }
  out = without_spaces_behind(out);
  return simdjson::SUCCESS;
}

template <std::size_t Size>
bool take(std::string_view& text, const char (&word)[Size]) {
  constexpr auto kLength = Size - 1;
  if (text.size() < kLength || std::memcmp(text.data(), word, kLength) != 0) return false;
  text.remove_prefix(kLength);
  return true;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// Of an event's name that needs no unescaping, with its closing quote.
std::string_view take_name(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && ((text[size] >= 'A' && text[size] <= 'Z') || text[size] == '_')) ++size;
  const auto name = text.substr(0, size);
  text.remove_prefix(size);
  return take(text, "\"") ? name : std::string_view();
}

/// An event whose `t`, `s` and `op` are in front of its `d`, without spaces between; nothing if it looks otherwise.
std::optional<Payload> read_front(std::string_view payload) {
  if (payload.empty() || payload.back() != '}') return {};
  auto rest = payload;
  Payload event;
  std::optional<std::uint64_t> op;
  for (char before = '{'; !take(rest, ",\"d\":"); before = ',') {
    if (rest.empty() || rest.front() != before) return {};
    rest.remove_prefix(1);
    if (take(rest, "\"t\":\"")) {
      event.t = take_name(rest);
      if (event.t.empty()) return {};
    } else if (take(rest, "\"s\":")) {
      event.s = take_number(rest);
      if (!event.s) return {};
    } else if (take(rest, "\"op\":")) {
      op = take_number(rest);
      if (!op) return {};
    } else {
      return {};
    }
  }
  if (op != 0 || !event.s || event.t.empty()) return {};
  event.unread = payload;
  return event;
}

Error malformed(simdjson::error_code error) { return bad(std::string("malformed JSON: ") + simdjson::error_message(error)); }

/// Calls `take(key, value)` for each member of the payload, until it says that it has seen enough, or returns an Error.
enum class Then { go_on, stop };
template <class Take>
Result<void> each_member(std::string_view payload, Take&& take) {
  if (payload.empty()) return bad("an empty payload");
  const SharedParser parser;
  sj::document document;
  sj::object object;
  if (const auto error = parser.open(payload, document)) return malformed(error);
  if (const auto error = document.get_object().get(object)) return malformed(error);
  for (auto field : object) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return malformed(error);
    sj::value value;
    if (const auto error = field.value().get(value)) return malformed(error);
    const auto then = take(key, value);
    if (!then) return then.error();
    if (*then == Then::stop) break;
  }
  return {};
}

Result<Payload> read_all(std::string_view text, std::string& t) {
  Payload payload;
  bool has_op = false;
  auto read = each_member(text, [&](std::string_view key, sj::value& value) -> Result<Then> {
    if (key == "d") {
      if (const auto error = extent(value, payload.d)) return malformed(error);
    } else if (key == "op") {
      std::int64_t op = 0;
      if (value.get_int64().get(op) || op < 0) return bad("op must be a number");
      payload.op = static_cast<Op>(op);
      has_op = true;
    } else if (key == "s") {
      std::uint64_t s = 0;
      bool null = false;
      if (!value.is_null().get(null) && null) return Then::go_on;
      if (value.get_uint64().get(s)) return bad("s must be a number");
      payload.s = s;
    } else if (key == "t") {
      std::string_view name;
      bool null = false;
      if (!value.is_null().get(null) && null) return Then::go_on;
      if (value.get_string().get(name)) return bad("t must be a string");
      t.assign(name);
      payload.t = t;
    }
    return Then::go_on;
  });
  if (!read) return std::move(read).error();
  if (!has_op) return bad("op is missing");
  return payload;
}

}  // namespace

Result<Payload> PayloadReader::read(std::string_view payload, Encoding encoding) {
  if (encoding == Encoding::json) {
    if (auto event = read_front(payload)) return *std::move(event);
    return read_all(payload, t_);
  }
  auto envelope = etf::scan(payload);
  if (!envelope) return std::move(envelope).error();
  return Payload{static_cast<Op>(envelope->op), envelope->s, envelope->t, envelope->d};
}

Result<std::string_view> find_d(std::string_view payload) {
  std::string_view d;
  auto read = each_member(payload, [&](std::string_view key, sj::value& value) -> Result<Then> {
    if (key != "d") return Then::go_on;
    if (const auto error = extent(value, d)) return malformed(error);
    return Then::stop;
  });
  if (!read) return std::move(read).error();
  return d;
}

Result<Snowflake> find_id(std::string_view payload) {
  std::optional<Snowflake> id;
  auto read = each_member(payload, [&](std::string_view key, sj::value& value) -> Result<Then> {
    if (key != "d") return Then::go_on;
    std::string_view digits;
    std::uint64_t number = 0;
    sj::value found;
    if (value.find_field_unordered("id").get(found)) return bad("d: id is missing");
    if (!found.get_string().get(digits)) id = Snowflake::parse(digits);
    else if (!found.get_uint64().get(number)) id = Snowflake(number);
    return Then::stop;
  });
  if (!read) return std::move(read).error();
  if (!id) return bad("d: id must be an id");
  return *id;
}

}  // namespace lavapp::discord
