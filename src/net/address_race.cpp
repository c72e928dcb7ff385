#include "net/address_race.hpp"

#include <utility>

namespace lavapp::net {

Resolver::Addresses interleaved(const Resolver::Addresses& addresses) {
  const auto is_ipv6 = [](const std::string& address) { return address.find(':') != address.npos; };
  Resolver::Addresses first, second;
  for (const auto& address : addresses) {
    (is_ipv6(address) == is_ipv6(addresses.front()) ? first : second).push_back(address);
  }
  Resolver::Addresses mixed;
  for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
    if (i < first.size()) mixed.push_back(std::move(first[i]));
    if (i < second.size()) mixed.push_back(std::move(second[i]));
  }
  return mixed;
}

AddressRace::AddressRace(Resolver::Addresses addresses) : addresses_(interleaved(addresses)) {}

std::optional<std::string> AddressRace::next(time_point now) {
  if (next_ == addresses_.size() || (due_ && now < *due_)) return {};
  ++running_;
  due_ = now + kDelay;
  return addresses_[next_++];
}

std::optional<AddressRace::time_point> AddressRace::next_due() const {
  if (next_ == addresses_.size()) return {};
  return due_;
}

void AddressRace::failed() noexcept {
  --running_;
  due_.reset();
}

}  // namespace lavapp::net
