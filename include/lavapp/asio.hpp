// Adapter to Boost.Asio: its completion tokens (use_awaitable, use_future, deferred, bound executors) for every
// operation. Runtime(io_context&) in <lavapp/core/runtime.hpp> runs the library on a context of your own.
#pragma once

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/detail/config.hpp>
#if defined(BOOST_ASIO_HAS_CO_AWAIT)
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#endif
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/version.hpp>
#if BOOST_VERSION >= 107700
#include <boost/asio/associated_cancellation_slot.hpp>
#endif
#include <exception>
#include <memory>
#include <tuple>
#include <type_traits>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/kept.hpp"

namespace lavapp {
class Runtime;
}

namespace lavapp::detail {

template <class T>
struct AsioSignature {
  using type = void(std::exception_ptr, T);
};
template <>
struct AsioSignature<void> {
  using type = void(std::exception_ptr);
};

/// Calls an Asio handler, or a callback with something of Asio's bound to it, with the result.
template <class T, class AsioHandler>
void deliver(AsioHandler& handler, Result<T> result) {
  if constexpr (std::is_invocable_v<AsioHandler&, Result<T>> &&
                !std::is_invocable_v<AsioHandler&, std::exception_ptr>) {
    handler(std::move(result));
  } else {
    std::exception_ptr error;
    if (!result) error = std::make_exception_ptr(Exception(std::move(result.error())));
    if constexpr (std::is_void_v<T>) {
      handler(error);
    } else {
      handler(error, result ? std::move(*result) : T{});
    }
  }
}

/// The cancellation slot of a handler, as a CancelToken.
template <class AsioHandler>
CancelToken slot_token([[maybe_unused]] const AsioHandler& handler) {
#if BOOST_VERSION >= 107700
  auto slot = boost::asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected()) {
    CancelSource source;
    slot.assign([source](boost::asio::cancellation_type type) mutable {
      if (type != boost::asio::cancellation_type::none) source.cancel();
    });
    return source.token();
  }
#endif
  return {};
}

template <class AsioHandler>
void clear_slot([[maybe_unused]] const AsioHandler& handler) {
#if BOOST_VERSION >= 107700
  auto slot = boost::asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected()) slot.clear();
#endif
}

/// Wraps Asio's handler: it completes on its associated executor, which is kept busy until then, else on the runtime.
template <class T, class AsioHandler>
Handler<T> adapt(AsioHandler handler) {
  auto token = slot_token(handler);
  using Executor = boost::asio::associated_executor_t<AsioHandler, boost::asio::system_executor>;
  if constexpr (std::is_same_v<Executor, boost::asio::system_executor>) {
    return Handler<T>(
        [handler = std::move(handler)](Result<T> result) mutable {
          clear_slot(handler);
          deliver<T>(handler, std::move(result));
        },
        std::move(token));
  } else {
    auto work = boost::asio::make_work_guard(boost::asio::get_associated_executor(handler));
    return Handler<T>(
        [handler = std::move(handler), work = std::move(work)](Result<T> result) mutable {
          auto executor = work.get_executor();
          boost::asio::dispatch(executor, [handler = std::move(handler), work = std::move(work),
                                           result = std::move(result)]() mutable {
            work.reset();
            clear_slot(handler);
            deliver<T>(handler, std::move(result));
          });
        },
        std::move(token));
  }
}

/// A callback that carries something of Asio's still takes a Result<T>; Asio's own tokens take what Asio expects.
template <class Token, class T>
inline constexpr bool is_bound_callback =
    !IsAsioUseFuture<Token>::value && HasAsioProperty<Token>::value && std::is_invocable_v<Token&, Result<T>>;

}  // namespace lavapp::detail

namespace lavapp {

template <class Token, class T>
struct Completion<Token, T,
                  std::enable_if_t<!detail::is_plain_callback<Token, T> && !std::is_same_v<Token, use_future_t>>> {
  template <class Given, class Initiation>
  static auto start(Given&& token, Initiation&& initiation) {
    if constexpr (detail::is_bound_callback<Token, T>) {
      initiation(detail::adapt<T>(Token(std::forward<Given>(token))));
    } else {
      return boost::asio::async_initiate<Given, typename detail::AsioSignature<T>::type>(
          [initiation = std::forward<Initiation>(initiation)](auto&& handler) mutable {
            initiation(detail::adapt<T>(std::decay_t<decltype(handler)>(std::forward<decltype(handler)>(handler))));
          },
          token);
    }
  }
};

#if defined(BOOST_ASIO_HAS_CO_AWAIT)

namespace detail {

template <class Executor, class F>
class CoListener {
 public:
  CoListener(Executor executor, F listener)
      : executor_(std::move(executor)), listener_(std::make_shared<F>(std::move(listener))) {}

  template <class... Args, class = std::enable_if_t<std::is_invocable_v<F&, const Args&...>>>
  void operator()(const Args&... args) {
    // Both outlive the coroutine, even if the listener is removed meanwhile.
    auto given = std::make_shared<std::tuple<Kept<Args>...>>(args...);
    boost::asio::co_spawn(executor_, run(listener_, given), [hold = hold_lane()](std::exception_ptr thrown) {
      if (!thrown) return;
      if (!hold) std::rethrow_exception(thrown);
      hold->report(thrown);
    });
  }

 private:
  template <class Given>
  static boost::asio::awaitable<void> run(std::shared_ptr<F> listener, std::shared_ptr<Given> given) {
    co_await std::apply([&](const auto&... each) { return (*listener)(each.get()...); }, *given);
  }

  Executor executor_;
  std::shared_ptr<F> listener_;
};

template <class Executor, class F>
struct WantsLane<CoListener<Executor, F>> : std::true_type {};

}  // namespace detail

/// A listener of a Node, a Queue or a Voice that is a coroutine:
/// `node.on(Node::track_end, co_listener(context, [&](const TrackEnd& end) -> asio::awaitable<void> { ... }))`.
/// The next event of its guild, of whichever of them, is told when it is done; events of other guilds go on meanwhile
/// (NodeOptions::guild_lanes). For events without a guild nothing waits. What it was given, raw() too, lasts until then.
/// What it throws goes to the runtime's exception handler, or, where nothing waits, to whoever runs `executor`.
/// \param executor  where it runs: an executor, or an io_context
template <class Executor, class F>
auto co_listener(Executor&& executor, F&& listener) {
  static_assert(!std::is_same_v<std::decay_t<Executor>, Runtime>,
                "co_listener wants an io_context that you run yourself, or an executor of it; not a Runtime: make that of the "
                "context, as Runtime(context), and give the context to both");
  if constexpr (std::is_convertible_v<Executor&, boost::asio::execution_context&>) {
    return co_listener(executor.get_executor(), std::forward<F>(listener));
  } else {
    return detail::CoListener<std::decay_t<Executor>, std::decay_t<F>>(std::forward<Executor>(executor),
                                                                        std::forward<F>(listener));
  }
}

#endif

}  // namespace lavapp
