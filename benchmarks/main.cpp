// Runs the benchmarks: each one's baseline and subject in turn, in processes of their own, and compares medians.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gateway/subjects.hpp"
#include "load_server.hpp"
#include "process.hpp"
#include "subjects.hpp"

namespace {

using bench::Kind;
using bench::Layer;
using bench::Load;
using bench::Process;

struct Benchmark {
  std::string name;
  Load load;
  std::uint64_t counted_messages;   ///< for counting instructions, where each message costs fifty times the time
  std::optional<double> goal = {};  ///< the ratio to stay under
};

const std::vector<Benchmark>& benchmarks() {
  static const std::vector<Benchmark> all{
      {"receive_200B", {Kind::receive, 200, 400'000}, 8'000, 0.1},
      {"receive_1KiB", {Kind::receive, 1'024, 200'000}, 4'000, 0.1},
      {"receive_64KiB", {Kind::receive, 65'536, 12'000}, 300, 1.0},
      {"echo_64B", {Kind::echo, 64, 20'000}, 2'000},
      {"echo_200B", {Kind::echo, 200, 20'000}, 2'000},
      {"echo_1KiB", {Kind::echo, 1'024, 20'000}, 2'000},
      {"echo_64KiB", {Kind::echo, 65'536, 4'000}, 100, 0.2},
      {"receive_200B_tls", {Kind::receive, 200, 400'000, Layer::tls}, 8'000},
      {"receive_1KiB_tls", {Kind::receive, 1'024, 200'000, Layer::tls}, 4'000},
      {"echo_1KiB_tls", {Kind::echo, 1'024, 20'000, Layer::tls}, 2'000},
      {"receive_200B_deflate", {Kind::receive, 200, 200'000, Layer::deflate}, 4'000},
      {"receive_1KiB_deflate", {Kind::receive, 1'024, 100'000, Layer::deflate}, 2'000},
      {"echo_1KiB_deflate", {Kind::echo, 1'024, 10'000, Layer::deflate}, 1'000},
      {"node_mixed", {Kind::lavalink, 0, 400'000}, 8'000, 0.35},
  };
  return all;
}
/// Memory and CPU time of so many connections at rest, and the ratio to stay under.
const Load kIdle{Kind::idle, 0, 1'000};
constexpr double kIdleGoal = 1.3;
const Load kPlayers{Kind::players, 0, 10'000};

/// Events of Discord's gateway, in each transport.
const std::vector<Benchmark>& gateway_benchmarks() {
  static const std::vector<Benchmark> all{
      {"gateway_json", {Kind::gateway, 0, 100'000}, 3'000, 0.35},
      {"gateway_zlib", {Kind::gateway, 0, 50'000, Layer::zlib}, 2'000, 1.0},
      {"gateway_zstd", {Kind::gateway, 0, 100'000, Layer::zstd}, 3'000, 0.9},
      {"gateway_json_data", {Kind::gateway_data, 0, 100'000}, 3'000},
      {"gateway_json_typed", {Kind::gateway_typed, 0, 100'000}, 3'000, 1.4},  // .4 of what the typed client of twilight takes
  };
  return all;
}
/// Shards at rest after READY, those of the warm-up included, and how much memory each may take, in KiB.
struct Shards {
  std::string name;
  Load load;
  std::optional<double> goal = {};
};
const std::vector<Shards>& shards() {
  const auto idle = [](std::uint64_t count, Layer layer) { return Load{Kind::gateway_idle, 0, count + bench::kIdleWarmUp, layer}; };
  static const std::vector<Shards> all{
      {"shards_json", idle(100, Layer::plain), 18},
      {"shards_zlib", idle(100, Layer::zlib), 50},
      {"shards_zstd", idle(100, Layer::zstd), 65},
      {"shards_json_tls", idle(100, Layer::tls)},
      {"shards_json_256", idle(256, Layer::plain)},
  };
  return all;
}

std::vector<std::string> load_arguments(const Load& load) {
  return {name_of(load.kind), std::to_string(load.size), std::to_string(load.messages), name_of(load.layer)};
}

/// A client that is measured: a program and its first arguments; those of the load follow.
struct Subject {
  std::string name;
  std::vector<std::string> command;
};
/// The program cannot do what the load asks for (a client exits with this status).
constexpr int kUnsupported = 3;

/// Starts the server and the client, `wrapper` in front of it, and returns what the client printed; nothing if it is
/// unsupported.
std::optional<std::string> run_once(const std::string& self, const Subject& subject, const Load& load,
                                    std::vector<std::string> wrapper = {}, Process::Errors errors = Process::Errors::shown) {
  std::vector<std::string> server{self, "server"};
  for (auto& argument : load_arguments(load)) server.push_back(argument);
  Process serving(server);
  const auto port = serving.line();
  for (const auto& argument : subject.command) wrapper.push_back(argument);
  wrapper.push_back(port);
  for (auto& argument : load_arguments(load)) wrapper.push_back(argument);
  Process client(wrapper, errors);
  const auto output = client.rest();
  const int status = client.wait();
  if (status == kUnsupported) return {};
  if (status != 0) throw std::runtime_error(subject.name + " failed at " + name_of(load.kind) + ": " + output);
  serving.wait();
  return output;
}

/// CPU microseconds per message. Checks that every message and byte arrived.
std::optional<double> measure(const std::string& self, const Subject& subject, const Load& load) {
  const auto output = run_once(self, subject, load);
  if (!output) return {};
  double cpu = 0;
  unsigned long long messages = 0, bytes = 0;
  if (std::sscanf(output->c_str(), "%lf %llu %llu", &cpu, &messages, &bytes) != 3 || messages != load.messages ||
      bytes != bench::payload_bytes(load)) {
    throw std::runtime_error(subject.name + " did not receive what was sent: " + *output);
  }
  return cpu;
}

double collected(const std::string& self, const Subject& subject, Load load, std::uint64_t messages) {
  load.messages = messages;
  const auto output = run_once(self, subject, load, {"valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"},
                               Process::Errors::captured)
                          .value_or("nothing");
  const auto at = output.find("Collected :");
  if (at == std::string::npos) throw std::runtime_error("callgrind printed no count: " + output);
  return std::stod(output.substr(at + 11));
}

/// Instructions per message in user space: two counts, so that start and end cancel out.
std::optional<double> instructions(const std::string& self, const Subject& subject, const Benchmark& benchmark) {
  if (Process({"sh", "-c", "command -v valgrind >/dev/null"}).wait() != 0) return {};
  const auto few = benchmark.counted_messages / 4, many = benchmark.counted_messages;
  return (collected(self, subject, benchmark.load, many) - collected(self, subject, benchmark.load, few)) /
         static_cast<double>(many - few);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

nlohmann::json row(const std::string& benchmark, const std::string& subject, double value, double ratio,
                   std::optional<double> count = {}, const char* unit = "cpu_us") {
  return {{"benchmark", benchmark},
          {"subject", subject},
          {"baseline", "beast"},
          {unit, value},
          {"ratio", ratio},
          {"instructions", count ? nlohmann::json(*count) : nlohmann::json(nullptr)}};
}

/// What each subject took in each round, the first being the baseline. A subject that cannot do it has no figures.
using Figures = std::vector<std::vector<double>>;

double ratio_of(const Figures& figures, std::size_t subject) {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < figures[0].size(); ++round) ratios.push_back(figures[subject][round] / figures[0][round]);
  return median(ratios);
}

/// In turn, and in turns who is first: the machine's drift hits all alike.
template <class Measure>
Figures in_turns(const std::string& name, const std::vector<Subject>& subjects, int rounds, Measure&& take) {
  Figures figures(subjects.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const auto at = (i + static_cast<std::size_t>(round)) % subjects.size();
      std::fprintf(stderr, "\r\033[K%s round %d of %d: %s ", name.c_str(), round + 1, rounds, subjects[at].name.c_str());
      if (const auto value = take(subjects[at])) figures[at].push_back(*value);
    }
  }
  std::fprintf(stderr, "\r\033[K");
  return figures;
}

std::string printed(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// The baseline's row and ours.
void compare(const std::string& self, const std::vector<Subject>& own, const Benchmark& benchmark, int rounds, bool count,
             nlohmann::json& rows) {
  const auto figures = in_turns(benchmark.name, own, rounds,
                                [&](const Subject& subject) { return measure(self, subject, benchmark.load); });
  std::optional<double> counts[2];
  for (std::size_t i = 0; count && i < 2; ++i) {
    std::fprintf(stderr, "\r\033[K%s: counting instructions ", benchmark.name.c_str());
    counts[i] = instructions(self, own[i], benchmark);
  }
  std::fprintf(stderr, "\r\033[K");
  const auto ratio = ratio_of(figures, 1);
  const auto whole = [](std::optional<double> value) { return value ? printed("%.0f", *value) : std::string("-"); };
  const char* met = !benchmark.goal ? "-" : ratio <= *benchmark.goal ? "yes" : "NO";
  std::printf("%-21s %10.3f %10.3f %8.2f %8s  %-4s %12s %12s\n", benchmark.name.c_str(), median(figures[0]),
              median(figures[1]), ratio, benchmark.goal ? printed("%.2f", *benchmark.goal).c_str() : "-", met,
              whole(counts[0]).c_str(), whole(counts[1]).c_str());
  std::fflush(stdout);
  rows.push_back(row(benchmark.name, "beast", median(figures[0]), 1.0, counts[0]));
  rows.push_back(row(benchmark.name, "lavapp", median(figures[1]), ratio, counts[1]));
}

/// Connections at rest.
void compare_idle(const std::string& self, const std::vector<Subject>& own, nlohmann::json& rows) {
  double kib[2] = {}, cpu[2] = {};
  for (std::size_t i = 0; i < 2; ++i) {
    std::fprintf(stderr, "\r\033[Kidle: %s ", own[i].name.c_str());
    const auto output = run_once(self, own[i], kIdle).value_or("");
    if (std::sscanf(output.c_str(), "%lf %lf", &kib[i], &cpu[i]) != 2) throw std::runtime_error("idle: " + output);
  }
  std::fprintf(stderr, "\r\033[K");
  const auto ratio = kib[1] / kib[0];
  std::printf("\n%llu idle connections  beast %.1f KiB each, lavapp %.1f KiB each: %.2f, goal %.2f %s;"
              " CPU at rest %.0f and %.0f us a second\n",
              static_cast<unsigned long long>(kIdle.messages), kib[0], kib[1], ratio, kIdleGoal,
              ratio <= kIdleGoal ? "met" : "NOT MET", cpu[0], cpu[1]);
  for (std::size_t i = 0; i < 2; ++i) rows.push_back(row("idle", own[i].name, kib[i], kib[i] / kib[0], {}, "kib"));
}

/// Players of one node, each with a track, and the updates that a node sends of them.
void compare_players(const std::string& self, const std::vector<Subject>& own, nlohmann::json& rows) {
  double kib[2] = {}, cpu[2] = {};
  for (std::size_t i = 0; i < 2; ++i) {
    std::fprintf(stderr, "\r\033[Kplayers: %s ", own[i].name.c_str());
    const auto output = run_once(self, own[i], kPlayers).value_or("");
    if (std::sscanf(output.c_str(), "%lf %lf", &kib[i], &cpu[i]) != 2) throw std::runtime_error("players: " + output);
  }
  std::fprintf(stderr, "\r\033[K");
  std::printf("\n%llu players  %.2f KiB each; CPU for an update of each per %d s: beast, which reads no more than the messages,"
              " %.0f us a second, lavapp %.0f us\n",
              static_cast<unsigned long long>(kPlayers.messages), kib[1], bench::kUpdateSeconds, cpu[0], cpu[1]);
  for (std::size_t i = 0; i < 2; ++i) {
    rows.push_back(row("players", own[i].name, kib[i], cpu[i] / cpu[0], {}, "kib"));
    rows.back()["cpu_us_per_second"] = cpu[i];
  }
}

/// Shards at rest.
void compare_shards(const std::string& self, const std::vector<Subject>& own, const Shards& shards, int rounds, nlohmann::json& rows) {
  const auto figures = in_turns(shards.name, own, rounds, [&](const Subject& subject) -> std::optional<double> {
    double kib = 0;
    const auto output = run_once(self, subject, shards.load).value_or("");
    if (std::sscanf(output.c_str(), "%lf", &kib) != 1) throw std::runtime_error(shards.name + ": " + output);
    return kib;
  });
  const double kib[] = {median(figures[0]), median(figures[1])};
  const char* met = !shards.goal ? "-" : kib[1] <= *shards.goal ? "yes" : "NO";
  std::printf("%-21s %10.1f %10.1f %8.2f %8s  %-4s   KiB each, of %llu\n", shards.name.c_str(), kib[0], kib[1], kib[1] / kib[0],
              shards.goal ? printed("%.0f", *shards.goal).c_str() : "-", met,
              static_cast<unsigned long long>(shards.load.messages - bench::kIdleWarmUp));
  std::fflush(stdout);
  for (std::size_t i = 0; i < 2; ++i) rows.push_back(row(shards.name, own[i].name, kib[i], kib[i] / kib[0], {}, "kib"));
}

/// A line of ratios: all subjects against the first.
void compare_peers(const std::string& self, const std::vector<Subject>& subjects, const Benchmark& benchmark, int rounds,
                   nlohmann::json& rows) {
  const auto figures = in_turns(benchmark.name, subjects, rounds,
                                [&](const Subject& subject) { return measure(self, subject, benchmark.load); });
  std::printf("%-21s %9.3f", benchmark.name.c_str(), median(figures[0]));
  for (std::size_t i = 1; i < subjects.size(); ++i) {
    const auto width = static_cast<int>(std::max<std::size_t>(subjects[i].name.size(), 7));
    if (figures[i].size() < figures[0].size()) {
      std::printf("  %*s", width, "-");
      continue;
    }
    std::printf("  %*.2f", width, ratio_of(figures, i));
  }
  std::printf("\n");
  std::fflush(stdout);
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (figures[i].size() == figures[0].size())
      rows.push_back(row(benchmark.name, subjects[i].name, median(figures[i]), ratio_of(figures, i)));
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"CPU time per message, against plain Boost.Beast in the same run"};
  std::string only, json_file;
  std::vector<std::string> peers;
  int rounds = 5;
  bool no_instructions = false, gateway = false;
  app.add_option("--only", only, "Only benchmarks whose name contains this");
  app.add_option("--json", json_file, "Also write the figures to this file");
  app.add_option("--rounds", rounds, "Rounds of each benchmark; the median counts")->check(CLI::Range(1, 99));
  app.add_flag("--no-instructions", no_instructions,
               "Do not count instructions (they are counted where valgrind is installed)");
  app.add_flag("--gateway", gateway, "Discord's gateway: CPU time per event, and memory per shard at rest");
  app.add_option("--peer", peers, "NAME=PROGRAM: another library's client, to be measured besides (./benchmarks/run --peers)");

  // The processes that a run is made of: `server LOAD...`, `client SUBJECT PORT LOAD...`, LOAD: KIND SIZE COUNT LAYER.
  const auto load_at = [&](int first) {
    return Load{bench::kind_of(argv[first]), std::stoul(argv[first + 1]), std::stoull(argv[first + 2]),
                bench::layer_of(argv[first + 3])};
  };
  try {
    if (argc == 6 && argv[1] == std::string("server")) return bench::serve(load_at(2));
    if (argc == 8 && argv[1] == std::string("client")) {
      const auto port = static_cast<std::uint16_t>(std::stoi(argv[3]));
      const auto load = load_at(4);
      const bool beast = argv[2] == std::string("beast");
      if (is_gateway(load.kind)) return beast ? bench::run_gateway_beast(load, port) : bench::run_gateway_lavapp(load, port);
      return beast ? bench::run_beast(load, port) : bench::run_lavapp(load, port);
    }
    CLI11_PARSE(app, argc, argv);
    const std::string self = argv[0];
    std::vector<Subject> subjects{{"beast", {self, "client", "beast"}}, {"lavapp", {self, "client", "lavapp"}}};
    for (const auto& peer : peers) {
      const auto equals = peer.find('=');
      if (equals == peer.npos) throw std::runtime_error("--peer wants NAME=PROGRAM");
      subjects.push_back({peer.substr(0, equals), {peer.substr(equals + 1), peer.substr(0, equals)}});
    }
    nlohmann::json rows = nlohmann::json::array();
    if (gateway && !peers.empty()) throw std::runtime_error("--gateway has no peers");
    if (peers.empty()) {
      std::printf("%-21s %10s %10s %8s %8s  %-4s %12s %12s\n", "benchmark", "beast us", "lavapp us", "ratio", "goal", "met",
                  "beast instr", "lavapp instr");
    } else {
      std::printf("%-21s %9s", "benchmark", "beast us");
      for (std::size_t i = 1; i < subjects.size(); ++i) std::printf("  %7s", subjects[i].name.c_str());
      std::printf("\n");
    }
    for (const auto& benchmark : gateway ? gateway_benchmarks() : benchmarks()) {
      if (benchmark.name.find(only) == std::string::npos) continue;
      if (peers.empty())
        compare(self, subjects, benchmark, rounds, !no_instructions, rows);
      else if (benchmark.load.kind != Kind::lavalink)
        compare_peers(self, subjects, benchmark, rounds, rows);
    }
    if (!gateway && std::string("idle").find(only) != std::string::npos) compare_idle(self, subjects, rows);
    if (!gateway && peers.empty() && std::string("players").find(only) != std::string::npos) compare_players(self, subjects, rows);
    for (const auto& each : gateway ? shards() : std::vector<Shards>{}) {
      if (each.name.find(only) != std::string::npos) compare_shards(self, subjects, each, rounds, rows);
    }
    if (!json_file.empty() && !(std::ofstream(json_file) << rows.dump(2) << '\n'))
      throw std::runtime_error("cannot write " + json_file);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "benchmark: %s\n", e.what());
    return 1;
  }
}
