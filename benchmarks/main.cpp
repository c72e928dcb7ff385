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

#include "load_server.hpp"
#include "process.hpp"
#include "subjects.hpp"

namespace {

using bench::Kind;
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
      {"receive_200B", {Kind::receive, 200, 400'000}, 8'000, 0.3},
      {"receive_1KiB", {Kind::receive, 1'024, 200'000}, 4'000, 0.3},
      {"receive_64KiB", {Kind::receive, 65'536, 12'000}, 300, 1.0},
      {"echo_200B", {Kind::echo, 200, 20'000}, 2'000},
      {"echo_1KiB", {Kind::echo, 1'024, 20'000}, 2'000},
      {"echo_64KiB", {Kind::echo, 65'536, 4'000}, 100},
      {"node_mixed", {Kind::lavalink, 0, 400'000}, 8'000, 0.8},
  };
  return all;
}

const char* name_of(Kind kind) { return kind == Kind::receive ? "receive" : kind == Kind::echo ? "echo" : "lavalink"; }

std::vector<std::string> load_arguments(const Load& load) {
  return {name_of(load.kind), std::to_string(load.size), std::to_string(load.messages)};
}

/// Starts the server and the client, `wrapper` in front of it, and returns what the client printed.
std::string run_once(const std::string& self, const std::string& subject, const Load& load,
                     std::vector<std::string> wrapper = {}, Process::Errors errors = Process::Errors::shown) {
  std::vector<std::string> server{self, "server"};
  for (auto& argument : load_arguments(load)) server.push_back(argument);
  Process serving(server);
  const auto port = serving.line();
  for (const auto& argument : {self, std::string("client"), subject, port}) wrapper.push_back(argument);
  for (auto& argument : load_arguments(load)) wrapper.push_back(argument);
  Process client(wrapper, errors);
  const auto output = client.rest();
  if (client.wait() != 0) throw std::runtime_error(subject + " failed at " + name_of(load.kind) + ": " + output);
  serving.wait();
  return output;
}

/// CPU microseconds per message. Checks that every message and byte arrived.
double measure(const std::string& self, const std::string& subject, const Load& load) {
  const auto output = run_once(self, subject, load);
  double cpu = 0;
  unsigned long long messages = 0, bytes = 0;
  if (std::sscanf(output.c_str(), "%lf %llu %llu", &cpu, &messages, &bytes) != 3 || messages != load.messages ||
      bytes != bench::payload_bytes(load)) {
    throw std::runtime_error(subject + " did not receive what was sent: " + output);
  }
  return cpu;
}

double collected(const std::string& self, const std::string& subject, Load load, std::uint64_t messages) {
  load.messages = messages;
  const auto output = run_once(self, subject, load, {"valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"},
                               Process::Errors::captured);
  const auto at = output.find("Collected :");
  if (at == std::string::npos) throw std::runtime_error("callgrind printed no count: " + output);
  return std::stod(output.substr(at + 11));
}

/// Instructions per message in user space: two counts, so that start and end cancel out.
std::optional<double> instructions(const std::string& self, const std::string& subject, const Benchmark& benchmark) {
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

nlohmann::json row(const Benchmark& benchmark, const char* subject, double cpu, double ratio,
                   std::optional<double> count) {
  return {{"benchmark", benchmark.name},
          {"subject", subject},
          {"baseline", "beast"},
          {"cpu_us", cpu},
          {"ratio", ratio},
          {"instructions", count ? nlohmann::json(*count) : nlohmann::json(nullptr)}};
}

/// The baseline's row and ours.
std::vector<nlohmann::json> run(const std::string& self, const Benchmark& benchmark, int rounds, bool count) {
  std::vector<double> beast, ours, ratios;
  for (int round = 0; round < rounds; ++round) {
    std::fprintf(stderr, "\r%-14s round %d of %d ", benchmark.name.c_str(), round + 1, rounds);
    // In turn, and in turns who is first: the machine's drift hits both.
    for (const bool first : {true, false}) {
      const bool baseline = first == (round % 2 == 0);
      (baseline ? beast : ours).push_back(measure(self, baseline ? "beast" : "lavapp", benchmark.load));
    }
    ratios.push_back(ours.back() / beast.back());
  }
  std::optional<double> beast_count, our_count;
  if (count) {
    std::fprintf(stderr, "\r%-14s counting instructions ", benchmark.name.c_str());
    beast_count = instructions(self, "beast", benchmark);
    our_count = instructions(self, "lavapp", benchmark);
  }
  std::fprintf(stderr, "\r%40s\r", "");
  const auto printed = [](std::optional<double> value) {
    return value ? std::to_string(static_cast<long>(*value)) : std::string("-");
  };
  const auto goal = benchmark.goal ? std::to_string(*benchmark.goal).substr(0, 4) : std::string("-");
  const char* met = !benchmark.goal ? "-" : median(ratios) <= *benchmark.goal ? "yes" : "NO";
  std::printf("%-14s %10.3f %10.3f %8.2f %8s  %-4s %12s %12s\n", benchmark.name.c_str(), median(beast), median(ours),
              median(ratios), goal.c_str(), met, printed(beast_count).c_str(), printed(our_count).c_str());
  std::fflush(stdout);
  return {row(benchmark, "beast", median(beast), 1.0, beast_count),
          row(benchmark, "lavapp", median(ours), median(ratios), our_count)};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"CPU time per message, against plain Boost.Beast in the same run"};
  std::string only, json_file;
  int rounds = 5;
  bool no_instructions = false;
  app.add_option("--only", only, "Only benchmarks whose name contains this");
  app.add_option("--json", json_file, "Also write the figures to this file");
  app.add_option("--rounds", rounds, "Rounds of each benchmark; the median counts")->check(CLI::Range(1, 99));
  app.add_flag("--no-instructions", no_instructions,
               "Do not count instructions (they are counted where valgrind is installed)");

  // The processes that a run is made of: `server KIND SIZE MESSAGES`, `client SUBJECT PORT KIND SIZE MESSAGES`.
  const auto load_at = [&](int first) {
    return Load{bench::kind_of(argv[first]), std::stoul(argv[first + 1]), std::stoull(argv[first + 2])};
  };
  try {
    if (argc == 5 && argv[1] == std::string("server")) return bench::serve(load_at(2));
    if (argc == 7 && argv[1] == std::string("client")) {
      const auto port = static_cast<std::uint16_t>(std::stoi(argv[3]));
      return argv[2] == std::string("beast") ? bench::run_beast(load_at(4), port) : bench::run_lavapp(load_at(4), port);
    }
    CLI11_PARSE(app, argc, argv);
    nlohmann::json rows = nlohmann::json::array();
    std::printf("%-14s %10s %10s %8s %8s  %-4s %12s %12s\n", "benchmark", "beast us", "lavapp us", "ratio", "goal",
                "met", "beast instr", "lavapp instr");
    for (const auto& benchmark : benchmarks()) {
      if (benchmark.name.find(only) == std::string::npos) continue;
      for (auto& each : run(argv[0], benchmark, rounds, !no_instructions)) rows.push_back(std::move(each));
    }
    if (!json_file.empty() && !(std::ofstream(json_file) << rows.dump(2) << '\n'))
      throw std::runtime_error("cannot write " + json_file);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "benchmark: %s\n", e.what());
    return 1;
  }
}
