// Checklist: what was to be done, and whether it was.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "look.hpp"

namespace console {

class Checklist {
 public:
  /// Adds a step that is still to be done; returns its number.
  std::size_t add(std::string what);
  void pass(std::size_t step, std::string detail = {});
  void fail(std::size_t step, std::string why);

  std::size_t size() const { return steps_.size(); }
  std::size_t passed() const;
  /// There are steps, and each of them was passed.
  bool all_passed() const { return !steps_.empty() && passed() == steps_.size(); }
  const std::string& what(std::size_t step) const { return steps_.at(step).what; }

  /// One line a step: mark, what, detail; no wider than `columns` - 1 unless that is 0.
  std::vector<std::string> render(std::size_t columns, const Look& look) const;

 private:
  enum class Mark { open, passed, failed };
  struct Step {
    std::string what, detail;
    Mark mark = Mark::open;
  };
  std::vector<Step> steps_;
};

}  // namespace console
