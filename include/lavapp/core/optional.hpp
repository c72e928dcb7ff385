// Optional: a value that may be absent.
#pragma once

#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace lavapp {

/// std::optional for the fields of this library's structs: the same members, and it converts from and to a std::optional.
/// It exists because every type in a std::optional costs 3.5 ms of compile time in C++17, used or not, and 25 such fields
/// made up a quarter of what <lavapp/lavapp.hpp> cost. T moves without throwing.
///
/// One thing is different on purpose: an Optional<bool> does not convert to bool, because `if (paused)` asks the wrong
/// question; use has_value() and `*`.
template <class T>
class Optional {
 public:
  using value_type = T;

  Optional() noexcept : nothing_() {}
  Optional(std::nullopt_t) noexcept : nothing_() {}
  template <class U = T, class = std::enable_if_t<std::is_convertible_v<U, T>>>
  Optional(U&& value) : nothing_() {
    if constexpr (std::is_scalar_v<T>) {
      emplace(static_cast<T>(value));  // the caller's conversion, not one to warn about here
    } else {
      emplace(std::forward<U>(value));
    }
  }
  Optional(const std::optional<T>& other) : nothing_() {
    if (other) emplace(*other);
  }
  Optional(std::optional<T>&& other) : nothing_() {
    if (other) emplace(std::move(*other));
  }
  Optional(const Optional& other) : nothing_() {
    if (other.has_value_) emplace(other.value_);
  }
  Optional(Optional&& other) noexcept : nothing_() {
    if (other.has_value_) emplace(std::move(other.value_));
  }
  ~Optional() { reset(); }

  Optional& operator=(const Optional& other) {
    if (this != &other) *this = Optional(other);
    return *this;
  }
  Optional& operator=(Optional&& other) noexcept {
    if (this == &other) return *this;
    reset();
    if (other.has_value_) emplace(std::move(other.value_));
    return *this;
  }

  // Not for a scalar itself, or `= {}` would mean zero instead of nothing.
  template <class U = T, class = std::enable_if_t<std::is_convertible_v<U, T> &&
                                                  !(std::is_scalar_v<T> && std::is_same_v<T, std::decay_t<U>>)>>
  Optional& operator=(U&& value) {
    return *this = Optional(std::forward<U>(value));
  }

  template <class... Args>
  T& emplace(Args&&... args) {
    reset();
    ::new (static_cast<void*>(&value_)) T(std::forward<Args>(args)...);
    has_value_ = true;
    return value_;
  }
  void reset() noexcept {
    if (!has_value_) return;
    has_value_ = false;
    value_.~T();
  }

  bool has_value() const noexcept { return has_value_; }
  template <class Bool, class = std::enable_if_t<std::is_same_v<Bool, bool> && !std::is_same_v<T, bool>>>
  explicit operator Bool() const noexcept {
    return has_value_;
  }

  /// The value, unchecked: only after has_value().
  T& operator*() & noexcept { return value_; }
  const T& operator*() const& noexcept { return value_; }
  T&& operator*() && noexcept { return std::move(value_); }
  T* operator->() noexcept { return &value_; }
  const T* operator->() const noexcept { return &value_; }

  /// The value. \throws std::bad_optional_access if there is none.
  T& value() & { return check(), value_; }
  const T& value() const& { return check(), value_; }
  T&& value() && { return check(), std::move(value_); }
  template <class U>
  T value_or(U&& otherwise) const& {
    return has_value_ ? value_ : static_cast<T>(std::forward<U>(otherwise));
  }
  template <class U>
  T value_or(U&& otherwise) && {
    return has_value_ ? std::move(value_) : static_cast<T>(std::forward<U>(otherwise));
  }

  operator std::optional<T>() const& { return has_value_ ? std::optional<T>(value_) : std::nullopt; }
  operator std::optional<T>() && { return has_value_ ? std::optional<T>(std::move(value_)) : std::nullopt; }

  friend bool operator==(const Optional& a, const Optional& b) {
    return a.has_value_ == b.has_value_ && (!a.has_value_ || a.value_ == b.value_);
  }
  friend bool operator!=(const Optional& a, const Optional& b) { return !(a == b); }

 private:
  void check() const {
    if (!has_value_) throw std::bad_optional_access();
  }

  union {
    char nothing_;
    T value_;
  };
  bool has_value_ = false;
};

}  // namespace lavapp
