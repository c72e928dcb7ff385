// Kept: a copy of what a listener was given, for after it has returned.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace lavapp::detail {

/// Text that the event only lent is copied as well: raw() of a message lasts as long as this.
template <class T, class = void>
class Kept {
 public:
  explicit Kept(T value) : value_(std::move(value)) {}
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  const T& get() const noexcept { return value_; }

 private:
  const T value_;
};

template <>
class Kept<std::string_view> {
 public:
  explicit Kept(std::string_view value) : text_(value), value_(text_) {}
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  const std::string_view& get() const noexcept { return value_; }

 private:
  const std::string text_;
  const std::string_view value_;
};

template <class T>
class Kept<T, std::void_t<decltype(std::declval<T&>().set_raw(std::string_view()))>> {
 public:
  explicit Kept(const T& value) : text_(value.raw()), value_(value) { value_.set_raw(text_); }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  const T& get() const noexcept { return value_; }

 private:
  const std::string text_;
  T value_;
};

}  // namespace lavapp::detail
