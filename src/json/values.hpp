// Reads JSON values that are no struct of ours: strings, names, numbers, ids, and what is kept as text.
//
// Each read() fills its value and returns true, or tells `fault` what was wrong and returns false. Strings are taken
// from the text itself, by size, because the generic build of simdjson copies them byte by byte, twice.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "json/fault.hpp"
#include "json/string.hpp"
#include "lavapp/core/json_text.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::json {

/// A string's text between its quotes, escapes and all.
inline bool escaped_text(sj::value& value, std::string_view& out, Fault& fault) {
  const std::string_view token = value.raw_json_token();  // from the opening quote up to the next token
  sj::raw_json_string consumed;
  if (value.get_raw_json_string().get(consumed)) return fault.wrong(value, "a string");
  out = token.substr(1, token.find_last_of('"') - 1);
  return true;
}

inline bool has_escape(std::string_view escaped) { return escaped.find('\\') != escaped.npos; }

/// A string's text; `buffer` holds it if it has escapes.
inline bool text(sj::value& value, std::string_view& out, std::string& buffer, Fault& fault) {
  if (!escaped_text(value, out, fault)) return false;
  if (!has_escape(out)) return true;
  if (!unescape(out, buffer)) return fault.what = "has an escape that JSON does not know", false;
  out = buffer;
  return true;
}

/// A field's name. simdjson has made sure that its quotes close.
inline std::string_view escaped_name(sj::raw_json_string key) {
  const char* const first = key.raw();
  const char* last = first;
  while (*last != '"') last += *last == '\\' ? 2 : 1;
  return {first, static_cast<std::size_t>(last - first)};
}
/// For messages to people, and where it has been checked.
inline std::string name_of(sj::raw_json_string key) {
  std::string name;
  return unescape(escaped_name(key), name) ? name : std::string(escaped_name(key));
}
inline bool check_name(sj::raw_json_string key, Fault& fault) {
  std::string name;
  const auto escaped = escaped_name(key);
  if (!has_escape(escaped) || unescape(escaped, name)) return true;
  return fault.what = "has a field whose name has an escape that JSON does not know", false;
}

/// Whether a key, which ends with a quote, is `name`. Reads at most name.size() + 1 bytes: the text is padded.
simdjson_inline bool same(const char* key, std::string_view name) {
  return std::memcmp(key, name.data(), name.size()) == 0 && key[name.size()] == '"';
}

/// Whether a key is `name`, escapes understood.
inline bool is(sj::raw_json_string key, std::string_view name) {
  if (same(key.raw(), name)) return true;
  return has_escape(escaped_name(key)) && name_of(key) == name;
}

/// Calls `each(key, value)` for every field; it returns whether to go on.
template <class Each>
simdjson_inline bool each_field(sj::object object, Fault& fault, Each&& each) {
  for (auto result : object) {
    if (result.error()) return fault.broken(result.error());
    auto&& field = std::move(result).value_unsafe();  // not get(): it copies, and this is the innermost loop
    if (!each(field.key(), field.value())) return false;
  }
  return true;
}

simdjson_inline bool read(sj::value& value, bool& out, Fault& fault) {
  return value.get_bool().get(out) ? fault.wrong(value, "true or false") : true;
}

/// Some write 5000.0.
inline bool read_whole_double(sj::value& value, std::int64_t& out, Fault& fault) {
  double number = 0;
  if (value.get_double().get(number)) return fault.wrong(value, "an integer");
  if (std::trunc(number) != number) return fault.what = "must be an integer, has a fraction", false;
  constexpr double limit = 9223372036854775808.0;  // 2^63
  if (!(number >= -limit && number <= limit)) return fault.what = "is too large for 64 bits", false;
  out = number == limit ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(number);
  return true;
}

simdjson_inline bool read(sj::value& value, std::int64_t& out, Fault& fault) {
  if (!value.get_int64().get(out)) return true;
  return read_whole_double(value, out, fault);
}

simdjson_inline bool read(sj::value& value, int& out, Fault& fault) {
  std::int64_t wide = 0;
  if (!read(value, wide, fault)) return false;
  if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
    return fault.what = "is too large for 32 bits", false;
  }
  out = static_cast<int>(wide);
  return true;
}

simdjson_inline bool read(sj::value& value, double& out, Fault& fault) {
  return value.get_double().get(out) ? fault.wrong(value, "a number") : true;
}

inline bool read(sj::value& value, std::string& out, Fault& fault) {
  std::string_view escaped;
  if (!escaped_text(value, escaped, fault)) return false;
  if (!has_escape(escaped)) return out.assign(escaped), true;
  return unescape(escaped, out) ? true : (fault.what = "has an escape that JSON does not know", false);
}

