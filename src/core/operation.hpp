// Operation: completes a handler exactly once: by its work, by its deadline, or by cancellation.
#pragma once

#include <memory>
#include <string>

#include "core/strand.hpp"
#include "core/timer.hpp"
#include "lavapp/core/completion.hpp"

namespace lavapp::detail {

/// Whether a deadline that was given is one. For what must be refused before anything is done: Operation refuses it, too.
inline Result<void> check_deadline(const CallOptions& options) {
  if (!options.deadline || options.deadline->count() > 0) return {};
  return Error(Errc::invalid_argument, "deadline must be more than 0 ms");
}

/// One asynchronous operation under way on a strand. Everything but `start` is called on that strand.
template <class T>
class Operation : public std::enable_shared_from_this<Operation<T>> {
 public:
  struct Limits {
    std::chrono::milliseconds default_deadline;
    Errc timeout;           ///< The error's code when the deadline passes.
    std::string what = {};  ///< The error's message then: what was waited for.
  };

  /// Told why an operation is ended from outside: by its deadline, its cancellation, or abort().
  using OnAbort = MoveFunction<void(const Error& why)>;

  /// Arms deadline and cancellation. `on_abort` runs, on the strand, if either ends the operation: it stops the work.
  /// The handler is completed on the strand, never inside `start`.
  static std::shared_ptr<Operation> start(const Strand& strand, Handler<T> handler, CallOptions options, Limits limits,
                                          OnAbort on_abort = {}) {
    auto self = std::shared_ptr<Operation>(new Operation(strand, std::move(handler), std::move(on_abort)));
    if (auto checked = check_deadline(options); !checked) {
      strand.post([self, error = std::move(checked).error()] { self->abort(error); });
      return self;
    }
    const auto deadline = options.deadline.value_or(limits.default_deadline);
    strand.dispatch([self, deadline, options = std::move(options), limits = std::move(limits)]() mutable {
      if (self->done()) return;
      self->deadline_.start(deadline, [weak = self->weak_from_this(), limits = std::move(limits)] {
        if (auto op = weak.lock()) op->abort(Error(limits.timeout, limits.what));
      });
      const auto cancel = [weak = self->weak_from_this(), strand = self->strand_] {
        strand.post([weak] {
          if (auto op = weak.lock()) op->abort(Error(Errc::cancelled));
        });
      };
      self->from_options_ = options.cancel.subscribe(cancel);
      self->from_token_ = self->handler_.cancel().subscribe(cancel);
    });
    return self;
  }

  bool done() const noexcept { return !handler_; }

  /// Completes with the work's own result. False if the operation had ended already.
  bool complete(Result<T> result) {
    if (done()) return false;
    finish(std::move(result));
    return true;
  }

  /// Ends the operation from outside: stops the work, then completes with `error`.
  void abort(Error error) {
    if (done()) return;
    auto self = this->shared_from_this();
    if (auto stop = std::move(on_abort_)) stop(error);
    if (!done()) finish(std::move(error));
  }

 private:
  Operation(Strand strand, Handler<T> handler, OnAbort on_abort)
      : strand_(std::move(strand)), handler_(std::move(handler)), on_abort_(std::move(on_abort)), deadline_(strand_) {}

  void finish(Result<T> result) {
    deadline_.cancel();
    from_options_.reset();
    from_token_.reset();
    on_abort_ = {};
    auto handler = std::move(handler_);
    handler(std::move(result));
  }

  Strand strand_;
  Handler<T> handler_;
  OnAbort on_abort_;
  Timer deadline_;
  CancelRegistration from_options_, from_token_;
};

}  // namespace lavapp::detail
