// Metrics: what a node has done and how long it took, as a plain value and as OpenMetrics text.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/lavalink/rest_options.hpp"

namespace lavapp::lavalink {

/// How many of something, by its name.
struct NamedCount {
  std::string name = {};
  std::uint64_t count = 0;
};

/// How long something took, counted by ranges.
struct DurationHistogram {
  /// The longest duration of each range, rising. One range more has no bound.
  std::vector<std::chrono::nanoseconds> bounds;
  /// Of each range alone; one more than there are bounds.
  std::vector<std::uint64_t> counts;
  std::uint64_t count = 0;
  std::chrono::nanoseconds sum{0};
};

/// Requests of one route that ended in one way.
struct RestMetric {
  /// As Lavalink's docs write it: "GET /v4/sessions/{sessionId}/players/{guildId}". Never with ids: what goes
  /// through Node::request() or a plugin's object is "GET (other)".
  std::string route = {};
  /// The HTTP status, or what went wrong: "connection_lost", "request_timeout", "circuit_open".
  std::string status = {};
  /// From the call to its completion, with all repetitions and waits.
  DurationHistogram time;
};

/// Heartbeats of the WebSocket that were answered; the percentiles are of the last 128.
struct RoundTrips {
  std::uint64_t count = 0;  ///< since the beginning
  std::chrono::nanoseconds sum{0};
  std::chrono::nanoseconds last{0}, min{0}, p50{0}, p90{0}, p99{0}, max{0};
};

/// What a node has done since it was made. All counts only ever grow.
struct Metrics {
  bool ready = false;  ///< the session works
  RoundTrips round_trips = {};

  std::vector<RestMetric> rest;
  /// Requests that were sent once more, by what the attempt before had ended with: a status or the name of an error.
  std::vector<NamedCount> retries;
  std::uint64_t rest_pending = 0;  ///< under way or waiting, now
  CircuitState circuit = CircuitState::closed;
  std::uint64_t circuit_opened = 0;

  /// Voice::join() that succeeded, from the call on.
  DurationHistogram voice_joins;
  /// Voice::join() that failed, by the name of the error.
  std::vector<NamedCount> voice_failures;

  /// Attempts to connect again, by what had ended or failed before: "pong_timeout", "close 1001", "status 503".
  std::vector<NamedCount> reconnects;
  /// Messages of the WebSocket by type: "ready", "stats", "playerUpdate", "TrackStartEvent", ... Each type is there from the
  /// beginning.
  std::vector<NamedCount> events;
  /// What came and was not handed on, by why: "unreadable", "old_session", "old_reply", "old_voice", "coalesced", "overflow"
  /// (DroppedEvents).
  std::vector<NamedCount> dropped;
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// The text of the OpenMetrics format 1.0, `application/openmetrics-text; version=1.0.0; charset=utf-8`, with `# EOF` at its
/// end; Prometheus reads it. https://prometheus.io/docs/specs/om/open_metrics_spec/
/// \param labels  put on every sample: {{"node", "main"}}
/// \throws std::invalid_argument if a label's name is none, is there twice, or is one that the metrics have themselves.
std::string to_openmetrics(const Metrics& metrics, const MetricLabels& labels = {});

/// Several nodes' in one text, which must have every family once. The labels tell them apart.
struct LabelledMetrics {
  Metrics metrics;
  MetricLabels labels = {};
};
std::string to_openmetrics(const std::vector<LabelledMetrics>& nodes);

}  // namespace lavapp::lavalink
