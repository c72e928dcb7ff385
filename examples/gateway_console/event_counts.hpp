// EventCounts: how many events of each type have come, and whether any was missed in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "look.hpp"

namespace console::gateway {

class EventCounts {
 public:
  /// \param sequence  `s`, which goes up by one with each event of a session, and begins anew with READY
  void add(std::string_view name, std::uint64_t sequence);

  std::uint64_t total() const { return total_; }
  std::uint64_t of(std::string_view name) const;
  /// Events that did not follow the one before: something was missed, or came twice.
  std::uint64_t out_of_order() const { return out_of_order_; }
  /// "2 GUILD_CREATE · 1 READY": the most frequent types first, at most `limit` of them.
  std::string most(std::size_t limit, const Look& look) const;

 private:
  std::map<std::string, std::uint64_t, std::less<>> by_name_;
  std::uint64_t total_ = 0, out_of_order_ = 0, last_ = 0;
};

}  // namespace console::gateway
