// MoveFunction: a callable held by value that need not be copyable.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace lavapp {

template <class Signature>
class MoveFunction;

/// A move-only std::function: it also holds lambdas that capture futures, handlers or unique pointers.
/// Calling an empty one is a mistake of the caller; ask with `operator bool` first.
template <class R, class... Args>
class MoveFunction<R(Args...)> {
 public:
  MoveFunction() = default;
  MoveFunction(std::nullptr_t) {}

  template <class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, MoveFunction> &&
                                              std::is_invocable_r_v<R, std::decay_t<F>&, Args...>>>
  MoveFunction(F&& f) : target_(new Target<std::decay_t<F>>(std::forward<F>(f))) {}

  MoveFunction(MoveFunction&& other) noexcept : target_(std::exchange(other.target_, nullptr)) {}
  MoveFunction& operator=(MoveFunction&& other) noexcept {
    MoveFunction taken(std::move(other));
    std::swap(target_, taken.target_);  // the old target goes last: its captures may come back here
    return *this;
  }
  ~MoveFunction() { delete target_; }

  explicit operator bool() const noexcept { return target_ != nullptr; }

  R operator()(Args... args) { return target_->call(std::forward<Args>(args)...); }

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

  // No unique_ptr: each would cost every user 5 ms of compile time.
  Base* target_ = nullptr;
};

}  // namespace lavapp
