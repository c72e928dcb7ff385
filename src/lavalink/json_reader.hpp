// Reads JSON into the docs' structs, by tables of their fields: what a field is called and where it goes.
//
// Objects are walked once, in whatever order their fields come. Each read() fills its value and returns true, or tells
// `fault` what was wrong and returns false. Strings are taken from the text itself, by size, because the generic build
// of simdjson copies them byte by byte, twice.
// Only decode*.cpp and message_decoder.cpp include this: simdjson is heavy.
#pragma once

#include <simdjson.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "lavalink/json_string.hpp"
#include "lavalink/spelling.hpp"
#include "lavapp/core/json_text.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::lavalink::json {

namespace sj = simdjson::ondemand;

/// Where reading failed, and why: "track.info.length", "must be an integer, is a string".
struct Fault {
  std::string path = {};
  std::string what = {};

  /// All return false, so that a read can end with them.
  bool missing(std::string_view field) { return what = "is missing", in(field); }
  bool broken(simdjson::error_code error) {
    return what = std::string("is malformed JSON (") + simdjson::error_message(error) + ")", false;
  }
  bool wrong(sj::value& value, std::string_view wanted);
  /// Puts an enclosing field before the path.
  bool in(std::string_view field) {
    const bool dot = !path.empty() && path.front() != '[';
    path.insert(0, dot ? std::string(field) + "." : std::string(field));
    return false;
  }
  bool in(std::size_t index) { return in("[" + std::to_string(index) + "]"); }
  /// \param whole  what to call the document itself: "the body".
  std::string message(std::string_view whole) const { return (path.empty() ? std::string(whole) : path) + " " + what; }
};

inline std::string_view type_name(sj::json_type type) {
  switch (type) {
    case sj::json_type::array: return "an array";
    case sj::json_type::object: return "an object";
    case sj::json_type::number: return "a number";
    case sj::json_type::string: return "a string";
    case sj::json_type::boolean: return "a boolean";
    case sj::json_type::null: return "null";
    default: return "something else";
  }
}

inline bool Fault::wrong(sj::value& value, std::string_view wanted) {
  sj::json_type type;
  if (const auto error = value.type().get(type)) return broken(error);
  what = "must be ";
  what += wanted;
  what += ", is ";
  what += type_name(type);
  return false;
}

/// One field of a struct.
template <class T, class M>
struct Field {
  std::string_view name;
  M T::*member;
  bool required;
};
template <class T, class M>
constexpr Field<T, M> required(std::string_view name, M T::*member) {
  return {name, member, true};
}
/// May be absent; the member has its default then.
template <class T, class M>
constexpr Field<T, M> optional(std::string_view name, M T::*member) {
  return {name, member, false};
}

/// A field that somebody else reads.
struct Elsewhere {
  std::string_view name;
};

/// The fields of a struct, in the order in which Lavalink sends them: `static constexpr std::tuple fields`.
template <class T>
struct Table;

// Reading by type. Declared first: they call one another.
bool read(sj::value& value, bool& out, Fault& fault);
bool read(sj::value& value, std::int64_t& out, Fault& fault);
bool read(sj::value& value, int& out, Fault& fault);
bool read(sj::value& value, double& out, Fault& fault);
bool read(sj::value& value, std::string& out, Fault& fault);
bool read(sj::value& value, Snowflake& out, Fault& fault);
bool read(sj::value& value, JsonText& out, Fault& fault);
bool read(sj::value& value, JsonFields& out, Fault& fault);
template <class Period>
bool read(sj::value& value, std::chrono::duration<std::int64_t, Period>& out, Fault& fault);
template <class E>
bool read(sj::value& value, Named<E>& out, Fault& fault);
template <class T>
bool read(sj::value& value, Optional<T>& out, Fault& fault);
template <class T>
bool read(sj::value& value, std::vector<T>& out, Fault& fault);
template <class T, auto& = Table<T>::fields>
bool read(sj::value& value, T& out, Fault& fault);

/// Walks a value that nobody reads, so that a document with a fault anywhere is refused as a whole.
bool check(sj::value& value, Fault& fault, int depth = 0);

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

/// Nodes in other languages write 5000.0.
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
  std::string buffer;
  if (!text(value, digits, buffer, fault)) return fault.wrong(value, "an id, as a string");
  if (const auto id = Snowflake::parse(digits)) return out = *id, true;
  // Java has no unsigned integers: ids of 2^63 and more are printed as negative ones.
  const bool negative = digits.substr(0, 1) == "-";
  const auto amount = negative ? Snowflake::parse(digits.substr(1)) : std::nullopt;
  if (!amount || amount->value() > std::uint64_t{1} << 63) return fault.what = "must be an id, in digits", false;
  out = std::uint64_t{0} - amount->value();
  return true;
}

template <class Period>
simdjson_inline bool read(sj::value& value, std::chrono::duration<std::int64_t, Period>& out, Fault& fault) {
  std::int64_t count = 0;
  if (!read(value, count, fault)) return false;
  out = std::chrono::duration<std::int64_t, Period>(count);
  return true;
}

template <class E>
bool read(sj::value& value, Named<E>& out, Fault& fault) {
  if (!read(value, out.text, fault)) return false;
  out.value = spelled<E>(out.text);
  return true;
}

template <class T>
bool read(sj::value& value, Optional<T>& out, Fault& fault) {
  bool null = false;
  if (!value.is_null().get(null) && null) return out.reset(), true;
  if (!out.has_value()) out.emplace();
  return read(value, *out, fault);
}

