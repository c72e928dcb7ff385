// AddressRace: which of a host's addresses to try when (RFC 8305, "Happy Eyeballs"). Pure: the time is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "net/resolver.hpp"

namespace lavapp::net {

/// The addresses are tried in the resolver's order, the two families in turn, each a quarter of a second behind the one
/// before or as soon as that has failed. So a dead address, or an IPv6 that leads nowhere, costs 250 ms and not a timeout.
class AddressRace {
 public:
  using time_point = Clock::time_point;
  /// RFC 8305 5: the delay between two attempts.
  static constexpr std::chrono::milliseconds kDelay{250};

  explicit AddressRace(Resolver::Addresses addresses);

  /// The next address to try now; nothing if none is due. Ask until there is none: after the beginning, after each
  /// failure, and at next_due().
  std::optional<std::string> next(time_point now);
  /// When next() has something to say again, if nothing fails before; nothing if all have been tried.
  std::optional<time_point> next_due() const;
  /// An attempt has failed: the next one need not wait.
  void failed() noexcept;
  /// Every address has been tried, and has failed.
  bool lost() const noexcept { return next_ == addresses_.size() && running_ == 0; }

 private:
  Resolver::Addresses addresses_;
  std::size_t next_ = 0;
  std::size_t running_ = 0;
  std::optional<time_point> due_;  // none: at once
};

/// RFC 8305 4: one address of each family in turn, beginning with the first one's family; each family keeps its order.
Resolver::Addresses interleaved(const Resolver::Addresses& addresses);

}  // namespace lavapp::net
