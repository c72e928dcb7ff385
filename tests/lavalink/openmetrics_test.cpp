// The text of metrics, read back by a reader that takes the specification at its word:
// https://prometheus.io/docs/specs/om/open_metrics_spec/
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "lavalink/node_metrics.hpp"
#include "lavapp/lavalink/metrics.hpp"

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;

struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};
struct Family {
  std::string type, unit, help;
  std::vector<Sample> samples;
};

/// Throws what is against the rules.
class Reader {
 public:
  explicit Reader(const std::string& text) {
    if (text.empty() || text.back() != '\n') throw std::runtime_error("the last line has no end");
    std::istringstream lines(text);
    bool ended = false;
    for (std::string line; std::getline(lines, line);) {
      if (ended) throw std::runtime_error("there is more behind # EOF");
      if (line == "# EOF") {
        ended = true;
      } else if (line.rfind("# ", 0) == 0) {
        descriptor(line);
      } else {
        sample(line);
      }
    }
    if (!ended) throw std::runtime_error("no # EOF");
    for (const auto& [name, family] : families) check(name, family);
  }

  std::map<std::string, Family> families;

 private:
  void descriptor(const std::string& line) {
    static const std::regex form("# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    std::smatch part;
    if (!std::regex_match(line, part, form)) throw std::runtime_error("no descriptor: " + line);
    const auto name = part[2].str();
    if (name != current_ && families.count(name) != 0) throw std::runtime_error("a family in two places: " + name);
    current_ = name;
    auto& family = families[name];
    if (!family.samples.empty()) throw std::runtime_error("a descriptor behind samples: " + line);
    auto& field = part[1] == "TYPE" ? family.type : part[1] == "UNIT" ? family.unit : family.help;
    if (!field.empty()) throw std::runtime_error("twice: " + line);
    field = part[3];
  }

  void sample(const std::string& line) {
    std::smatch part;
    static const std::regex form(
        R"re(([a-zA-Z_:][a-zA-Z0-9_:]*))re"
        R"re((\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\"n])*"(?:,(?!\})|(?=\})))+)\})? ([0-9.e+-]+))re");
    if (!std::regex_match(line, part, form)) throw std::runtime_error("no sample: " + line);
    Sample sample;
    sample.name = part[1];
    static const std::regex label(R"re(([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)")re");
    const auto labels = part[3].str();
    for (std::sregex_iterator it(labels.begin(), labels.end(), label), end; it != end; ++it) {
      if (!sample.labels.emplace((*it)[1], unescaped((*it)[2])).second) throw std::runtime_error("a label twice: " + line);
    }
    char* end = nullptr;
    const auto value = part[4].str();
    sample.value = std::strtod(value.c_str(), &end);
    if (*end != 0) throw std::runtime_error("no number: " + line);
    auto& family = families.at(current_);
    static const std::map<std::string, std::set<std::string>> suffixes = {
        {"gauge", {""}}, {"stateset", {""}}, {"counter", {"_total"}},
        {"summary", {"", "_count", "_sum"}}, {"histogram", {"_bucket", "_count", "_sum"}}};
    if (sample.name.rfind(current_, 0) != 0 || suffixes.at(family.type).count(sample.name.substr(current_.size())) == 0) {
      throw std::runtime_error("not of " + current_ + ": " + line);
    }
    if (!seen_.insert({sample.name, sample.labels}).second) throw std::runtime_error("twice: " + line);
    family.samples.push_back(std::move(sample));
  }

  static std::string unescaped(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        result += text[i];
      } else {
        ++i;
        result += text[i] == 'n' ? '\n' : text[i];
      }
    }
    return result;
  }

  static void check(const std::string& name, const Family& family) {
    if (family.type.empty() || family.help.empty()) throw std::runtime_error("no TYPE or HELP: " + name);
    if (!family.unit.empty() && (name.size() <= family.unit.size() ||
                                 name.substr(name.size() - family.unit.size() - 1) != "_" + family.unit)) {
      throw std::runtime_error("the name does not end with its unit: " + name);
    }
    if (family.type == "histogram") check_histogram(name, family);
    if (family.type == "stateset") {
      for (const auto& each : family.samples) {
        if (each.labels.count(name) == 0) throw std::runtime_error("a state without its label: " + name);
        if (each.value != 0 && each.value != 1) throw std::runtime_error("a state is 0 or 1: " + name);
      }
    }
  }

  /// Buckets rise with their bounds, and the last is +Inf and the count.
  static void check_histogram(const std::string& name, const Family& family) {
    std::map<std::map<std::string, std::string>, std::vector<std::pair<double, double>>> buckets;
    std::map<std::map<std::string, std::string>, double> counts;
    for (auto each : family.samples) {
      if (each.name == name + "_count") counts[each.labels] = each.value;
      if (each.name != name + "_bucket") continue;
      const auto le = each.labels.at("le");
      each.labels.erase("le");
      if (le != "+Inf" && le.find_first_of(".e") == le.npos) throw std::runtime_error("not canonical: " + le);
      buckets[each.labels].emplace_back(std::strtod(le.c_str(), nullptr), each.value);
    }
    if (buckets.size() != counts.size()) throw std::runtime_error("buckets without a count: " + name);
    for (const auto& [labels, list] : buckets) {
      for (std::size_t i = 1; i < list.size(); ++i) {
        if (list[i].first <= list[i - 1].first || list[i].second < list[i - 1].second) {
          throw std::runtime_error("buckets do not rise: " + name);
        }
      }
      if (list.back().first != HUGE_VAL || list.back().second != counts.at(labels)) {
        throw std::runtime_error("the last bucket is not the count: " + name);
      }
    }
  }

  std::string current_;
  std::set<std::pair<std::string, std::map<std::string, std::string>>> seen_;
};

