// Named: an enum value that remembers how the wire spelled it.
#pragma once

#include <string>
#include <utility>

namespace lavapp {

/// An enum from the wire. A spelling that this library does not know has the value `E::unknown` and keeps its text, so
/// that newer servers lose nothing.
template <class E>
struct Named {
  E value = E::unknown;
  /// As the wire spelled it.
  std::string text = {};

  Named() = default;
  Named(E known, std::string spelling) : value(known), text(std::move(spelling)) {}
  operator E() const noexcept { return value; }
};

}  // namespace lavapp
