// PendingOperations: what waits for an answer, so that closing its owner can end it all.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "lavapp/core/error.hpp"
#include "lavapp/core/move_function.hpp"

namespace lavapp::lavalink {

/// Used on its owner's strand only.
class PendingOperations {
 public:
  using Id = std::uint64_t;
  using Abort = MoveFunction<void(Error)>;

  /// \param label  of those that end_labelled() ends together; empty: of none
  Id add(Abort abort, std::string label = {}) {
    waiting_.emplace(++last_, Waiting{std::move(abort), std::move(label)});
    return last_;
  }
  void remove(Id id) { waiting_.erase(id); }
  /// The latest that was added.
  Id last() const noexcept { return last_; }
  std::size_t size() const noexcept { return waiting_.size(); }

  /// Ends everything that waits now. What is added meanwhile, by a callback, is left alone.
  template <class Guard>
  void end_all(const Error& error, Guard&& guard) {
    auto waiting = std::exchange(waiting_, {});
    for (auto& [id, one] : waiting) guard([&, run = &one.abort] { (*run)(error); });
  }

  /// As end_all(), for those with this label that are not later than `last`.
  template <class Guard>
  void end_labelled(const std::string& label, Id last, const Error& error, Guard&& guard) {
    std::map<Id, Waiting> ending;
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      const auto next = std::next(it);
      if (it->first <= last && it->second.label == label) ending.insert(waiting_.extract(it));
      it = next;
    }
    for (auto& [id, one] : ending) guard([&, run = &one.abort] { (*run)(error); });
  }

 private:
  struct Waiting {
    Abort abort;
    std::string label;
  };
  std::map<Id, Waiting> waiting_;
  Id last_ = 0;
};

}  // namespace lavapp::lavalink