/// The value of a sample; -1 if it is not there.
double value_of(const Reader& read, const std::string& name, const std::map<std::string, std::string>& labels) {
  for (const auto& [family_name, family] : read.families) {
    for (const auto& each : family.samples) {
      if (each.name == name && each.labels == labels) return each.value;
    }
  }
  return -1;
}

Metrics some_metrics() {
  NodeMetrics metrics;
  const auto lost = Error(Errc::connection_lost);
  for (int i = 0; i < 3; ++i) metrics.rest_began();
  metrics.rest_ended("GET /v4/sessions/{sessionId}/players/{guildId}", 200, nullptr, 20ms);
  metrics.rest_ended("GET /v4/info", 0, &lost, 3s);
  metrics.rest_repeated(lost);
  metrics.reconnecting(lost);
  metrics.event(MessageKind::player_update);
  metrics.unreadable();
  metrics.round_trip(1500us);
  metrics.circuit_changed(CircuitState::open);
  metrics.voice_joined(300ms);
  metrics.voice_failed(Error(Errc::voice_timeout));
  return metrics.snapshot(true);
}

TEST(OpenMetrics, IsTheFormatOfTheSpecification) {
  const Reader read(to_openmetrics(some_metrics()));
  EXPECT_EQ(value_of(read, "lavapp_node_ready", {}), 1);
  EXPECT_EQ(value_of(read, "lavapp_websocket_round_trip_seconds", {{"quantile", "0.99"}}), 0.0015);
  EXPECT_EQ(value_of(read, "lavapp_websocket_round_trip_seconds_count", {}), 1);
  EXPECT_EQ(value_of(read, "lavapp_reconnects_total", {{"cause", "connection_lost"}}), 1);
  EXPECT_EQ(value_of(read, "lavapp_events_total", {{"type", "playerUpdate"}}), 1);
  EXPECT_EQ(value_of(read, "lavapp_events_total", {{"type", "TrackStartEvent"}}), 0);
  EXPECT_EQ(value_of(read, "lavapp_dropped_messages_total", {{"cause", "unreadable"}}), 1);
  const std::string rest = "lavapp_rest_request_duration_seconds";
  const std::map<std::string, std::string> lost = {{"route", "GET /v4/info"}, {"status", "connection_lost"}};
  EXPECT_EQ(value_of(read, rest + "_sum", lost), 3);
  EXPECT_EQ(value_of(read, rest + "_count", lost), 1);
  auto bucket = lost;
  bucket["le"] = "2.5";
  EXPECT_EQ(value_of(read, rest + "_bucket", bucket), 0);
  bucket["le"] = "5.0";
  EXPECT_EQ(value_of(read, rest + "_bucket", bucket), 1);
  EXPECT_EQ(value_of(read, "lavapp_rest_retries_total", {{"cause", "connection_lost"}}), 1);
  EXPECT_EQ(value_of(read, "lavapp_rest_pending", {}), 1);
  EXPECT_EQ(value_of(read, "lavapp_circuit_breaker", {{"lavapp_circuit_breaker", "open"}}), 1);
  EXPECT_EQ(value_of(read, "lavapp_circuit_breaker", {{"lavapp_circuit_breaker", "closed"}}), 0);
  EXPECT_EQ(value_of(read, "lavapp_circuit_opened_total", {}), 1);
  EXPECT_EQ(value_of(read, "lavapp_voice_join_duration_seconds_count", {}), 1);
  EXPECT_EQ(value_of(read, "lavapp_voice_join_failures_total", {{"cause", "voice_timeout"}}), 1);
}

