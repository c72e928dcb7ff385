// KnownCapabilities: what a node has, asked of it on first need, once for all that wait. Pure: the owner does the asking.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "lavalink/capabilities.hpp"
#include "lavapp/core/move_function.hpp"
#include "lavapp/core/result.hpp"

namespace lavapp::lavalink {

/// Used on its owner's strand only.
class KnownCapabilities {
 public:
  using Answer = Result<std::shared_ptr<const Capabilities>>;
  using Waiter = MoveFunction<void(const Answer&)>;
  enum class Next {
    nothing,
    fetch,  ///< ask the node, then call fetched()
  };

  /// `waiter` is called with what is known, at once, or when the node has told.
  [[nodiscard]] Next ask(Waiter waiter) {
    if (known_) {
      waiter(known_);
      return Next::nothing;
    }
    waiting_.push_back(std::move(waiter));
    return std::exchange(fetching_, true) ? Next::nothing : Next::fetch;
  }

  /// The node told, or could not be asked: then all that wait hear the error, and the next need asks anew.
  [[nodiscard]] Next fetched(Result<Info> info) {
    fetching_ = false;
    if (std::exchange(outdated_, false)) {
      if (waiting_.empty()) return Next::nothing;
      fetching_ = true;
      return Next::fetch;
    }
    Answer answer = info ? Answer(std::make_shared<const Capabilities>(*info)) : Answer(std::move(info.error()));
    if (answer) known_ = *answer;
    for (auto& waiter : std::exchange(waiting_, {})) waiter(answer);
    return Next::nothing;
  }

  /// A new session began: it may be another server, or another set of plugins. An answer that is on its way is about the
  /// old one.
  void forget() noexcept {
    known_.reset();
    outdated_ = fetching_;
  }

 private:
  std::shared_ptr<const Capabilities> known_;
  std::vector<Waiter> waiting_;
  bool fetching_ = false;
  bool outdated_ = false;  // what is being fetched
};

}  // namespace lavapp::lavalink
