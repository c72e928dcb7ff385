// PendingOperations: what waits for an answer, so that closing its owner can end it all.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "lavapp/core/error.hpp"
#include "lavapp/core/move_function.hpp"

namespace lavapp::lavalink {

/// Used on its owner's strand only.
class PendingOperations {
 public:
  using Id = std::uint64_t;
  using Abort = MoveFunction<void(Error)>;

  Id add(Abort abort) {
    waiting_.emplace(++last_, std::move(abort));
    return last_;
  }
  void remove(Id id) { waiting_.erase(id); }
  std::size_t size() const noexcept { return waiting_.size(); }

  /// Ends everything that waits now. What is added meanwhile, by a callback, is left alone.
  template <class Guard>
  void end_all(const Error& error, Guard&& guard) {
    auto waiting = std::exchange(waiting_, {});
    for (auto& [id, abort] : waiting) guard([&, run = &abort] { (*run)(error); });
  }

 private:
  std::map<Id, Abort> waiting_;
  Id last_ = 0;
};

}  // namespace lavapp::lavalink
