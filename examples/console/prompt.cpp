#include "prompt.hpp"

#include <unistd.h>

#include <deque>
#include <optional>
#include <string>

#include "line_editor.hpp"
#include "text.hpp"
#include "words.hpp"

namespace console {
namespace {

/// Lines from standard input: edited here if it is a terminal, else as they come.
class Lines {
 public:
  Lines(Loop& loop, Screen& screen, View& view)
      : loop_(loop), view_(view), typed_(screen.redraws() && ::isatty(STDIN_FILENO) == 1) {
    if (typed_) view_.edit(&editor_);
    loop_.read_input([this](std::string_view bytes) { take(bytes); });
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  ~Lines() {
    loop_.read_input(nullptr);
    view_.edit(nullptr);
    view_.refresh();
  }

  bool typed() const { return typed_; }
  /// The next line; nothing at the end, or when the user interrupts.
  std::optional<std::string> next() {
    if (!loop_.run_until([&] { return !lines_.empty() || ended_; }) || lines_.empty()) return {};
    auto line = std::move(lines_.front());
    lines_.pop_front();
    return line;
  }

 private:
  void take(std::string_view bytes) {
    if (typed_) {
      for (auto& line : editor_.feed(bytes)) lines_.push_back(std::move(line));
      ended_ = ended_ || editor_.ended() || bytes.empty();
      view_.refresh();
      return;
    }
    partial_ += bytes;
    for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
      lines_.push_back(partial_.substr(0, end));
      partial_.erase(0, end + 1);
    }
    if (bytes.empty()) {
      if (!partial_.empty()) lines_.push_back(std::move(partial_));
      ended_ = true;
    }
  }

  Loop& loop_;
  View& view_;
  const bool typed_;
  LineEditor editor_;
  std::string partial_;
  std::deque<std::string> lines_;
  bool ended_ = false;
};

}  // namespace

bool run_prompt(Loop& loop, Screen& screen, View& view, Actions& actions) {
  Lines lines(loop, screen, view);
  bool all_well = true;
  if (lines.typed()) screen.line(screen.look().dim("Type a command; \"help\" lists them, \"quit\" or Ctrl-D leaves."));
  view.refresh();
  while (const auto line = lines.next()) {
    const auto words = split_words(*line);
    if (words.empty() || words[0].front() == '#') continue;
    screen.line(screen.look().dim(lines.typed() ? "lavapp> " : "> ") + printable(*line));
    const auto command = parse_command(words);
    if (command && std::holds_alternative<command::Quit>(*command)) break;
    const auto done = command ? actions.run(*command) : lavapp::Result<void>(command.error());
    if (lines.typed() && loop.take_interrupt()) {
      screen.line(screen.look().dim("  cancelled"));  // the command, not the prompt
    } else if (!done && !loop.interrupted()) {
      screen.error(sentence(done.error()));
      all_well = false;
    }
    view.refresh();
  }
  return all_well || lines.typed();
}

}  // namespace console
