// Function: a callable held by value, whose copies share it.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace lavapp {

template <class Signature>
class Function;

namespace detail {

/// Whether a callable may hold nothing: a pointer, or a class that says so by operator bool (a std::function). A lambda
/// converts to bool too, by way of a pointer that is never null.
template <class F, class = void>
struct CanBeEmpty : std::bool_constant<std::is_pointer_v<F> || std::is_member_pointer_v<F>> {};
template <class F>
struct CanBeEmpty<F, std::void_t<decltype(std::declval<const F&>().operator bool())>> : std::true_type {};

}  // namespace detail

/// std::function for options: takes any callable, a std::function too. Copies call the same target.
/// (Not std::function itself: its header makes up a quarter of what the standard headers used here cost to include.)
/// Calling an empty one is a mistake of the caller; ask with `operator bool` first.
template <class R, class... Args>
class Function<R(Args...)> {
 public:
  Function() = default;
  Function(std::nullptr_t) {}

  template <class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Function> &&
                                              std::is_invocable_r_v<R, std::decay_t<F>&, Args...>>>
  Function(F&& f) {
    if constexpr (detail::CanBeEmpty<std::remove_cv_t<std::remove_reference_t<F>>>::value) {
      if (!static_cast<bool>(f)) return;
    }
    using Target = std::decay_t<F>;
    target_ = std::make_shared<Target>(std::forward<F>(f));
    call_ = [](void* target, Args... args) -> R {
      return static_cast<R>((*static_cast<Target*>(target))(std::forward<Args>(args)...));
    };
  }

  explicit operator bool() const noexcept { return target_ != nullptr; }

  R operator()(Args... args) const { return call_(target_.get(), std::forward<Args>(args)...); }

 private:
  // No base class for the targets: a shared_ptr to one would cost every user a millisecond for each signature.
  std::shared_ptr<void> target_;
  R (*call_)(void* target, Args... args) = nullptr;
};

}  // namespace lavapp
