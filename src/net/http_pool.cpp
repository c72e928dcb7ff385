#include "net/http_pool.hpp"

#include <algorithm>

namespace lavapp::net {

void HttpPool::add(Id request, HttpLane lane) { (lane == HttpLane::own ? own_ : shared_).push_back(request); }

void HttpPool::add_again(Id request) { again_.push_back(request); }

bool HttpPool::remove(Id request) {
  for (auto* queue : {&again_, &shared_, &own_}) {
    const auto found = std::find(queue->begin(), queue->end(), request);
    if (found == queue->end()) continue;
    queue->erase(found);
    return true;
  }
  return false;
}

HttpPool::Start HttpPool::start(Id request, bool shared) {
  const auto connection = ++last_connection_;
  connections_.emplace(connection, shared ? HttpLane::shared : HttpLane::own);
  if (shared) ++shared_connections_;
  return {request, connection, true};
}

std::optional<HttpPool::Start> HttpPool::next() {
  const auto take = [](std::deque<Id>& queue) {
    const auto request = queue.front();
    queue.pop_front();
    return request;
  };
  // One connection has just gone for each of these: the bound holds without asking.
  if (!again_.empty()) return start(take(again_), shared_connections_ < max_connections_);
  if (!own_.empty()) return start(take(own_), false);
  if (shared_.empty()) return {};
  if (!idle_.empty()) {
    const auto connection = idle_.back().connection;
    idle_.pop_back();
    return Start{take(shared_), connection, false};
  }
  if (shared_connections_ < max_connections_) return start(take(shared_), true);
  return {};
}

bool HttpPool::finish(Id connection, bool reusable, time_point now) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return false;
  if (found->second == HttpLane::own && shared_connections_ < max_connections_) {
    found->second = HttpLane::shared;
    ++shared_connections_;
  }
  if (!reusable || found->second == HttpLane::own) {
    lost(connection);
    return false;
  }
  idle_.push_back({connection, now});
  return true;
}

void HttpPool::lost(Id connection) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  if (found->second == HttpLane::shared) --shared_connections_;
  connections_.erase(found);
  idle_.erase(std::remove_if(idle_.begin(), idle_.end(), [&](const Idle& i) { return i.connection == connection; }),
              idle_.end());
}

std::vector<HttpPool::Id> HttpPool::take_expired(time_point now) {
  std::vector<Id> expired;
  for (const auto& idle : idle_)
    if (idle.since + idle_limit_ <= now) expired.push_back(idle.connection);
  for (const auto connection : expired) lost(connection);
  return expired;
}

std::optional<HttpPool::time_point> HttpPool::next_expiry() const {
  std::optional<time_point> first;
  for (const auto& idle : idle_)
    if (!first || idle.since + idle_limit_ < *first) first = idle.since + idle_limit_;
  return first;
}

bool may_send_again(std::string_view method, const HttpFailure& failure) {
  if (!failure.reused || failure.response_begun) return false;
  return failure.write_failed || method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

}  // namespace lavapp::net
