// ContextEnd: what is to be let go when a runtime's io_context ends before the work on it.
//
// What waits for an answer may hold itself by what it waits for: a callback that holds its Node, a request that nobody else
// holds. As long as tasks run, the answer or the deadline parts them. Asio destroys the handlers of an io_context with it;
// this does the like for what is no handler of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "core/runtime_impl.hpp"
#include "lavapp/core/move_function.hpp"

namespace lavapp::detail {

class ContextEnd {
 public:
  ContextEnd() = default;
  /// \param then  called once, when the io_context is destroyed or, one of the runtime's own, when its threads have gone;
  ///              destroyed uncalled if this is destroyed before
  ContextEnd(RuntimeImpl& runtime, MoveFunction<void()> then);
  ContextEnd(ContextEnd&& other) noexcept : list_(std::move(other.list_)), id_(other.id_) {}
  ContextEnd& operator=(ContextEnd&& other) noexcept;
  ~ContextEnd() { reset(); }
  void reset() noexcept;

 private:
  friend void end_of(boost::asio::io_context& context);
  class Service;
  struct List;
  std::shared_ptr<List> list_;
  std::uint64_t id_ = 0;
};

/// The threads of a runtime's own context have gone.
void end_of(boost::asio::io_context& context);

}  // namespace lavapp::detail
