// Fault: where reading JSON failed, and why. Only decoders include this: simdjson is heavy.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace lavapp::json {

namespace sj = simdjson::ondemand;

/// Where reading failed, and why: "track.info.length", "must be an integer, is a string".
struct Fault {
  std::string path = {};
  std::string what = {};

  void clear() noexcept {
    path.clear();
    what.clear();
  }
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
    case sj::json_type::array:
      return "an array";
    case sj::json_type::object:
      return "an object";
    case sj::json_type::number:
      return "a number";
    case sj::json_type::string:
      return "a string";
    case sj::json_type::boolean:
      return "a boolean";
    case sj::json_type::null:
      return "null";
    default:
      return "something else";
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

}  // namespace lavapp::json
