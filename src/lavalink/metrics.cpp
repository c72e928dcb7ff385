// OpenMetrics 1.0: https://prometheus.io/docs/specs/om/open_metrics_spec/
#include "lavapp/lavalink/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <stdexcept>

namespace lavapp::lavalink {
namespace {

using std::chrono::nanoseconds;
using Nodes = std::vector<LabelledMetrics>;

/// Shortest decimal that reads back the same; "1.0" for a whole number, which is how bounds are to be written.
std::string number(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  std::string result(text.data(), end);
  if (result.find_first_not_of("0123456789") == result.npos) result += ".0";
  return result;
}

std::string seconds(nanoseconds time) { return number(std::chrono::duration<double>(time).count()); }

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\' || c == '"') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result;
}

std::string join(const MetricLabels& labels) {
  std::string result;
  for (const auto& [name, value] : labels) {
    result += (result.empty() ? "" : ",") + name + "=\"" + escaped(value) + "\"";
  }
  return result.empty() ? result : "{" + result + "}";
}

/// One family of metrics in the text: its head, then its samples.
class Family {
 public:
  Family(std::string& out, std::string name, std::string_view type, std::string_view unit, std::string_view help)
      : out_(out), name_(std::move(name)) {
    out_ += "# TYPE " + name_ + " " + std::string(type) + "\n";
    if (!unit.empty()) out_ += "# UNIT " + name_ + " " + std::string(unit) + "\n";
    out_ += "# HELP " + name_ + " " + std::string(help) + "\n";
  }
  void sample(std::string_view suffix, MetricLabels labels, const MetricLabels& more, const std::string& value) {
    labels.insert(labels.end(), more.begin(), more.end());
    out_ += name_ + std::string(suffix) + join(labels) + " " + value + "\n";
  }
  void counters(const MetricLabels& labels, const std::string& label, const std::vector<NamedCount>& counts) {
    for (const auto& each : counts) sample("_total", labels, {{label, each.name}}, std::to_string(each.count));
  }
  void histogram(const MetricLabels& labels, const MetricLabels& more, const DurationHistogram& of) {
    std::uint64_t so_far = 0;
    const auto bucket = [&](std::string bound, std::uint64_t count) {
      auto with = more;
      with.emplace_back("le", std::move(bound));
      sample("_bucket", labels, with, std::to_string(count));
    };
    for (std::size_t i = 0; i < of.bounds.size() && i < of.counts.size(); ++i) {
      bucket(seconds(of.bounds[i]), so_far += of.counts[i]);
    }
    bucket("+Inf", of.count);
    sample("_count", labels, more, std::to_string(of.count));
    sample("_sum", labels, more, seconds(of.sum));
  }

 private:
  std::string& out_;
  std::string name_;
};

bool is_label_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto good = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  // Two underscores are the collector's own.
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), good) && name.substr(0, 2) != "__";
}

void check(const Nodes& nodes) {
  const std::set<std::string> taken = {"le", "quantile", "route", "status", "cause", "type", "lavapp_circuit_breaker"};
  std::set<MetricLabels> seen;
  for (const auto& node : nodes) {
    std::set<std::string> names;
    for (const auto& [name, value] : node.labels) {
      if (!is_label_name(name)) throw std::invalid_argument("lavapp: \"" + name + "\" is no name of a label");
      if (taken.count(name) != 0) throw std::invalid_argument("lavapp: the label " + name + " is the metrics' own");
      if (!names.insert(name).second) throw std::invalid_argument("lavapp: the label " + name + " is there twice");
    }
    auto sorted = node.labels;
    std::sort(sorted.begin(), sorted.end());
    if (!seen.insert(sorted).second) throw std::invalid_argument("lavapp: two nodes have the same labels");
  }
}

