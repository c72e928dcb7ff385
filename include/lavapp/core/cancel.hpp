// CancelSource, CancelToken, CallOptions: how a caller ends an operation early.
#pragma once

#include <chrono>
#include <memory>

#include "lavapp/core/move_function.hpp"
#include "lavapp/core/optional.hpp"

namespace lavapp {

namespace detail {
class CancelState;
}

/// While it lives, a callback waits for the cancellation. Used by operations; users need only CancelSource.
class CancelRegistration {
 public:
  CancelRegistration() = default;
  CancelRegistration(std::shared_ptr<detail::CancelState> state, unsigned long id) : state_(std::move(state)), id_(id) {}
  CancelRegistration(CancelRegistration&& other) noexcept = default;
  CancelRegistration& operator=(CancelRegistration&& other) noexcept;
  ~CancelRegistration() { reset(); }
  /// Forgets the callback. One that runs on another thread at this moment may still finish.
  void reset() noexcept;

 private:
  std::shared_ptr<detail::CancelState> state_;
  unsigned long id_ = 0;
};

/// The listening end of a CancelSource. A default-constructed one never cancels.
/// Threading: copies may be used from any thread.
class CancelToken {
 public:
  CancelToken() = default;
  bool cancelled() const noexcept;
  /// Runs `callback` once when the source cancels: on the cancelling thread, or at once if that has happened already.
  [[nodiscard]] CancelRegistration subscribe(MoveFunction<void()> callback) const;

 private:
  friend class CancelSource;
  explicit CancelToken(std::shared_ptr<detail::CancelState> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::CancelState> state_;
};

/// Cancels the operations that were given its token; they complete with `Errc::cancelled`.
/// Threading: any thread. Lifetime: independent of the operations; destroying a source cancels nothing.
class CancelSource {
 public:
  CancelSource();
  void cancel();
  bool cancelled() const noexcept;
  CancelToken token() const { return CancelToken(state_); }

 private:
  std::shared_ptr<detail::CancelState> state_;
};

/// What every asynchronous operation takes besides its own arguments.
struct CallOptions {
  /// Time limit of the whole operation, more than zero; more than a year is a year. Unset: the default that the
  /// operation's text names.
  Optional<std::chrono::milliseconds> deadline = {};
  /// Ends the operation early.
  CancelToken cancel = {};
};

}  // namespace lavapp
