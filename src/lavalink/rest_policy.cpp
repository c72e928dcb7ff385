#include "lavalink/rest_policy.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "lavalink/decode.hpp"
#include "lavalink/next_try.hpp"
#include "net/retry_after.hpp"

namespace lavapp::lavalink {
namespace {

using std::chrono::milliseconds;

milliseconds until(Clock::time_point then, Clock::time_point now) {
  return std::chrono::ceil<milliseconds>(std::max(then - now, Clock::duration::zero()));
}

/// Lavalink's error object, and not the page of a proxy. https://lavalink.dev/api/rest#error-responses
bool in_lavalinks_words(std::string_view body) {
  return body.find("\"timestamp\"") != body.npos && body.find("\"path\"") != body.npos;
}

/// "Session not found"; another 404 is "Player not found". Nodes of other makers word it their own way.
bool names_the_session(const Error& error) {
  constexpr std::string_view word = "session";
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const auto& text = error.message;
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

Error error_of(const Result<net::HttpResponse>& answer) {
  if (!answer) return answer.error();
  return decode_error(answer->status, answer->body);
}

bool is_failure_of_the_node(RestVerdict verdict) noexcept {
  return verdict == RestVerdict::unavailable || verdict == RestVerdict::broken || verdict == RestVerdict::unreached ||
         verdict == RestVerdict::lost;
}

ReconnectOptions pauses(const RestOptions& options) {
  ReconnectOptions result;
  result.initial_delay = options.initial_pause;
  result.factor = options.factor;
  result.max_delay = options.max_pause;
  result.jitter = options.jitter;
  return result;
}

}  // namespace

Repeat repeat_of(const PlayerUpdateRequest& update) noexcept {
  if (update.voice || update.position) return Repeat::never;
  if (!update.track) return Repeat::harmless;
  const bool begins_a_track = update.track->identifier || (update.track->encoded.present() && !update.track->encoded.is_null());
  return begins_a_track ? Repeat::never : Repeat::harmless;
}

std::string in_words(milliseconds time) {
  if (time < std::chrono::seconds(10)) return std::to_string(time.count()) + " ms";
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

RestVerdict judge(const Result<net::HttpResponse>& answer) {
  if (!answer) {
    if (is_unreached(answer.error())) return RestVerdict::unreached;
    return answer.error() == Errc::connection_lost ? RestVerdict::lost : RestVerdict::refused;
  }
  switch (answer->status) {
    case 429:
      return RestVerdict::busy;
    case 502:
    case 503:
    case 504:
      return RestVerdict::unavailable;
    case 404:
      return names_the_session(decode_error(404, answer->body)) ? RestVerdict::session_away : RestVerdict::answered;
    default:
      // Lavalink's own 500 is about the request: base64 that is none, a band out of range, a route planner that is off.
      return answer->status > 499 && !in_lavalinks_words(answer->body) ? RestVerdict::broken : RestVerdict::answered;
  }
}

bool may_repeat(RestVerdict verdict, Repeat repeat) noexcept {
  switch (verdict) {
    case RestVerdict::busy:
    case RestVerdict::unreached:
      return true;
    case RestVerdict::unavailable:  // a proxy says so too when the node went silent over it
    case RestVerdict::lost:
      return repeat == Repeat::harmless;
    default:
      return false;
  }
}

RestPolicy::RestPolicy(const RestOptions& options, milliseconds request_timeout, std::uint64_t seed)
    : options_(options),
      request_timeout_(request_timeout),
      pauses_(pauses(options)),
      seed_(seed),
      breaker_(options.breaker_failures, options.breaker_pause) {}

bool RestPolicy::breaks(const Call& call) const noexcept {
  return call.purpose == RestPurpose::ordinary || call.purpose == RestPurpose::loading;
}

Error RestPolicy::circuit_error(TimePoint now) const {
  const auto left = until(breaker_.retry_at(), now);
  Error error(Errc::circuit_open);
  const bool probing = breaker_.state() == CircuitState::half_open;
  error.message = probing ? "a request is under way to see whether the node answers again" : "tried again in " + in_words(left);
  if (const auto& last = breaker_.last_failure()) {
    error.message += "; " + std::to_string(breaker_.failures()) + " requests in a row failed, the last with: " + last->what();
    error.cause = last->cause;
    error.http_status = last->http_status;
  }
  error.retry_after = left;
  return error;
}

std::optional<Error> RestPolicy::too_long_held(const Call& call, TimePoint now) const {
  if (call.purpose == RestPurpose::session || held_until_ <= now || held_until_ < call.deadline) return {};
  auto error = held_by_;
  error.retry_after = until(held_until_, now);
  error.message = "the node asked for no requests for another " + in_words(*error.retry_after) +
                  ", which is longer than the deadline" + (error.message.empty() ? "" : ": " + error.message);
  return error;
}

std::optional<Error> RestPolicy::refusal(const Call& call, TimePoint now) const {
  if (breaks(call) && breaker_.would_refuse(now)) return circuit_error(now);
  return too_long_held(call, now);
}

RestPolicy::Step RestPolicy::ahead(const Call& call, TimePoint now) const {
  if (auto error = too_long_held(call, now)) return {Step::Kind::end, {}, std::move(error)};
  if (held_until_ > now && call.purpose != RestPurpose::session) return {Step::Kind::pause, held_until_, {}};
  if (breaks(call) && breaker_.would_refuse(now)) {
    // It was made before the breaker opened, and has time.
    if (breaker_.retry_at() < call.deadline) return {Step::Kind::wait_breaker, breaker_.retry_at(), {}};
    return {Step::Kind::end, {}, call.last ? *call.last : circuit_error(now)};
  }
  return {Step::Kind::send, {}, {}};
}

RestPolicy::Step RestPolicy::before(Call& call, TimePoint now) {
  auto step = ahead(call, now);
  if (step.kind != Step::Kind::send) return step;
  if (breaks(call)) call.probe = breaker_.ask(now) == CircuitBreaker::Permit::probe;
  ++call.sent;
  call.sent_at = now;
  call.started_at.reset();
  return step;
}

/// It says nothing of the node if it had no connection, or got it so late that the node had less than its time; unless the
/// node is known to be silent: then those that wait for a connection get theirs late, and none has all that time.
bool RestPolicy::is_silence(const Call& call, TimePoint now) const {
  if (call.purpose != RestPurpose::ordinary || !call.started_at || now - call.sent_at < request_timeout_) return false;
  const auto& last = breaker_.last_failure();
  return now - *call.started_at >= request_timeout_ || (last && *last == Errc::request_timeout);
}

void RestPolicy::tell_breaker(Call& call, RestVerdict verdict, TimePoint now) {
  const bool probe = std::exchange(call.probe, false);
  if (call.purpose == RestPurpose::voice) return;
  if (is_failure_of_the_node(verdict)) {
    breaker_.failed(probe, now, *call.last);
  } else if (verdict != RestVerdict::refused) {
    breaker_.succeeded();
  } else if (probe) {
    breaker_.given_up();
  }
}

RestPolicy::Step RestPolicy::after(Call& call, const Result<net::HttpResponse>& answer, TimePoint now,
                                   std::chrono::system_clock::time_point wall) {
  const auto verdict = judge(answer);
  call.last.reset();
  if (!answer || answer->status < 200 || answer->status > 299) call.last = error_of(answer);
  tell_breaker(call, verdict, now);

  const auto asked = answer ? net::retry_after(answer->headers, wall) : std::nullopt;
  if (verdict == RestVerdict::busy && asked) {
    call.last->retry_after = asked;
    if (now + *asked > held_until_) {
      held_until_ = now + *asked;
      held_by_ = *call.last;
    }
  }
  if (verdict == RestVerdict::session_away && call.of_session) {
    --call.sent;  // it costs no attempt
    return {Step::Kind::wait_session, {}, {}};
  }
  if (call.purpose == RestPurpose::voice || call.sent >= options_.max_attempts || !may_repeat(verdict, call.repeat)) {
    return {Step::Kind::end, {}, {}};
  }
  if (!call.pauses) call.pauses.emplace(pauses_, ++seed_);
  const auto again = now + call.pauses->next(asked).value_or(milliseconds(0));
  if (again >= call.deadline) return {Step::Kind::end, {}, {}};
  return {Step::Kind::pause, again, {}};
}

void RestPolicy::ended(Call& call, bool by_deadline, TimePoint now) {
  const bool probe = std::exchange(call.probe, false);
  if (by_deadline && is_silence(call, now)) {
    return breaker_.failed(probe, now, Error(Errc::request_timeout, "no answer within " + in_words(request_timeout_)));
  }
  if (probe) breaker_.given_up();
}

}  // namespace lavapp::lavalink
