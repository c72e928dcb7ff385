#include "event_counts.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "text.hpp"
#include "words.hpp"

namespace console::gateway {

void EventCounts::add(std::string_view name, std::uint64_t sequence) {
  if (name != "READY" && sequence != last_ + 1) ++out_of_order_;
  last_ = sequence;
  ++total_;
  const auto known = by_name_.find(name);
  if (known != by_name_.end())
    ++known->second;
  else
    by_name_.emplace(name, 1);
}

std::uint64_t EventCounts::of(std::string_view name) const {
  const auto known = by_name_.find(name);
  return known == by_name_.end() ? 0 : known->second;
}

std::string EventCounts::most(std::size_t limit, const Look& look) const {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(by_name_.begin(), by_name_.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < std::min(limit, sorted.size()); ++i) {
    if (i > 0) text += look.dot();
    text += std::to_string(sorted[i].second) + " " + printable(sorted[i].first);
  }
  if (sorted.size() > limit) {
    text.append(look.dot()).append(count(static_cast<std::int64_t>(sorted.size() - limit), "other type"));
  }
  return text;
}

}  // namespace console::gateway
