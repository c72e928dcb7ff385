#include "table.hpp"

#include "text.hpp"

namespace console {

Table& Table::row(const std::string& label, std::string_view text) {
  constexpr std::size_t label_width = 10, indent = 2 + label_width + 2;
  const auto room = columns_ == 0 ? std::string::npos : columns_ > indent + 1 ? columns_ - 1 - indent : 1;
  auto begin = "  " + look_.dim(pad(label, label_width)) + "  ";
  for (const auto& line : wrap(text, room)) {
    lines_.push_back(begin + line);
    begin.assign(indent, ' ');
  }
  return *this;
}

}  // namespace console
