#include "view.hpp"

namespace console::gateway {

void View::refresh() {
  const auto now = now_();
  if (!screen_.redraws()) return refresh_plain(now);
  screen_.live(render(now, screen_.columns(), screen_.look()));
}

/// A line for each status that lasts, and one now and then while nothing changes.
void View::refresh_plain(const ShardView& now) {
  constexpr std::chrono::seconds every{10};
  const auto time = std::chrono::steady_clock::now();
  if (now.status == lavapp::discord::GatewayStatus::idle) return;
  if (told_ == now.status && time - told_at_ < every) return;
  told_ = now.status;
  told_at_ = time;
  screen_.line(indent_ + plain_line(now, screen_.look()));
}

}  // namespace console::gateway
