// How the wire spells the values of an enum.
#pragma once

#include <string_view>
#include <utility>

namespace lavapp::json {

/// `static constexpr std::pair<std::string_view, E> list[]`
template <class E>
struct Spelling;

/// `E::unknown` if the wire's word is not in the list.
template <class E>
constexpr E spelled(std::string_view text) noexcept {
  for (const auto& [spelling, value] : Spelling<E>::list) {
    if (spelling == text) return value;
  }
  return E::unknown;
}

template <class E>
constexpr std::string_view spelling_of(E wanted) noexcept {
  for (const auto& [spelling, value] : Spelling<E>::list) {
    if (value == wanted) return spelling;
  }
  return "unknown";
}

}  // namespace lavapp::json
