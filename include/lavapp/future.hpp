// use_future: every operation as a std::future.
#pragma once

#include <future>
#include <memory>

#include "lavapp/core/completion.hpp"

namespace lavapp {

/// Pass `lavapp::use_future` as the token; the operation returns a `std::future<T>`.
/// `get()` returns the value or throws `lavapp::Exception`. Do not wait for it on the runtime's own thread: the
/// operation needs that thread.
struct use_future_t {};
inline constexpr use_future_t use_future{};

template <class T>
struct Completion<use_future_t, T, void> {
  template <class Initiation>
  static std::future<T> start(use_future_t, Initiation&& initiation) {
    std::promise<T> promise;
    auto future = promise.get_future();
    initiation(Handler<T>(
        [promise = std::move(promise)](Result<T> result) mutable {
          if (!result) {
            promise.set_exception(std::make_exception_ptr(Exception(std::move(result.error()))));
          } else if constexpr (std::is_void_v<T>) {
            promise.set_value();
          } else {
            promise.set_value(std::move(*result));
          }
        },
        {}, WhenAbandoned::call));
    return future;
  }
};

}  // namespace lavapp