TEST(OpenMetrics, NothingYetIsTheFormatToo) {
  EXPECT_NO_THROW(Reader{to_openmetrics(Metrics())});
  EXPECT_NO_THROW(Reader{to_openmetrics(NodeMetrics().snapshot(false))});
  EXPECT_EQ(to_openmetrics(std::vector<LabelledMetrics>()).substr(0, 7), "# TYPE ");
}

TEST(OpenMetrics, LabelsAreOnEverySampleAndEscaped) {
  const std::string strange = "a \"quoted\" back\\slash\nand a line, {=}";
  const Reader read(to_openmetrics(some_metrics(), {{"node", strange}}));
  for (const auto& [name, family] : read.families) {
    for (const auto& each : family.samples) EXPECT_EQ(each.labels.at("node"), strange) << name;
  }
}

TEST(OpenMetrics, SeveralNodesShareEachFamily) {
  const auto one = some_metrics();
  const Reader read(to_openmetrics({{one, {{"node", "a"}}}, {Metrics(), {{"node", "b"}}}}));
  EXPECT_EQ(value_of(read, "lavapp_node_ready", {{"node", "a"}}), 1);
  EXPECT_EQ(value_of(read, "lavapp_node_ready", {{"node", "b"}}), 0);
}

TEST(OpenMetrics, LabelsThatWouldSpoilItAreRefused) {
  for (const char* name : {"", "1a", "a-b", "a b", "__a", "le", "quantile", "route", "status", "cause", "type",
                           "lavapp_circuit_breaker"}) {
    EXPECT_THROW(to_openmetrics(Metrics(), {{name, "x"}}), std::invalid_argument) << name;
  }
  EXPECT_THROW(to_openmetrics(Metrics(), {{"a", "1"}, {"a", "2"}}), std::invalid_argument);
  EXPECT_THROW(to_openmetrics({{Metrics(), {{"a", "1"}}}, {Metrics(), {{"a", "1"}}}}), std::invalid_argument);
  EXPECT_THROW(to_openmetrics({{Metrics(), {}}, {Metrics(), {}}}), std::invalid_argument);
}

TEST(OpenMetrics, TheReaderOfThisTestRefusesWhatIsWrong) {
  const auto good = to_openmetrics(some_metrics());
  const auto with = [&](const std::string& from, const std::string& to) {
    auto text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
  };
  EXPECT_NO_THROW(Reader{good});
  EXPECT_ANY_THROW(Reader{with("# EOF\n", "")});
  EXPECT_ANY_THROW(Reader{with("lavapp_node_ready 1", "lavapp_node_ready yes")});
  EXPECT_ANY_THROW(Reader{with("lavapp_reconnects_total", "lavapp_reconnects")});
  EXPECT_ANY_THROW(Reader{with("le=\"+Inf\"} 1", "le=\"+Inf\"} 2")});
  EXPECT_ANY_THROW(Reader{with("le=\"1.0\"", "le=\"1\"")});
  EXPECT_ANY_THROW(Reader{with("# HELP lavapp_node_ready Whether the session with the node works.\n", "")});
  EXPECT_ANY_THROW(Reader{with("_round_trip_seconds seconds", "_round_trip_seconds meters")});
}

}  // namespace
}  // namespace lavapp::lavalink
