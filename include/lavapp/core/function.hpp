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
    target_ = std::make_shared<Target<std::decay_t<F>>>(std::forward<F>(f));
  }

  explicit operator bool() const noexcept { return target_ != nullptr; }

  R operator()(Args... args) const { return target_->call(std::forward<Args>(args)...); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual R call(Args... args) = 0;
  };
  template <class F>
  struct Target final : Base {
    template <class G>
    explicit Target(G&& g) : f(std::forward<G>(g)) {}
    R call(Args... args) override { return static_cast<R>(f(std::forward<Args>(args)...)); }
    F f;
  };

  std::shared_ptr<Base> target_;
};

}  // namespace lavapp