template <class T>
bool read(sj::value& value, std::vector<T>& out, Fault& fault) {
  out.clear();
  sj::array array;
  if (value.get_array().get(array)) return fault.wrong(value, "an array");
  for (auto result : array) {
    sj::value element;
    if (const auto error = std::move(result).get(element)) return fault.broken(error);
    if (!read(element, out.emplace_back(), fault)) return fault.in(out.size() - 1);
  }
  return true;
}

namespace detail {

template <class T, class M>
simdjson_inline bool read_member(sj::value& value, T& out, const Field<T, M>& field, Fault& fault) {
  return read(value, out.*field.member, fault) || fault.in(field.name);
}
template <class T>
bool read_member(sj::value, T&, const Elsewhere&, Fault&) {
  return true;
}

enum class Found { no, read, failed };

/// If `key` is the I-th field, reads it. True if it was.
template <std::size_t I, class T>
simdjson_inline bool try_field(const char* key, sj::value& value, T& out, std::uint32_t& seen, Found& found,
                               Fault& fault) {
  constexpr auto field = std::get<I>(Table<T>::fields);
  if (!same(key, field.name)) return false;
  seen |= std::uint32_t{1} << I;
  found = read_member(value, out, field, fault) ? Found::read : Found::failed;
  return true;
}

template <class T, std::size_t... I>
simdjson_inline Found read_field(const char* key, sj::value& value, T& out, std::uint32_t& seen, Fault& fault,
                                 std::index_sequence<I...>) {
  auto found = Found::no;
  (void)(try_field<I>(key, value, out, seen, found, fault) || ...);
  return found;
}

template <class M>
void reset(M& member) {
  member = M{};
}
inline void reset(JsonText& member) { member.text.clear(); }

/// Gives a field that did not come its default, or faults if it had to come.
template <class T, class M>
bool fill_absent(T& out, const Field<T, M>& field, Fault& fault) {
  if (field.required) return fault.missing(field.name);
  reset(out.*field.member);
  return true;
}
template <class T>
bool fill_absent(T&, const Elsewhere&, Fault&) {
  return true;
}
template <class T, std::size_t... I>
bool fill_all_absent(T& out, std::uint32_t seen, Fault& fault, std::index_sequence<I...>) {
  return (((seen & 1u << I) != 0 || fill_absent(out, std::get<I>(Table<T>::fields), fault)) && ...);
}

template <class T>
using Indices = std::make_index_sequence<std::tuple_size_v<std::remove_const_t<decltype(Table<T>::fields)>>>;

template <class T, class = void>
struct KeepsUnknown : std::false_type {};
template <class T>
struct KeepsUnknown<T, std::void_t<decltype(Table<T>::unknown)>> : std::true_type {};

}  // namespace detail

/// Reads an object into the struct that `Table<T>` describes. Fields that it does not know go to `Table<T>::unknown`
/// where there is one, else they are passed over.
template <class T>
bool read_object(sj::object object, T& out, Fault& fault) {
  constexpr detail::Indices<T> indices{};
  static_assert(indices.size() <= 32);
  std::uint32_t seen = 0;
  if constexpr (detail::KeepsUnknown<T>::value) (out.*Table<T>::unknown).clear();
  const bool ok = each_field(object, fault, [&](sj::raw_json_string key, sj::value& value) {
    auto found = detail::read_field(key.raw(), value, out, seen, fault, indices);
    if (found != detail::Found::no) return found == detail::Found::read;
    if (!check_name(key, fault)) return false;
    if (has_escape(escaped_name(key))) {
      // With room behind it: the comparison looks at more than the name.
      const auto name = name_of(key) + '"' + std::string(simdjson::SIMDJSON_PADDING, '\0');
      found = detail::read_field(name.data(), value, out, seen, fault, indices);
      if (found != detail::Found::no) return found == detail::Found::read;
    }
    if constexpr (detail::KeepsUnknown<T>::value) {
      return read(value, (out.*Table<T>::unknown)[name_of(key)], fault) || fault.in(name_of(key));
    } else {
      return check(value, fault) || fault.in(name_of(key));
    }
  });
  return ok && detail::fill_all_absent(out, seen, fault, indices);
}

template <class T, auto&>
bool read(sj::value& value, T& out, Fault& fault) {
  sj::object object;
  if (value.get_object().get(object)) return fault.wrong(value, "an object");
  return read_object(object, out, fault);
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

inline bool check(sj::value& value, Fault& fault, int depth) {
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

inline bool read(sj::value& value, JsonFields& out, Fault& fault) {
  out.clear();
  sj::object object;
  if (value.get_object().get(object)) return fault.wrong(value, "an object");
  return each_field(object, fault, [&](sj::raw_json_string key, sj::value& each) {
    return (check_name(key, fault) && read(each, out[name_of(key)], fault)) || fault.in(name_of(key));
  });
}

/// Makes room behind a text: simdjson looks at more than it reads.
inline void pad(std::string& text) { text.reserve(text.size() + simdjson::SIMDJSON_PADDING); }

/// The document's object. Use read_end() once it has been read.
inline bool root_object(sj::document& document, sj::object& out, Fault& fault) {
  const auto error = document.get_object().get(out);
  if (!error) return true;
  sj::json_type type;
  if (error != simdjson::INCORRECT_TYPE || document.type().get(type)) return fault.broken(error);
  fault.what = "must be an object, is " + std::string(type_name(type));
  return false;
}

/// Nothing may follow the document's value.
inline bool read_end(sj::document& document, Fault& fault) {
  const char* next = nullptr;
  if (document.current_location().get(next) == simdjson::OUT_OF_BOUNDS) return true;
  return fault.what = "is malformed JSON (something stands behind its end)", false;
}

}  // namespace lavapp::lavalink::json
