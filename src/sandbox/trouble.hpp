// Trouble: the faults that wait for requests, and the requests that were seen.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "lavapp/sandbox/fault.hpp"
#include "lavapp/sandbox/node.hpp"
#include "net/http_message.hpp"

namespace lavapp::sandbox {

class Faults {
 public:
  void order(Fault fault) { faults_.push_back(std::move(fault)); }
  void clear() { faults_.clear(); }
  /// The fault for this request, counted down.
  std::optional<Fault> take(const net::HttpRequest& request, bool handshake);

 private:
  std::vector<Fault> faults_;
};

class Journal {
 public:
  using Entry = std::uint64_t;
  Entry add(const net::HttpRequest& request);
  void answered(Entry entry, int status);
  std::vector<SeenRequest> requests() const { return {seen_.begin(), seen_.end()}; }
  void clear();

 private:
  std::deque<SeenRequest> seen_;
  Entry first_ = 0;  // of what is in seen_
};

}  // namespace lavapp::sandbox
