#include "core/timer.hpp"

#include "core/runtime_impl.hpp"

namespace lavapp::detail {

void Timer::arm(Clock::duration after, MoveFunction<void()> callback) {
  cancel();
  auto armed = std::make_shared<Armed>();
  armed->callback = std::move(callback);
  armed_ = armed;
  auto& clock = strand_.runtime().clock();
  id_ = clock.call_at(clock.now() + after, [this, armed, strand = strand_] {
    strand.post([this, armed] {
      // `this` is alive: cancel() and the destructor, both on this strand, take `live` back.
      if (!armed->live) return;
      armed_.reset();
      auto run = std::move(armed->callback);
      run();
    });
  });
}

void Timer::cancel() {
  if (!armed_) return;
  armed_->live = false;
  armed_.reset();
  strand_.runtime().clock().cancel(id_);
}

}  // namespace lavapp::detail
