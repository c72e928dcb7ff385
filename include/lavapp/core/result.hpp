// Result: a value or an Error.
#pragma once

#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "lavapp/core/error.hpp"
#include "lavapp/core/optional.hpp"

namespace lavapp {

namespace detail {

/// As a base, it keeps a class from being copied unless `yes`.
template <bool yes>
struct CopyableIf {};
template <>
struct CopyableIf<false> {
  CopyableIf() = default;
  CopyableIf(const CopyableIf&) = delete;
  CopyableIf(CopyableIf&&) = default;
  CopyableIf& operator=(const CopyableIf&) = delete;
  CopyableIf& operator=(CopyableIf&&) = default;
};

/// What a Result holds: one of the two. T moves without throwing.
/// (Not a std::variant: each type in one costs every user 5 ms of compile time.)
template <class T>
class ValueOrError {
 public:
  explicit ValueOrError(T&& value) : value_(std::move(value)), has_value_(true) {}
  explicit ValueOrError(Error&& error) noexcept : error_(std::move(error)), has_value_(false) {}
  ValueOrError(const ValueOrError& other) : nothing_(), has_value_(other.has_value_) {
    if (has_value_) {
      ::new (static_cast<void*>(&value_)) T(other.value_);
    } else {
      ::new (static_cast<void*>(&error_)) Error(other.error_);
    }
  }
  ValueOrError(ValueOrError&& other) noexcept : nothing_() { take(other); }
  ValueOrError& operator=(const ValueOrError& other) { return *this = ValueOrError(other); }
  ValueOrError& operator=(ValueOrError&& other) noexcept {
    ValueOrError taken(std::move(other));  // it may be part of what is destroyed
    destroy();
    take(taken);
    return *this;
  }
  ~ValueOrError() { destroy(); }

  bool has_value() const noexcept { return has_value_; }
  T& value() noexcept { return value_; }
  const T& value() const noexcept { return value_; }
  Error& error() noexcept { return error_; }
  const Error& error() const noexcept { return error_; }

 private:
  // Inlined, g++ 12 warns users that the value of what holds an error is not initialised.
  [[gnu::noinline]] void take(ValueOrError& other) noexcept {
    has_value_ = other.has_value_;
    if (has_value_) {
      ::new (static_cast<void*>(&value_)) T(std::move(other.value_));
    } else {
      ::new (static_cast<void*>(&error_)) Error(std::move(other.error_));
    }
  }
  void destroy() noexcept {
    if (has_value_) {
      value_.~T();
    } else {
      error_.~Error();
    }
  }

  union {
    char nothing_;
    T value_;
    Error error_;
  };
  bool has_value_;
};

}  // namespace detail

/// What an operation ended with: its value, or the Error that stopped it. T moves without throwing.
/// `if (result) use(*result); else log(result.error().what());`
template <class T>
class [[nodiscard]] Result : detail::CopyableIf<std::is_copy_constructible_v<T>> {
 public:
  using value_type = T;

  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool has_value() const noexcept { return state_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value. \throws Exception with the error if there is none.
  T& value() & { return check(), state_.value(); }
  const T& value() const& { return check(), state_.value(); }
  T&& value() && { return check(), std::move(state_.value()); }

  /// The value, unchecked: only after `has_value()`.
  T& operator*() & noexcept { return state_.value(); }
  const T& operator*() const& noexcept { return state_.value(); }
  T&& operator*() && noexcept { return std::move(state_.value()); }
  T* operator->() noexcept { return std::addressof(state_.value()); }
  const T* operator->() const noexcept { return std::addressof(state_.value()); }

  /// The error, unchecked: only if there is no value.
  Error& error() & noexcept { return state_.error(); }
  const Error& error() const& noexcept { return state_.error(); }
  Error&& error() && noexcept { return std::move(state_.error()); }

 private:
  void check() const {
    if (!has_value()) throw Exception(error());
  }
  detail::ValueOrError<T> state_;
};

/// The outcome of an operation that yields nothing but success.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }
  /// \throws Exception with the error if there is one.
  void value() const {
    if (error_) throw Exception(*error_);
  }
  Error& error() & noexcept { return *error_; }
  const Error& error() const& noexcept { return *error_; }
  Error&& error() && noexcept { return std::move(*error_); }

 private:
  Optional<Error> error_;
};

}  // namespace lavapp
