// DemoSteps: a demo as steps, one after the other, each with a check mark, and a summary of them.
#pragma once

#include <lavapp/core/result.hpp>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "checklist.hpp"
#include "loop.hpp"
#include "screen.hpp"
#include "words.hpp"

namespace console {

enum class DemoEnd { passed, failed, interrupted };

/// A demo derives from it, adds its steps, and runs them. Here is also what the steps are made of.
class DemoSteps {
 protected:
  using milliseconds = std::chrono::milliseconds;
  /// "label  text" lines of the summary.
  using Rows = std::vector<std::pair<std::string, std::string>>;

  /// \param fast  without the pauses for the eye
  DemoSteps(Loop& loop, Screen& screen, bool fast) : loop_(loop), screen_(screen), fast_(fast) {}
  ~DemoSteps() = default;

  /// What `step` returns is the detail behind its check mark; it throws, with what follows here, if it failed.
  void add(const std::string& what, std::function<std::string()> step);
  /// Does them in their order, to the last or to the first that failed, and shows a summary.
  /// \param rows  what the summary tells besides, asked for at the end
  DemoEnd run_steps(const std::function<Rows()>& rows);

  /// Waits for what must come, and fails if it does not come in time.
  void until(const std::string& what, const std::function<bool()>& done, milliseconds limit = milliseconds(5'000));
  void check(bool holds, const std::string& what) const {
    if (!holds) throw Failed(what);
  }
  template <class T>
  T must(lavapp::Result<T> result) const {
    if (loop_.interrupted()) throw Interrupted();
    if (!result) throw Failed(sentence(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  /// Lets the user see it.
  void show_for(milliseconds time);

  /// The terminal's width without an indentation; 0 if it is none.
  std::size_t columns_less(std::size_t indent) const;
  void paragraph(const std::string& text);

  Loop& loop_;
  Screen& screen_;
  const bool fast_;

 private:
  struct Failed : std::runtime_error {
    using runtime_error::runtime_error;
  };
  struct Interrupted {};

  DemoEnd do_steps();
  void headline(const std::string& text) { screen_.line(" " + screen_.look().bold(text)); }
  void summarize(DemoEnd end, const Rows& rows);

  const Loop::Clock::time_point began_ = Loop::Clock::now();
  Checklist checklist_;
  std::vector<std::function<std::string()>> steps_;
};

}  // namespace console
