// Completion: one signature for every asynchronous operation, and any way to wait for it.
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "lavapp/core/cancel.hpp"
#include "lavapp/core/move_function.hpp"
#include "lavapp/core/result.hpp"

// Only named here, to tell it from a callback: it is callable with anything. Boost.Asio is not included.
namespace boost::asio {
template <typename Allocator>
class use_future_t;
}

namespace lavapp {

/// What becomes of a handler that is destroyed uncalled, because the runtime's context was destroyed under it.
enum class WhenAbandoned {
  drop,  ///< Destroyed uncalled, as Boost.Asio does: what a callback refers to may be gone by then.
  call,  ///< Called with `Errc::abandoned`: somebody else waits for it.
};

/// The receiving end of one operation: called exactly once with its Result.
template <class T>
class Handler {
 public:
  Handler() = default;
  template <class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Handler> &&
                                              std::is_invocable_v<std::decay_t<F>&, Result<T>>>>
  Handler(F&& target, CancelToken cancel = {}, WhenAbandoned abandoned = WhenAbandoned::drop)
      : target_(std::forward<F>(target)), cancel_(std::move(cancel)), abandoned_(abandoned) {}

  Handler(Handler&&) noexcept = default;
  Handler& operator=(Handler&& other) noexcept {
    if (this != &other) {
      abandon();
      target_ = std::move(other.target_);
      cancel_ = std::move(other.cancel_);
      abandoned_ = other.abandoned_;
    }
    return *this;
  }
  ~Handler() { abandon(); }

  explicit operator bool() const noexcept { return static_cast<bool>(target_); }

  void operator()(Result<T> result) {
    auto target = std::move(target_);
    target(std::move(result));
  }

  /// Cancellation that came with the token itself (an Asio slot).
  const CancelToken& cancel() const noexcept { return cancel_; }

 private:
  void abandon() noexcept {
    if (!target_ || abandoned_ == WhenAbandoned::drop) return;
    try {
      (*this)(Error(Errc::abandoned));
    } catch (...) {
      // There is no runtime left to report it to.
    }
  }
  MoveFunction<void(Result<T>)> target_;
  CancelToken cancel_;
  WhenAbandoned abandoned_ = WhenAbandoned::drop;
};

struct use_future_t;  // <lavapp/future.hpp>

namespace detail {

template <class Token>
struct IsAsioUseFuture : std::false_type {};
template <class Allocator>
struct IsAsioUseFuture<boost::asio::use_future_t<Allocator>> : std::true_type {};

template <class Token, class = void>
struct HasExecutor : std::false_type {};
template <class Token>
struct HasExecutor<Token, std::void_t<typename Token::executor_type>> : std::true_type {};

template <class Token, class = void>
struct HasCancellationSlot : std::false_type {};
template <class Token>
struct HasCancellationSlot<Token, std::void_t<typename Token::cancellation_slot_type>> : std::true_type {};

/// Something of Asio's is bound to the callable and must not be ignored.
template <class Token>
struct HasAsioProperty : std::bool_constant<HasExecutor<Token>::value || HasCancellationSlot<Token>::value> {};

template <class Token, class T>
inline constexpr bool is_plain_callback =
    !IsAsioUseFuture<Token>::value && !HasAsioProperty<Token>::value && std::is_invocable_v<Token&, Result<T>>;

}  // namespace detail

/// How a token turns into a Handler. Specialised by <lavapp/future.hpp> and <lavapp/asio.hpp>; the general case takes
/// anything callable with a `Result<T>`.
/// Completion: on the runtime, never inside the initiating call.
template <class Token, class T, class = void>
struct Completion {
  static_assert(detail::is_plain_callback<Token, T>,
                "lavapp: this completion token is no callback that takes lavapp::Result<T>. For lavapp::use_future "
                "include <lavapp/future.hpp>; for Boost.Asio's tokens (use_awaitable, use_future, bind_executor, ...) "
                "include <lavapp/asio.hpp>");

  template <class Given, class Initiation>
  static void start(Given&& token, Initiation&& initiation) {
    initiation(Handler<T>(std::forward<Given>(token)));
  }
};

/// Starts an operation: `initiation` receives the Handler<T>, now or, with a lazy token, later.
template <class T, class Token, class Initiation>
auto initiate(Token&& token, Initiation&& initiation) {
  return Completion<std::decay_t<Token>, T>::start(std::forward<Token>(token), std::forward<Initiation>(initiation));
}

/// Starts an operation that is a function: `start(args..., Handler<T>)`. The arguments are bound by value, because a lazy
/// token starts later.
template <class T, class Token, class Start, class... Args>
auto initiate_with(Token&& token, Start start, Args... args) {
  return initiate<T>(std::forward<Token>(token),
                     [start, args = std::make_tuple(std::move(args)...)](Handler<T> handler) mutable {
                       std::apply([&](auto&... each) { start(std::move(each)..., std::move(handler)); }, args);
                     });
}

}  // namespace lavapp
