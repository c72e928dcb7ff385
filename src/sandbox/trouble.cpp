#include "sandbox/trouble.hpp"

#include <algorithm>

namespace lavapp::sandbox {
namespace {

constexpr std::size_t max_seen = 10'000;

bool is_authorization(const std::string& name) {
  Headers probe{{name, ""}};
  return find_header(probe, "Authorization") != nullptr;
}

bool matches(const Fault& fault, const net::HttpRequest& request, bool handshake) {
  if (fault.count == 0) return false;
  if (fault.on == Fault::On::requests && handshake) return false;
  if (fault.on == Fault::On::handshakes && !handshake) return false;
  if (!fault.method.empty() && fault.method != request.method) return false;
  return request.target.find(fault.part_of_target) != std::string::npos;
}

}  // namespace

std::optional<Fault> Faults::take(const net::HttpRequest& request, bool handshake) {
  const auto found = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& f) { return matches(f, request, handshake); });
  if (found == faults_.end()) return std::nullopt;
  auto fault = *found;
  if (found->count > 0 && --found->count == 0) faults_.erase(found);
  return fault;
}

Journal::Entry Journal::add(const net::HttpRequest& request) {
  if (seen_.size() == max_seen) {
    seen_.pop_front();
    ++first_;
  }
  SeenRequest seen{request.method, request.target, request.headers, request.body, 0};
  seen.headers.erase(std::remove_if(seen.headers.begin(), seen.headers.end(), [](const auto& h) { return is_authorization(h.first); }),
                     seen.headers.end());
  seen_.push_back(std::move(seen));
  return first_ + seen_.size() - 1;
}

void Journal::answered(Entry entry, int status) {
  if (entry >= first_ && entry - first_ < seen_.size()) seen_[static_cast<std::size_t>(entry - first_)].status = status;
}

void Journal::clear() {
  first_ += seen_.size();
  seen_.clear();
}

}  // namespace lavapp::sandbox
