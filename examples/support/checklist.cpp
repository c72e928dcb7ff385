#include "checklist.hpp"

#include <algorithm>

#include "text.hpp"

namespace console {

std::size_t Checklist::add(std::string what) {
  steps_.push_back({std::move(what), {}, Mark::open});
  return steps_.size() - 1;
}

void Checklist::pass(std::size_t step, std::string detail) {
  steps_.at(step).mark = Mark::passed;
  steps_.at(step).detail = std::move(detail);
}

void Checklist::fail(std::size_t step, std::string why) {
  steps_.at(step).mark = Mark::failed;
  steps_.at(step).detail = std::move(why);
}

std::size_t Checklist::passed() const {
  const auto is_passed = [](const Step& step) { return step.mark == Mark::passed; };
  return static_cast<std::size_t>(std::count_if(steps_.begin(), steps_.end(), is_passed));
}

std::vector<std::string> Checklist::render(std::size_t columns, const Look& look) const {
  std::size_t longest = 0;
  for (const auto& step : steps_) longest = std::max(longest, display_width(step.what));
  std::vector<std::string> lines;
  for (const auto& step : steps_) {
    const auto mark = step.mark == Mark::passed   ? look.good()
                      : step.mark == Mark::failed ? look.bad()
                                                  : look.left_out();
    const auto detail = step.mark == Mark::open ? std::string("not reached") : step.detail;
    const auto indent = 2 + display_width(mark) + 1;
    const auto room = columns == 0 ? std::string::npos : columns > indent + 1 ? columns - 1 - indent : 0;
    auto text = fit(pad(step.what, detail.empty() ? 0 : longest + 2), room, look.ellipsis());
    const auto used = display_width(text);
    auto line = "  " + mark + " ";
    line += step.mark == Mark::open ? look.dim(text) : text;
    constexpr std::size_t least = 8;  // less of a detail says nothing
    const bool enough = room >= used + std::min(least, display_width(detail));
    if (enough && !detail.empty()) line += look.dim(fit(detail, room - used, look.ellipsis()));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace console
