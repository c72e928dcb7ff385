#include "view.hpp"

#include <string_view>
#include <utility>

#include "text.hpp"

namespace console {

void View::refresh() {
  const auto now = now_();
  if (!screen_.redraws()) return refresh_plain(now);
  const auto columns = screen_.columns();
  auto lines = render(now, columns, screen_.look());
  if (!editor_) return screen_.live(std::move(lines));

  constexpr std::string_view prompt = "lavapp> ";
  const auto room = columns > prompt.size() + 2 ? columns - prompt.size() - 2 : 1;
  const std::string_view text = editor_->text();
  const auto before = fit_end(text.substr(0, editor_->cursor()), room);
  const auto after = fit(text.substr(editor_->cursor()), room - display_width(before), "");
  lines.push_back(screen_.look().bold(prompt) + std::string(before) + after);
  screen_.live(std::move(lines), prompt.size() + display_width(before));
}

void View::refresh_plain(const NowPlaying& now) {
  const auto time = std::chrono::steady_clock::now();
  const bool nothing_before = !told_ || told_->status == PlayStatus::nothing;
  if (nothing_before && now.status == PlayStatus::nothing) return;
  const bool changed = !told_ || told_->status != now.status || told_->title != now.title ||
                       told_->volume != now.volume || told_->filter != now.filter;
  const bool due = now.status == PlayStatus::playing && time - told_at_ >= every_;
  if (!changed && !due) return;
  told_ = now;
  told_at_ = time;
  screen_.line(indent_ + plain_line(now, screen_.look()));
}

}  // namespace console
