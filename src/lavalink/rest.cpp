#include "lavalink/rest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/runtime_impl.hpp"
#include "lavalink/last_attempt.hpp"

namespace lavapp::lavalink {
namespace {

net::DialOptions dial_options(const NodeOptions& options) {
  net::DialOptions result;
  result.resolve_timeout = result.connect_timeout = result.tls_timeout = options.connect_timeout;
  result.tls = options.tls;
  result.proxy = options.proxy;
  return result;
}

/// Without the query.
std::string_view path_of(const RestRequest& request) {
  return std::string_view(request.route).substr(request.http.method.size() + 1);
}

}  // namespace

Rest::Rest(const detail::Strand& strand, const NodeOptions& options, std::string session_id, std::uint64_t seed, Hooks hooks)
    : strand_(strand),
      client_(strand, {options.host, options.port, options.secure}, dial_options(options), options.rest_connections),
      policy_(options.rest, options.request_timeout, seed),
      hooks_(std::move(hooks)),
      most_pending_(options.rest.max_pending),
      session_id_(std::move(session_id)) {
  limits_.body = options.max_message_size;
}

Clock::time_point Rest::now() const { return strand_.runtime().clock().now(); }

Rest::Cancel Rest::send(RestRequest request, RestLane lane, Clock::time_point deadline, Done done, Gate gate, Leaves leaves) {
  auto job = std::make_shared<Job>(strand_);
  const bool voice = request.purpose == RestPurpose::voice;
  job->call.repeat = request.repeat;
  job->call.purpose = request.purpose;
  job->call.deadline = deadline;
  job->call.of_session = !request.session_id.empty() && !voice;
  job->request = std::move(request);
  job->lane = std::move(lane);
  job->done = std::move(done);
  job->gate = std::move(gate);
  job->leaves = std::move(leaves);
  job->number = ++last_job_;
  job->bounded = job->lane.bounded && !voice && job->call.purpose != RestPurpose::session;
  const bool too_many = job->bounded && bounded_jobs_ >= most_pending_;
  jobs_.emplace(job->number, job);
  if (job->bounded) ++bounded_jobs_;

  if (too_many) {
    end_later(job, Error(Errc::queue_full, std::to_string(most_pending_) + " requests to the node are pending"));
  } else if (auto refused = policy_.refusal(job->call, now())) {
    end_later(job, std::move(*refused));
  } else if (job->lane.name.empty()) {
    go_on(job);
  } else {
    auto& waiting = lanes_[job->lane.name];
    waiting.push_back(job);
    if (waiting.size() == 1) go_on(job);
  }
  // Weak: what is pending when the runtime's tasks are destroyed unrun must not hold itself.
  return [weak = weak_from_this(), pending = std::weak_ptr<Job>(job)](const Error& why) -> std::optional<Error> {
    const auto self = weak.lock();
    const auto ending = pending.lock();
    if (self && ending) return self->cancel(ending, why);
    return {};
  };
}

/// The job's next step, if there is nothing before it in its lane.
void Rest::go_on(const JobPtr& job) {
  if (closed_) return end_later(job, Error(Errc::closed));
  if (job->overtaken) return end_later(job, overtaken(*job));
  if (job->call.of_session) {
    if (!session_ready_) {
      job->stage = Stage::session_away;
      return;
    }
    if (job->request.session_id != session_id_) return end_later(job, lost_session(*job));
  }
  // The gate may ask the node something: not while the node is not to be asked. Behind it comes all this again.
  auto step = job->gate ? policy_.ahead(job->call, now()) : policy_.before(job->call, now());
  switch (step.kind) {
    case RestPolicy::Step::Kind::send:
      if (job->gate) return ask_gate(job);
      transmit(job);
      break;
    case RestPolicy::Step::Kind::wait_breaker:
      wait(job, Stage::at_breaker, step.until);
      break;
    case RestPolicy::Step::Kind::end:
      end_later(job, std::move(*step.error));
      break;
    default:
      wait(job, Stage::paused, step.until);
      break;
  }
  watch_breaker();
}

void Rest::ask_gate(const JobPtr& job) {
  job->stage = Stage::at_gate;
  auto gate = std::exchange(job->gate, {});
  gate([self = shared_from_this(), job](Result<void> open) {
    if (!job->done) return;  // cancelled meanwhile
    if (open) return self->go_on(job);
    self->end(job, std::move(open.error()));
  });
}

void Rest::transmit(const JobPtr& job) {
  job->stage = Stage::sent;
  overtake(*job);
  job->session_epoch = session_epoch_;
  if (job->call.last && hooks_.sent_again) hooks_.sent_again(*job->call.last);
  net::HttpClient::SendOptions options;
  options.lane = job->lane.own_connection ? net::HttpLane::own : net::HttpLane::shared;
  options.limits = limits_;
  // A cancelled job is there until its connection is closed if it has a lane, and otherwise has nothing to do then.
  options.started = [weak = weak_from_this(), sent = std::weak_ptr<Job>(job)] {
    const auto self = weak.lock();
    const auto starts = sent.lock();
    if (self && starts) self->policy_.started(starts->call, self->now());
  };
  options.written = [sent = std::weak_ptr<Job>(job)] {
    const auto leaves = sent.lock();
    if (leaves && leaves->leaves) leaves->leaves();
  };
  options.may_go_again = [sent = std::weak_ptr<Job>(job)] {
    const auto again = sent.lock();
    return again && !again->overtaken;
  };
  // A copy: it may have to go out again.
  job->id = client_.send(job->request.http, std::move(options),
                         [weak = weak_from_this(), sent = std::weak_ptr<Job>(job)](Result<net::HttpResponse> answer) {
                           const auto self = weak.lock();
                           const auto ended = sent.lock();
                           if (self && ended) self->answered(ended, std::move(answer));
                         });
}

void Rest::wait(const JobPtr& job, Stage stage, Clock::time_point until) {
  job->stage = stage;
  job->timer.start(std::max(until - now(), Clock::duration::zero()),
                   [weak = weak_from_this(), waiting = std::weak_ptr<Job>(job)] {
                     const auto self = weak.lock();
                     const auto again = waiting.lock();
                     if (self && again) self->go_on(again);
                   });
}

void Rest::answered(const JobPtr& job, Result<net::HttpResponse> answer) {
  if (!job->done) return leave_lane(job);  // cancelled meanwhile
  const bool probe = job->call.probe;
  const auto step = policy_.after(job->call, answer, now(), std::chrono::system_clock::now());
  switch (closed_ ? RestPolicy::Step::Kind::end : step.kind) {
    case RestPolicy::Step::Kind::pause:
      if (job->overtaken) {
        end_later(job, overtaken(*job));
      } else {
        wait(job, Stage::paused, step.until);
      }
      break;
    case RestPolicy::Step::Kind::wait_session:
      job->refused = std::move(*answer);
      session_missing(job);
      break;
    default:
      job->stage = Stage::ending;
      watch_breaker(probe);
      return end(job, std::move(answer));
  }
  watch_breaker(probe);
}

/// The node answered "Session not found": it has noticed before us that the connection is gone, or the answer was on
/// its way while the session was resumed.
void Rest::session_missing(const JobPtr& job) {
  if (session_ready_ && job->session_epoch != session_epoch_) return go_on(job);
  job->stage = Stage::session_away;
  if (session_ready_ && hooks_.session_missing) hooks_.session_missing();
}

void Rest::session_began(const std::string& session_id, bool resumed) {
  const auto before = std::exchange(session_id_, session_id);
  session_ready_ = true;
  ++session_epoch_;
  policy_.breaker().succeeded();  // it answers
  for (const auto& [number, job] : std::map<std::uint64_t, JobPtr>(jobs_)) {
    if (!job->call.of_session || !job->done) continue;
    if (resumed && job->request.session_id == before) job->request = to_session(std::move(job->request), session_id);
    if (job->stage == Stage::session_away) go_on(job);
    if (job->stage == Stage::paused && job->request.session_id != session_id) {
      job->timer.cancel();
      end_later(job, lost_session(*job));
    }
  }
  watch_breaker();
}

void Rest::session_stays_missing() {
  if (!session_ready_) return;
  for (const auto& [number, job] : std::map<std::uint64_t, JobPtr>(jobs_)) {
    if (job->stage != Stage::session_away || !job->done) continue;
    job->stage = Stage::ending;
    end(job, std::move(job->refused));
  }
}

Error Rest::lost_session(const Job& job) const {
  Error error(Errc::no_session, "session " + job.request.session_id + " was lost while this waited, and with it its players");
  if (job.call.last) add_last_attempt(error, *job.call.last);
  return error;
}

Error Rest::overtaken(const Job& job) const {
  auto error = job.call.last ? *job.call.last : Error(Errc::cancelled);
  error.message += std::string(error.message.empty() ? "" : "; ") + (job.call.last ? "not sent again" : "not sent") +
                   ": a later voice update of this guild has gone out, whose player it would destroy";
  return error;
}

void Rest::end(const JobPtr& job, Result<net::HttpResponse> result) {
  const auto self = shared_from_this();
  forget(*job);
  // What this answer teaches may decide what the next one does.
  if (auto done = std::exchange(job->done, {})) done(std::move(result));
  leave_lane(job);
}

void Rest::end_later(const JobPtr& job, Error error) {
  job->stage = Stage::ending;
  strand_.post([self = shared_from_this(), job, error = std::move(error)]() mutable { self->end(job, std::move(error)); });
}

std::optional<Error> Rest::cancel(const JobPtr& job, const Error& why) {
  if (!job->done) return {};
  // What it holds may be the last to hold this.
  const auto self = shared_from_this();
  const auto done = std::exchange(job->done, {});
  job->timer.cancel();
  forget(*job);
  const auto stage = std::exchange(job->stage, Stage::ending);

  std::optional<Error> told;
  if (why == Errc::request_timeout && (stage != Stage::sent || job->call.last || !job->call.started_at)) {
    told = why;
    if (stage == Stage::at_gate) told->message += "; it waited to be told what the node has";
    if (stage == Stage::in_lane) told->message += "; it waited for an earlier request of this player";
    if (stage == Stage::sent && !job->call.started_at) told->message += "; it waited for a connection";
    if (stage == Stage::paused) {
      const bool tried = job->call.sent != 0 || job->call.last;
      told->message += tried ? "; it waited to be sent again" : "; it was not sent, as the node had asked for no requests";
    }
    if (stage == Stage::at_breaker) told->message += "; it waited for the node to answer again";
    if (stage == Stage::session_away) told->message += "; it waited for the session to be resumed";
    if (job->call.last) add_last_attempt(*told, *job->call.last);
  }
  if (stage == Stage::sent) {
    // It leaves its lane when its connection is closed: only then may the next one go out.
    client_.cancel(job->id);
    const bool probe = job->call.probe;
    policy_.ended(job->call, why == Errc::request_timeout, now());
    watch_breaker(probe);
  } else {
    leave_lane(job);
  }
  return told;
}

void Rest::forget(const Job& job) {
  if (jobs_.erase(job.number) == 1 && job.bounded) --bounded_jobs_;
}

/// A voice update does not wait for what else there is of its player. An earlier DELETE that would go out after it, for the
/// first time or again, would destroy what it has made: it ends instead.
void Rest::overtake(const Job& voice) {
  if (voice.call.purpose != RestPurpose::voice) return;
  const auto player = path_of(voice.request);
  for (const auto& [number, earlier] : jobs_) {
    if (number >= voice.number) return;
    if (earlier->request.http.method == "DELETE" && path_of(earlier->request) == player) earlier->overtaken = true;
  }
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
    go_on(JobPtr(waiting.front()));
  }
}

/// Tells of the breaker's changes, and wakes those who wait for one, or for the place of a probe.
void Rest::watch_breaker(bool probe_ended) {
  const auto state = policy_.breaker().state();
  const bool changed = std::exchange(circuit_, state) != state;
  if (changed && hooks_.circuit_changed) hooks_.circuit_changed(policy_.breaker());
  if (probe_ended || (changed && state != CircuitState::half_open)) wake(Stage::at_breaker);
}

void Rest::wake(Stage stage) {
  std::vector<JobPtr> waiting;
  for (const auto& [number, job] : jobs_) {
    if (job->stage == stage) waiting.push_back(job);
  }
  for (const auto& job : waiting) {
    if (job->stage != stage || !job->done) continue;
    job->timer.cancel();
    go_on(job);
  }
}

void Rest::close() {
  closed_ = true;
  client_.close();
  for (const auto stage : {Stage::paused, Stage::at_breaker, Stage::session_away}) wake(stage);
  strand_.post([self = shared_from_this()] {});  // there until what was under way has heard it
}

}  // namespace lavapp::lavalink
