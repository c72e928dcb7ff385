#include "lavalink/node_metrics.hpp"

#include <gtest/gtest.h>

#include "lavalink/metric_names.hpp"

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;

std::uint64_t count_of(const std::vector<NamedCount>& counts, const std::string& name) {
  for (const auto& each : counts) {
    if (each.name == name) return each.count;
  }
  return 0;
}

Error with_status(Errc code, int status) {
  Error error(code);
  error.http_status = status;
  return error;
}

TEST(MetricNames, AreFewAndSteady) {
  EXPECT_EQ(metric_name(Error(Errc::connection_lost, "anything")), "connection_lost");
  EXPECT_EQ(metric_name(with_status(Errc::http_status, 503)), "status 503");
  EXPECT_EQ(metric_name(with_status(Errc::http_status, 99'999)), "status other");
  EXPECT_EQ(metric_name(with_status(Errc::handshake_refused, 401)), "status 401");
  Error closed(Errc::closed_by_peer);
  closed.close_code = 1001;
  EXPECT_EQ(metric_name(closed), "close 1001");
  closed.close_code = 70'000;
  EXPECT_EQ(metric_name(closed), "closed_by_peer");
  EXPECT_EQ(metric_name(Error(Errc::invalid_shard)), "other");
}

TEST(Histograms, CountByRangesWhoseBoundBelongsToThem) {
  auto histogram = empty_histogram();
  ASSERT_EQ(histogram.counts.size(), histogram.bounds.size() + 1);
  add(histogram, 0ns);
  add(histogram, 5ms);
  add(histogram, 5ms + 1ns);
  add(histogram, 31s);
  EXPECT_EQ(histogram.counts[0], 2u);
  EXPECT_EQ(histogram.counts[1], 1u);
  EXPECT_EQ(histogram.counts.back(), 1u);
  EXPECT_EQ(histogram.count, 4u);
  EXPECT_EQ(histogram.sum, 31s + 10ms + 1ns);
}

TEST(Percentiles, AreTheNearestRank) {
  std::vector<std::chrono::nanoseconds> times;
  EXPECT_EQ(percentile(times, 50), 0ns);
  for (int i = 1; i <= 100; ++i) times.push_back(std::chrono::milliseconds(i));
  EXPECT_EQ(percentile(times, 50), 50ms);
  EXPECT_EQ(percentile(times, 90), 90ms);
  EXPECT_EQ(percentile(times, 99), 99ms);
  EXPECT_EQ(percentile(times, 100), 100ms);
  EXPECT_EQ(percentile({3ms}, 1), 3ms);
}

TEST(NodeMetrics, EveryTypeOfEventIsThereFromTheBeginning) {
  NodeMetrics metrics;
  metrics.event(MessageKind::track_end);
  metrics.event(MessageKind::track_end);
  metrics.event(MessageKind::unknown);
  metrics.unreadable();
  const auto snapshot = metrics.snapshot(true);
  EXPECT_TRUE(snapshot.ready);
  EXPECT_EQ(snapshot.events.size(), 9u);
  EXPECT_EQ(count_of(snapshot.events, "TrackEndEvent"), 2u);
  EXPECT_EQ(count_of(snapshot.events, "unknown"), 1u);
  EXPECT_EQ(count_of(snapshot.dropped, "unreadable"), 1u);
}

TEST(NodeMetrics, RoundTripsAreOfTheLast128) {
  NodeMetrics metrics;
  EXPECT_EQ(metrics.snapshot(false).round_trips.max, 0ns);
  for (int i = 0; i < 72; ++i) metrics.round_trip(1s);
  for (int i = 1; i <= 128; ++i) metrics.round_trip(std::chrono::milliseconds(i));
  const auto trips = metrics.snapshot(false).round_trips;
  EXPECT_EQ(trips.count, 200u);
  EXPECT_EQ(trips.last, 128ms);
  EXPECT_EQ(trips.min, 1ms);
  EXPECT_EQ(trips.max, 128ms);
  EXPECT_EQ(trips.p50, 64ms);
  EXPECT_EQ(trips.p99, 127ms);
  EXPECT_EQ(trips.sum, 72s + 8256ms);
}

TEST(NodeMetrics, RequestsAreCountedByRouteAndStatus) {
  NodeMetrics metrics;
  const auto lost = Error(Errc::connection_lost);
  const auto not_found = with_status(Errc::http_status, 404);
  const auto held = with_status(Errc::http_status, 429);
  const auto broken = with_status(Errc::bad_response, 200);
  for (int i = 0; i < 7; ++i) metrics.rest_began();
  metrics.rest_ended("GET /v4/info", 200, nullptr, 20ms);
  metrics.rest_ended("GET /v4/info", 200, nullptr, 30ms);
  metrics.rest_ended("GET /v4/info", 404, &not_found, 1ms);
  metrics.rest_ended("GET /v4/info", 0, &lost, 1ms);
  metrics.rest_ended("GET /v4/info", 200, &broken, 1ms);
  metrics.rest_ended("GET /version", 0, &held, 0ms);
  const auto snapshot = metrics.snapshot(false);
  EXPECT_EQ(snapshot.rest_pending, 1u);
  std::vector<std::string> seen;
  for (const auto& each : snapshot.rest) seen.push_back(each.route + " " + each.status + " " + std::to_string(each.time.count));
  EXPECT_EQ(seen, (std::vector<std::string>{"GET /v4/info 200 2", "GET /v4/info 404 1", "GET /v4/info bad_response 1",
                                            "GET /v4/info connection_lost 1", "GET /version 429 1"}));
}

TEST(NodeMetrics, WhatAPeerCanChooseDoesNotFillTheMemory) {
  NodeMetrics metrics;
  for (int code = 1000; code < 2000; ++code) {
    Error closed(Errc::closed_by_peer);
    closed.close_code = code;
    metrics.reconnecting(closed);
  }
  const auto reconnects = metrics.snapshot(false).reconnects;
  EXPECT_EQ(reconnects.size(), 65u);
  EXPECT_EQ(count_of(reconnects, "close 1000"), 1u);
  EXPECT_EQ(count_of(reconnects, "other"), 936u);
}

TEST(NodeMetrics, TheCircuitIsCountedWhenItOpensFromClosed) {
  NodeMetrics metrics;
  for (const auto state : {CircuitState::open, CircuitState::half_open, CircuitState::open}) metrics.circuit_changed(state);
  EXPECT_EQ(metrics.snapshot(false).circuit, CircuitState::open);
  EXPECT_EQ(metrics.snapshot(false).circuit_opened, 1u);
  metrics.circuit_changed(CircuitState::closed);
  metrics.circuit_changed(CircuitState::open);
  EXPECT_EQ(metrics.snapshot(false).circuit_opened, 2u);
}

}  // namespace
}  // namespace lavapp::lavalink
