// Resolver: host names to IP addresses.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/strand.hpp"
#include "lavapp/core/result.hpp"

namespace lavapp::net {

class Resolver {
 public:
  /// IP literals, the preferred one first (RFC 6724).
  using Addresses = std::vector<std::string>;
  using Resolved = MoveFunction<void(Result<Addresses>)>;
  /// Letting go of it cancels: `resolved` is destroyed uncalled, unless it is on its way already.
  using Lookup = std::shared_ptr<void>;
  virtual ~Resolver() = default;
  /// `resolved` runs once, on `strand` and never inside this call. There is no time limit here.
  [[nodiscard]] virtual Lookup resolve(const detail::Strand& strand, const std::string& host, Resolved resolved) = 0;
};

/// The system's resolver (getaddrinfo), on a few threads of the context's own.
std::shared_ptr<Resolver> system_resolver();

/// The 4 or 16 bytes of an address in text, in the order of the network; empty if it is none.
std::string address_bytes(const std::string& host);

/// Whether `host` is an IPv4 or IPv6 address in text, without brackets.
bool is_ip_literal(const std::string& host);

}  // namespace lavapp::net
