// Function: a callable held by value, whose copies share it.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace lavapp {

template <class Signature>
class Function;

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
    if constexpr (std::is_constructible_v<bool, F&>) {
      if (!static_cast<bool>(f)) return;  // an empty std::function, a null pointer
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
