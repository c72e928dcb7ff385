// View: keeps the shard in sight: redrawn below everything else on a terminal, in lines now and then in a pipe.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "screen.hpp"
#include "shard_view.hpp"

namespace console::gateway {

class View {
 public:
  View(Screen& screen, std::function<ShardView()> now) : screen_(screen), now_(std::move(now)) {}

  /// In a pipe: what a line of it begins with.
  void indent(std::string text) { indent_ = std::move(text); }
  void refresh();

 private:
  void refresh_plain(const ShardView& now);

  Screen& screen_;
  std::function<ShardView()> now_;
  std::string indent_;
  std::optional<lavapp::discord::GatewayStatus> told_;
  std::chrono::steady_clock::time_point told_at_;
};

}  // namespace console::gateway