inline bool read(sj::value& value, Snowflake& out, Fault& fault) {
  std::uint64_t number = 0;
  if (!value.get_uint64().get(number)) return out = number, true;
  std::string_view digits;
  if (!escaped_text(value, digits, fault)) return fault.wrong(value, "an id, as a string");
  if (const auto id = Snowflake::parse(digits)) return out = *id, true;
  std::string buffer;
  if (has_escape(digits)) {
    if (!unescape(digits, buffer)) return fault.what = "has an escape that JSON does not know", false;
    digits = buffer;
  }
  // Lavalink is Java, which has no unsigned integers: ids of 2^63 and more are printed as negative ones.
  const bool negative = digits.substr(0, 1) == "-";
  const auto amount = Snowflake::parse(digits.substr(negative ? 1 : 0));
  if (!amount || (negative && amount->value() > std::uint64_t{1} << 63)) {
    return fault.what = "must be an id, in digits", false;
  }
  out = negative ? std::uint64_t{0} - amount->value() : amount->value();
  return true;
}

namespace detail {

constexpr int max_depth = 256;

inline bool check_scalar(sj::value& value, sj::json_type type, Fault& fault) {
  switch (type) {
    case sj::json_type::string: {
      std::string_view escaped;
      std::string meaning;
      if (!escaped_text(value, escaped, fault)) return false;
      return unescape(escaped, meaning) || (fault.what = "has an escape that JSON does not know", false);
    }
    case sj::json_type::number: {
      double number = 0;
      if (!value.get_double().get(number)) return true;
      return fault.what = "is no number that JSON knows", false;
    }
    case sj::json_type::boolean: {
      bool truth = false;
      return read(value, truth, fault);
    }
    default: {
      bool null = false;
      const auto error = value.is_null().get(null);
      return error ? fault.broken(error) : true;
    }
  }
}

}  // namespace detail

/// Walks a value that nobody reads, so that a document with a fault anywhere is refused as a whole.
inline bool check(sj::value& value, Fault& fault, int depth = 0) {
  if (depth > detail::max_depth) return fault.what = "is nested too deeply", false;
  sj::json_type type;
  if (const auto error = value.type().get(type)) return fault.broken(error);
  if (type == sj::json_type::object) {
    sj::object object;
    if (const auto error = value.get_object().get(object)) return fault.broken(error);
    return each_field(object, fault, [&](sj::raw_json_string key, sj::value& each) {
      return check_name(key, fault) && check(each, fault, depth + 1);
    });
  }
  if (type == sj::json_type::array) {
    sj::array array;
    if (const auto error = value.get_array().get(array)) return fault.broken(error);
    for (auto result : array) {
      sj::value element;
      if (const auto error = std::move(result).get(element)) return fault.broken(error);
      if (!check(element, fault, depth + 1)) return false;
    }
    return true;
  }
  return detail::check_scalar(value, type, fault);
}

/// Passes over a value unread. simdjson does that by itself when the next field is asked for, but takes a value that begins
/// with what none can, or a string that a colon follows, for an open one, and the brace behind for its end.
simdjson_inline bool skip(sj::value& value, Fault& fault) {
  const char first = *std::string_view(value.raw_json_token()).data();
  if (first == ':' || first == ',' || first == '}' || first == ']') return fault.broken(simdjson::TAPE_ERROR);
  sj::raw_json_string consumed;
  if (first == '"') (void)value.get_raw_json_string().get(consumed);
  return true;
}

/// Remembers where a value begins, to tell its text once it has been read.
class TextOf {
 public:
  explicit TextOf(sj::value& value) : value_(value), first_(std::string_view(value.raw_json_token()).data()) {}
  bool get(std::string_view& out, Fault& fault) {
    const char* next = nullptr;
    if (const auto error = value_.current_location().get(next)) return fault.broken(error);
    out = {first_, static_cast<std::size_t>(next - first_)};
    out = out.substr(0, out.find_last_not_of(" \t\r\n") + 1);
    return true;
  }

 private:
  sj::value value_;
  const char* first_;
};

inline bool read(sj::value& value, JsonText& out, Fault& fault) {
  TextOf whole(value);
  std::string_view json;
  if (!check(value, fault) || !whole.get(json, fault)) return false;
  out.text.assign(json);
  return true;
}

/// A value's text, of which nothing but the extent is looked at.
inline bool read_unchecked(sj::value& value, JsonText& out, Fault& fault) {
  std::string_view json = value.raw_json_token();  // a scalar's: up to the next token
  sj::json_type type;
  auto error = value.type().get(type);
  if (!error && type == sj::json_type::object) {
    sj::object object;
    error = value.get_object().get(object);
    if (!error) error = object.raw_json().get(json);
  } else if (!error && type == sj::json_type::array) {
    sj::array array;
    error = value.get_array().get(array);
    if (!error) error = array.raw_json().get(json);
  }
  if (error) return fault.broken(error);
  out.text.assign(json.substr(0, json.find_last_not_of(" \t\r\n") + 1));
  return true;
}

inline bool read(sj::value& value, JsonFields& out, Fault& fault) {
  out.clear();
  sj::object object;
  if (value.get_object().get(object)) return fault.wrong(value, "an object");
  return each_field(object, fault, [&](sj::raw_json_string key, sj::value& each) {
    return (check_name(key, fault) && read(each, out[name_of(key)], fault)) || fault.in(name_of(key));
  });
}

}  // namespace lavapp::json
