// Reads JSON into the docs' structs, by tables of their fields: what a field is called and where it goes.
//
// Objects are walked once, in whatever order their fields come.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "json/spelling.hpp"
#include "json/values.hpp"
#include "lavapp/core/named.hpp"
#include "lavapp/core/optional.hpp"

namespace lavapp::json {

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

/// A field that is read in a way of its own.
template <class T, class M>
struct FieldBy : Field<T, M> {
  bool (*read)(sj::value& value, M& out, Fault& fault);
};
template <class T, class M>
constexpr FieldBy<T, M> required(std::string_view name, M T::*member, bool (*read)(sj::value&, M&, Fault&)) {
  return {{name, member, true}, read};
}
template <class T, class M>
constexpr FieldBy<T, M> optional(std::string_view name, M T::*member, bool (*read)(sj::value&, M&, Fault&)) {
  return {{name, member, false}, read};
}

/// A field that somebody else reads.
struct Elsewhere {
  std::string_view name;
};

/// The fields of a struct or of its bases, in the order in which they are sent: `static constexpr std::tuple fields`.
template <class T>
struct Table;

/// Base of a table for a sender whose objects have much that nobody reads: null stands for an optional field's absence, and
/// what the table does not name is skipped, not checked.
struct Lenient {};

template <class T, auto& = Table<T>::fields>
bool read(sj::value& value, T& out, Fault& fault);

template <class Period>
simdjson_inline bool read(sj::value& value, std::chrono::duration<std::int64_t, Period>& out, Fault& fault) {
  std::int64_t count = 0;
  if (!read(value, count, fault)) return false;
  out = std::chrono::duration<std::int64_t, Period>(count);
  return true;
}

/// Enums that are numbers keep those that they have no name for.
template <class E>
  requires std::is_enum_v<E>
bool read(sj::value& value, E& out, Fault& fault) {
  std::underlying_type_t<E> number = 0;
  if (!read(value, number, fault)) return false;
  out = static_cast<E>(number);
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

/// \param read_element  (sj::value&, T&, Fault&) -> bool
template <class T, class Read>
bool read_array(sj::value& value, std::vector<T>& out, Fault& fault, Read&& read_element) {
  out.clear();
  sj::array array;
  if (value.get_array().get(array)) return fault.wrong(value, "an array");
  for (auto result : array) {
    sj::value element;
    if (const auto error = std::move(result).get(element)) return fault.broken(error);
    if (!read_element(element, out.emplace_back(), fault)) return fault.in(out.size() - 1);
  }
  return true;
}
template <class T>
bool read(sj::value& value, std::vector<T>& out, Fault& fault) {
  return read_array(value, out, fault, [](sj::value& element, T& each, Fault& at) { return read(element, each, at); });
}

namespace detail {

template <class M>
void reset(M& member) {
  member = M{};
}
inline void reset(JsonText& member) { member.text.clear(); }

template <class T>
constexpr bool is_lenient = std::is_base_of_v<Lenient, Table<T>>;

/// Whether the value is null and the same as none; takes it then.
template <class T, class Owner, class M>
simdjson_inline bool is_nothing(sj::value& value, const Field<Owner, M>& field) {
  if constexpr (!is_lenient<T>) return false;
  bool null = false;
  return !field.required && !value.is_null().get(null) && null;
}

template <class T, class Owner, class M>
simdjson_inline bool read_member(sj::value& value, T& out, const Field<Owner, M>& field, Fault& fault) {
  if (is_nothing<T>(value, field)) return reset(out.*field.member), true;
  return read(value, out.*field.member, fault) || fault.in(field.name);
}
template <class T, class Owner, class M>
simdjson_inline bool read_member(sj::value& value, T& out, const FieldBy<Owner, M>& field, Fault& fault) {
  if (is_nothing<T>(value, field)) return reset(out.*field.member), true;
  return field.read(value, out.*field.member, fault) || fault.in(field.name);
}
template <class T>
bool read_member(sj::value& value, T&, const Elsewhere&, Fault& fault) {
  std::string_view plain;
  return (escaped_text(value, plain, fault) && !has_escape(plain)) || check(value, fault);
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

/// Gives a field that did not come its default, or faults if it had to come.
template <class T, class Owner, class M>
bool fill_absent(T& out, const Field<Owner, M>& field, Fault& fault) {
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
/// where there is one, else they are passed over: skipped if the table is Lenient, else checked.
template <class T>
bool read_object(sj::object object, T& out, Fault& fault) {
  constexpr detail::Indices<T> indices{};
  static_assert(indices.size() <= 32);
  std::uint32_t seen = 0;
  if constexpr (detail::KeepsUnknown<T>::value) (out.*Table<T>::unknown).clear();
  const bool ok = each_field(object, fault, [&](sj::raw_json_string key, sj::value& value) {
    auto found = detail::read_field(key.raw(), value, out, seen, fault, indices);
    if (found != detail::Found::no) return found == detail::Found::read;
    if (has_escape(escaped_name(key))) {
      if (!check_name(key, fault)) return false;
      // With room behind it: the comparison looks at more than the name.
      const auto name = name_of(key) + '"' + std::string(simdjson::SIMDJSON_PADDING, '\0');
      found = detail::read_field(name.data(), value, out, seen, fault, indices);
      if (found != detail::Found::no) return found == detail::Found::read;
    }
    if constexpr (detail::is_lenient<T>) {
      return skip(value, fault) || fault.in(name_of(key));
    } else if constexpr (detail::KeepsUnknown<T>::value) {
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

}  // namespace lavapp::json
