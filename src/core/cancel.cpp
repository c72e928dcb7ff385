#include "lavapp/core/cancel.hpp"

#include <map>
#include <mutex>

namespace lavapp {
namespace detail {

class CancelState {
 public:
  bool cancelled() const {
    std::lock_guard lock(mutex_);
    return cancelled_;
  }

  /// The new callback's id, or 0 if the cancellation has happened: then the caller runs it.
  unsigned long add(MoveFunction<void()>& callback) {
    std::lock_guard lock(mutex_);
    if (cancelled_) return 0;
    waiting_.emplace(++last_, std::move(callback));
    return last_;
  }

  void remove(unsigned long id) {
    MoveFunction<void()> gone;  // destroyed outside of the lock
    std::lock_guard lock(mutex_);
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;
    gone = std::move(found->second);
    waiting_.erase(found);
  }

  void cancel() {
    std::map<unsigned long, MoveFunction<void()>> waiting;
    {
      std::lock_guard lock(mutex_);
      cancelled_ = true;
      waiting.swap(waiting_);
    }
    for (auto& [id, callback] : waiting) callback();
  }

 private:
  mutable std::mutex mutex_;  // guards what follows: the canceller and the operations are on different threads
  bool cancelled_ = false;
  unsigned long last_ = 0;
  std::map<unsigned long, MoveFunction<void()>> waiting_;
};

}  // namespace detail

CancelRegistration& CancelRegistration::operator=(CancelRegistration&& other) noexcept {
  if (this != &other) {
    reset();
    state_ = std::move(other.state_);
    id_ = other.id_;
  }
  return *this;
}

void CancelRegistration::reset() noexcept {
  if (const auto state = std::move(state_)) state->remove(id_);
}

bool CancelToken::cancelled() const noexcept { return state_ && state_->cancelled(); }

CancelRegistration CancelToken::subscribe(MoveFunction<void()> callback) const {
  if (!state_) return {};
  const auto id = state_->add(callback);
  if (id == 0) {
    callback();
    return {};
  }
  return {state_, id};
}

CancelSource::CancelSource() : state_(std::make_shared<detail::CancelState>()) {}
void CancelSource::cancel() { state_->cancel(); }
bool CancelSource::cancelled() const noexcept { return state_->cancelled(); }

}  // namespace lavapp
