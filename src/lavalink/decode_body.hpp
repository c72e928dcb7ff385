// Reads the body of a REST answer by the tables of its fields. Only decoders include this: simdjson is heavy.
#pragma once

#include <string>
#include <utility>

#include "json/reader.hpp"
#include "lavapp/core/result.hpp"

namespace lavapp::lavalink {

inline Error bad_response(const json::Fault& fault) { return Error(Errc::bad_response, fault.message("the body")); }

/// Parses `body` and hands its document to `read`.
template <class Read>
bool read_document(std::string& body, json::Fault& fault, Read&& read) {
  json::pad(body);
  json::sj::parser parser;
  json::sj::document document;
  if (const auto error = parser.iterate(body).get(document)) return fault.broken(error);
  return read(document) && json::read_end(document, fault);
}

template <class T>
bool read_root(std::string& body, T& out, json::Fault& fault) {
  return read_document(body, fault, [&](json::sj::document& document) {
    json::sj::object object;
    return json::root_object(document, object, fault) && json::read_object(object, out, fault);
  });
}

/// Calls `each` with every element of the body's array.
template <class Each>
bool read_root_array(std::string& body, json::Fault& fault, Each&& each) {
  return read_document(body, fault, [&](json::sj::document& document) {
    json::sj::array array;
    if (document.get_array().get(array)) return fault.what = "must be an array", false;
    std::size_t index = 0;
    for (auto result : array) {
      json::sj::value element;
      if (const auto error = std::move(result).get(element)) return fault.broken(error);
      if (!each(element)) return fault.in(index);
      ++index;
    }
    return true;
  });
}

template <class T>
Result<T> decode_object(std::string& body) {
  T out;
  json::Fault fault;
  if (!read_root(body, out, fault)) return bad_response(fault);
  return out;
}

/// The same, for what keeps its text.
template <class T>
Result<T> decode_with_raw(std::string& body) {
  auto out = decode_object<T>(body);
  if (out) out->raw = std::move(body);
  return out;
}

template <class T>
Result<std::vector<T>> decode_array(std::string& body) {
  std::vector<T> out;
  json::Fault fault;
  const auto each = [&](json::sj::value& value) { return json::read(value, out.emplace_back(), fault); };
  if (!read_root_array(body, fault, each)) return bad_response(fault);
  return out;
}

}  // namespace lavapp::lavalink
