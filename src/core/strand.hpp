// Strand: tasks of one connection, one after the other, on whatever threads the runtime has.
#pragma once

#include <memory>

#include "lavapp/core/move_function.hpp"

namespace lavapp::detail {

class RuntimeImpl;

/// A handle; copies name the same strand. What a task throws goes to the runtime's exception handler.
class Strand {
 public:
  struct Impl;  // Asio's strand; its definition is in core/asio_strand.hpp, for net alone

  explicit Strand(std::shared_ptr<RuntimeImpl> runtime);

  /// Runs `task` later, never inside this call.
  void post(MoveFunction<void()> task) const;
  /// Runs `task` now if this thread is on the strand, else later.
  void dispatch(MoveFunction<void()> task) const;
  bool running_in_this_thread() const;
  /// Whether this thread runs any of the runtime's tasks at the moment: waiting for the strand could then be for ever.
  bool runtime_runs_in_this_thread() const;

  RuntimeImpl& runtime() const noexcept { return *runtime_; }
  const std::shared_ptr<RuntimeImpl>& shared_runtime() const noexcept { return runtime_; }
  Impl& impl() const noexcept { return *impl_; }

 private:
  std::shared_ptr<RuntimeImpl> runtime_;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lavapp::detail
