#include "discord/payload.hpp"

#include <simdjson.h>

#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

#include "discord/etf.hpp"

namespace lavapp::discord {
namespace {

namespace sj = simdjson::ondemand;

Error bad(std::string what) { return Error(Errc::bad_payload, std::move(what)); }

/// From the first byte of a value to its last.
simdjson::error_code extent(sj::value& value, std::string_view& out) {
  const std::string_view first = value.raw_json_token();
  sj::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type == sj::json_type::object) {
    sj::object object;
    if (const auto error = value.get_object().get(object)) return error;
    return object.raw_json().get(out);
  }
  if (type == sj::json_type::array) {
    sj::array array;
    if (const auto error = value.get_array().get(array)) return error;
    return array.raw_json().get(out);
  }
  out = first;  // up to the next token: spaces, at worst
  while (!out.empty() && (out.back() == ' ' || out.back() == '\n' || out.back() == '\r' || out.back() == '\t')) out.remove_suffix(1);
  return simdjson::SUCCESS;
}

using nlohmann::json;

/// A document and the path to the present value, for errors.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}

  const json* find(const char* name) const {
    const auto it = object_.find(name);
    return it == object_.end() || it->is_null() ? nullptr : &*it;
  }
  std::string text(const char* name) const {
    const auto* value = find(name);
    if (value == nullptr || !value->is_string()) throw std::invalid_argument(std::string(name) + " must be a string");
    return value->get<std::string>();
  }
  /// JSON has ids as strings, ETF as integers, too.
  Snowflake id(const char* name) const {
    const auto* value = find(name);
    if (value != nullptr && value->is_number_unsigned()) return value->get<std::uint64_t>();
    const auto id = value != nullptr && value->is_string() ? Snowflake::parse(value->get_ref<const std::string&>()) : std::nullopt;
    if (!id) throw std::invalid_argument(std::string(name) + " must be an id");
    return *id;
  }
  Optional<Snowflake> optional_id(const char* name) const {
    if (find(name) == nullptr) return {};
    return id(name);
  }
  bool flag(const char* name) const {
    const auto* value = find(name);
    return value != nullptr && value->is_boolean() && value->get<bool>();
  }

 private:
  const json& object_;
};

/// Parses `d` and reads it; what is wrong becomes an Error.
template <class T, class Read>
Result<T> read_object(std::string_view d, Read&& read) {
  const auto document = json::parse(d, nullptr, false);
  if (!document.is_object()) return bad("d must be an object");
  try {
    return read(Fields(document));
  } catch (const std::invalid_argument& problem) {
    return bad(std::string("d: ") + problem.what());
  }
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

/// A parser is needed within one call only: the shards of a thread share one.
thread_local sj::parser shared_parser;

struct Parser {
  Parser() = default;
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() {
    if (shared_parser.capacity() > Scratch::kKept) shared_parser = sj::parser();  // what a huge payload took is given back
  }
  sj::parser* operator->() const noexcept { return &shared_parser; }
};

Error malformed(simdjson::error_code error) { return bad(std::string("malformed JSON: ") + simdjson::error_message(error)); }

/// Calls `take(key, value)` for each member of the payload, until it says that it has seen enough, or returns an Error.
enum class Then { go_on, stop };
template <class Take>
Result<void> each_member(std::string_view payload, Take&& take) {
  if (payload.empty()) return bad("an empty payload");
  const Parser parser;
  sj::document document;
  sj::object object;
  if (const auto error = parser->iterate(payload.data(), payload.size(), payload.size() + PayloadReader::kPadding).get(document)) {
    return malformed(error);
  }
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

Result<std::chrono::milliseconds> read_hello(std::string_view d) {
  return read_object<std::chrono::milliseconds>(d, [](const Fields& fields) {
    const auto* interval = fields.find("heartbeat_interval");
    if (interval == nullptr || !interval->is_number_integer() || interval->get<std::int64_t>() <= 0 ||
        interval->get<std::int64_t>() > 86'400'000) {
      throw std::invalid_argument("heartbeat_interval must be milliseconds, more than 0 and less than a day");
    }
    return std::chrono::milliseconds(interval->get<std::int64_t>());
  });
}

Result<GatewayReady> read_ready(std::string_view d) {
  return read_object<GatewayReady>(d, [](const Fields& fields) {
    GatewayReady ready;
    const auto* version = fields.find("v");
    if (version != nullptr && version->is_number_integer()) ready.api_version = version->get<int>();
    const auto* user = fields.find("user");
    if (user == nullptr || !user->is_object()) throw std::invalid_argument("user must be an object");
    ready.user_id = Fields(*user).id("id");
    if (Fields(*user).find("username") != nullptr) ready.user_name = Fields(*user).text("username");
    const auto* application = fields.find("application");
    if (application != nullptr && application->is_object()) ready.application_id = Fields(*application).id("id");
    ready.session_id = fields.text("session_id");
    if (fields.find("resume_gateway_url") != nullptr) ready.resume_gateway_url = fields.text("resume_gateway_url");
    const auto* guilds = fields.find("guilds");
    if (guilds == nullptr || !guilds->is_array()) throw std::invalid_argument("guilds must be an array");
    for (const auto& guild : *guilds) {
      if (!guild.is_object()) throw std::invalid_argument("guilds must hold objects");
      ready.guilds.push_back(Fields(guild).id("id"));
    }
    return ready;
  });
}

Result<VoiceStateUpdate> read_voice_state(std::string_view d) {
  return read_object<VoiceStateUpdate>(d, [](const Fields& fields) {
    VoiceStateUpdate state;
    state.guild_id = fields.optional_id("guild_id").value_or(Snowflake());
    state.channel_id = fields.optional_id("channel_id");
    state.user_id = fields.id("user_id");
    state.session_id = fields.text("session_id");
    state.deaf = fields.flag("deaf");
    state.mute = fields.flag("mute");
    state.self_deaf = fields.flag("self_deaf");
    state.self_mute = fields.flag("self_mute");
    return state;
  });
}

Result<VoiceServerUpdate> read_voice_server(std::string_view d) {
  return read_object<VoiceServerUpdate>(d, [](const Fields& fields) {
    VoiceServerUpdate server;
    server.token = fields.text("token");
    server.guild_id = fields.id("guild_id");
    if (fields.find("endpoint") != nullptr) server.endpoint = fields.text("endpoint");
    return server;
  });
}

Result<Snowflake> read_id(std::string_view d) {
  const simdjson::padded_string padded(d);
  sj::parser parser;
  sj::document document;
  if (parser.iterate(padded).get(document)) return bad("d must be an object");
  sj::value id;
  if (document.find_field_unordered("id").get(id)) return bad("d: id is missing");
  std::uint64_t number = 0;
  if (!id.get_uint64().get(number)) return Snowflake(number);
  std::string_view digits;
  if (id.get_string().get(digits)) return bad("d: id must be an id");
  const auto parsed = Snowflake::parse(digits);
  if (!parsed) return bad("d: id must be an id");
  return *parsed;
}

}  // namespace lavapp::discord
