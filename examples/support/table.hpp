// Table: lines of "label  text", the text broken where the terminal ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "look.hpp"

namespace console {

class Table {
 public:
  /// No line is wider than `columns` - 1 unless that is 0.
  Table(std::size_t columns, const Look& look) : columns_(columns), look_(look) {}

  Table& row(const std::string& label, std::string_view text);
  std::vector<std::string> lines() { return std::move(lines_); }

 private:
  std::size_t columns_;
  const Look& look_;
  std::vector<std::string> lines_;
};

}  // namespace console
