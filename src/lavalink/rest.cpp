#include "lavalink/rest.hpp"

#include <algorithm>
#include <utility>

namespace lavapp::lavalink {
namespace {

net::DialOptions dial_options(const NodeOptions& options) {
  net::DialOptions result;
  result.resolve_timeout = result.connect_timeout = result.tls_timeout = options.connect_timeout;
  result.tls = options.tls;
  result.proxy = options.proxy;
  return result;
}

}  // namespace

Rest::Rest(const detail::Strand& strand, const NodeOptions& options)
    : client_(strand, {options.host, options.port, options.secure}, dial_options(options), options.rest_connections) {
  limits_.body = options.max_message_size;
}

Rest::Cancel Rest::send(net::HttpRequest request, RestLane lane, Done done, Gate gate) {
  auto job = std::make_shared<Job>();
  job->request = std::move(request);
  job->lane = std::move(lane);
  job->done = std::move(done);
  job->gate = std::move(gate);
  if (job->lane.name.empty()) {
    start(job);
  } else {
    auto& waiting = lanes_[job->lane.name];
    waiting.push_back(job);
    if (waiting.size() == 1) start(job);
  }
  return [weak = weak_from_this(), job] {
    if (auto self = weak.lock()) self->cancel(job);
  };
}

void Rest::start(const JobPtr& job) {
  if (auto gate = std::exchange(job->gate, {})) {
    return gate([self = shared_from_this(), job](Result<void> open) {
      if (!job->done) return;  // cancelled meanwhile
      if (open) return self->start(job);
      self->ended(job, std::move(open.error()));
    });
  }
  job->sent = true;
  net::HttpClient::SendOptions options;
  options.lane = job->lane.own_connection ? net::HttpLane::own : net::HttpLane::shared;
  options.limits = limits_;
  job->id = client_.send(
      std::move(job->request), options,
      [self = shared_from_this(), job](Result<net::HttpResponse> result) { self->ended(job, std::move(result)); });
}

void Rest::ended(const JobPtr& job, Result<net::HttpResponse> result) {
  leave_lane(job);
  if (auto done = std::exchange(job->done, {})) done(std::move(result));
}

void Rest::cancel(const JobPtr& job) {
  if (!job->done) return;
  job->done = {};
  // Under way, it leaves its lane when its connection is closed: only then may the next one go out.
  if (job->sent) return client_.cancel(job->id);
  leave_lane(job);
}

void Rest::leave_lane(const JobPtr& job) {
  const auto lane = lanes_.find(job->lane.name);
  if (lane == lanes_.end()) return;
  auto& waiting = lane->second;
  const auto place = std::find(waiting.begin(), waiting.end(), job);
  if (place == waiting.end()) return;
  const bool first = place == waiting.begin();
  waiting.erase(place);
  if (waiting.empty()) {
    lanes_.erase(lane);
  } else if (first) {
    start(waiting.front());
  }
}

void Rest::close() {
  // Those that have not been sent go out in their turn, and are told `closed` by the client like the rest.
  client_.close();
}

}  // namespace lavapp::lavalink
