#include "lavalink/node_metrics.hpp"

#include <algorithm>

#include "lavalink/metric_names.hpp"

namespace lavapp::lavalink {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kRecent = 128;
/// What a peer can choose, close codes say, must not fill the memory.
constexpr std::size_t kMostNames = 64;

}  // namespace

DurationHistogram empty_histogram() {
  using namespace std::chrono_literals;
  DurationHistogram histogram;
  histogram.bounds = {5ms, 10ms, 25ms, 50ms, 100ms, 250ms, 500ms, 1s, 2500ms, 5s, 10s, 30s};
  histogram.counts.resize(histogram.bounds.size() + 1);
  return histogram;
}

void add(DurationHistogram& histogram, nanoseconds time) {
  const auto range = std::lower_bound(histogram.bounds.begin(), histogram.bounds.end(), time);
  ++histogram.counts[static_cast<std::size_t>(range - histogram.bounds.begin())];
  ++histogram.count;
  histogram.sum += time;
}

nanoseconds percentile(const std::vector<nanoseconds>& sorted, unsigned percent) {
  if (sorted.empty()) return nanoseconds(0);
  const auto rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

NodeMetrics::NodeMetrics() : voice_joins_(empty_histogram()) {}

void NodeMetrics::count(Counts& counts, std::string name) {
  if (counts.size() >= kMostNames && counts.count(name) == 0) name = "other";
  ++counts[std::move(name)];
}

std::vector<NamedCount> NodeMetrics::list(const Counts& counts) {
  std::vector<NamedCount> result;
  for (const auto& [name, count] : counts) result.push_back({name, count});
  return result;
}

void NodeMetrics::round_trip(nanoseconds time) {
  std::lock_guard lock(mutex_);
  if (recent_.size() < kRecent) {
    recent_.push_back(time);
  } else {
    recent_[round_trips_.count % kRecent] = time;
  }
  ++round_trips_.count;
  round_trips_.sum += time;
  round_trips_.last = time;
}

void NodeMetrics::reconnecting(const Error& after) {
  std::lock_guard lock(mutex_);
  count(reconnects_, metric_name(after));
}

void NodeMetrics::rest_ended(const std::string& pattern, int status, const Error* error, nanoseconds time) {
  rest_pending_.fetch_sub(1, std::memory_order_relaxed);
  const bool told_by_status = status != 0 && (!error || *error == Errc::http_status);
  auto name = told_by_status ? metric_name_of_status(status) : error ? metric_name(*error) : std::string("other");
  if (error && *error == Errc::http_status && status == 0) name = metric_name_of_status(error->http_status);
  std::lock_guard lock(mutex_);
  auto found = rest_.find({pattern, name});
  if (found == rest_.end()) found = rest_.emplace(std::pair(pattern, std::move(name)), empty_histogram()).first;
  add(found->second, time);
}

void NodeMetrics::rest_repeated(const Error& after) {
  std::lock_guard lock(mutex_);
  count(retries_, metric_name(after));
}

void NodeMetrics::circuit_changed(CircuitState state) {
  std::lock_guard lock(mutex_);
  if (state == CircuitState::open && circuit_ == CircuitState::closed) ++circuit_opened_;
  circuit_ = state;
}

void NodeMetrics::voice_joined(nanoseconds time) {
  std::lock_guard lock(mutex_);
  add(voice_joins_, time);
}

void NodeMetrics::voice_failed(const Error& error) {
  std::lock_guard lock(mutex_);
  count(voice_failures_, metric_name(error));
}

Metrics NodeMetrics::snapshot(bool ready) const {
  Metrics result;
  result.ready = ready;
  for (std::size_t i = 0; i < kKinds; ++i) {
    result.events.push_back({std::string(metric_name(static_cast<MessageKind>(i))), events_[i].load(std::memory_order_relaxed)});
  }
  result.dropped = {{"unreadable", unreadable_.load(std::memory_order_relaxed)}};
  result.rest_pending = rest_pending_.load(std::memory_order_relaxed);
  std::vector<nanoseconds> recent;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [key, time] : rest_) result.rest.push_back({key.first, key.second, time});
    result.retries = list(retries_);
    result.reconnects = list(reconnects_);
    result.voice_failures = list(voice_failures_);
    result.voice_joins = voice_joins_;
    result.round_trips = round_trips_;
    result.circuit = circuit_;
    result.circuit_opened = circuit_opened_;
    recent = recent_;
  }
  std::sort(recent.begin(), recent.end());
  if (!recent.empty()) {
    result.round_trips.min = recent.front();
    result.round_trips.max = recent.back();
    result.round_trips.p50 = percentile(recent, 50);
    result.round_trips.p90 = percentile(recent, 90);
    result.round_trips.p99 = percentile(recent, 99);
  }
  return result;
}

}  // namespace lavapp::lavalink
