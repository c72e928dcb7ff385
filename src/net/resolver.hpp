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
  virtual ~Resolver() = default;
  /// Keeps `resolved` until it runs, on `strand` and never inside this call. There is no time limit here.
  virtual void resolve(const detail::Strand& strand, const std::string& host, Resolved resolved) = 0;
};

/// The system's resolver (getaddrinfo).
std::shared_ptr<Resolver> system_resolver();

/// Whether `host` is an IPv4 or IPv6 address in text, without brackets.
bool is_ip_literal(const std::string& host);

}  // namespace lavapp::net