void write_connection(std::string& out, const Nodes& nodes) {
  Family ready(out, "lavapp_node_ready", "gauge", "", "Whether the session with the node works.");
  for (const auto& [metrics, labels] : nodes) ready.sample("", labels, {}, metrics.ready ? "1" : "0");

  Family trips(out, "lavapp_websocket_round_trip_seconds", "summary", "seconds",
               "Round trips of the WebSocket's heartbeat; the quantiles are of the last 128.");
  for (const auto& [metrics, labels] : nodes) {
    const auto& of = metrics.round_trips;
    if (of.count != 0) {
      trips.sample("", labels, {{"quantile", "0.5"}}, seconds(of.p50));
      trips.sample("", labels, {{"quantile", "0.9"}}, seconds(of.p90));
      trips.sample("", labels, {{"quantile", "0.99"}}, seconds(of.p99));
    }
    trips.sample("_count", labels, {}, std::to_string(of.count));
    trips.sample("_sum", labels, {}, seconds(of.sum));
  }

  Family reconnects(out, "lavapp_reconnects", "counter", "", "Attempts to connect again, by what had ended before.");
  for (const auto& [metrics, labels] : nodes) reconnects.counters(labels, "cause", metrics.reconnects);
  Family events(out, "lavapp_events", "counter", "", "Messages that came over the WebSocket.");
  for (const auto& [metrics, labels] : nodes) events.counters(labels, "type", metrics.events);
  Family dropped(out, "lavapp_dropped_messages", "counter", "", "Messages that came and were not handed on.");
  for (const auto& [metrics, labels] : nodes) dropped.counters(labels, "cause", metrics.dropped);
}

void write_rest(std::string& out, const Nodes& nodes) {
  Family rest(out, "lavapp_rest_request_duration_seconds", "histogram", "seconds",
              "REST requests from the call to its completion.");
  for (const auto& [metrics, labels] : nodes) {
    for (const auto& each : metrics.rest) rest.histogram(labels, {{"route", each.route}, {"status", each.status}}, each.time);
  }
  Family retries(out, "lavapp_rest_retries", "counter", "", "REST requests sent once more, by what the attempt before met.");
  for (const auto& [metrics, labels] : nodes) retries.counters(labels, "cause", metrics.retries);
  Family pending(out, "lavapp_rest_pending", "gauge", "", "REST requests under way or waiting.");
  for (const auto& [metrics, labels] : nodes) pending.sample("", labels, {}, std::to_string(metrics.rest_pending));

  Family circuit(out, "lavapp_circuit_breaker", "stateset", "", "The state of the circuit breaker.");
  for (const auto& [metrics, labels] : nodes) {
    for (const auto state : {CircuitState::closed, CircuitState::open, CircuitState::half_open}) {
      circuit.sample("", labels, {{"lavapp_circuit_breaker", std::string(to_string(state))}},
                     metrics.circuit == state ? "1" : "0");
    }
  }
  Family opened(out, "lavapp_circuit_opened", "counter", "", "How often the circuit breaker opened.");
  for (const auto& [metrics, labels] : nodes) opened.sample("_total", labels, {}, std::to_string(metrics.circuit_opened));
}

void write_voice(std::string& out, const Nodes& nodes) {
  Family joins(out, "lavapp_voice_join_duration_seconds", "histogram", "seconds", "Voice channels joined.");
  for (const auto& [metrics, labels] : nodes) joins.histogram(labels, {}, metrics.voice_joins);
  Family failures(out, "lavapp_voice_join_failures", "counter", "", "Voice channels that could not be joined.");
  for (const auto& [metrics, labels] : nodes) failures.counters(labels, "cause", metrics.voice_failures);
}

}  // namespace

std::string to_openmetrics(const std::vector<LabelledMetrics>& nodes) {
  check(nodes);
  std::string out;
  write_connection(out, nodes);
  write_rest(out, nodes);
  write_voice(out, nodes);
  return out + "# EOF\n";
}

std::string to_openmetrics(const Metrics& metrics, const MetricLabels& labels) {
  return to_openmetrics(std::vector<LabelledMetrics>{{metrics, labels}});
}

}  // namespace lavapp::lavalink
