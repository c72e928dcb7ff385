// GatewayTest: a shard, a sandbox gateway for it to talk to, and a clock that stands until the test moves it.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lavapp/discord/gateway.hpp"
#include "lavapp/sandbox/gateway.hpp"
#include "support/runtime_test.hpp"

namespace lavapp::discord {

using namespace std::chrono_literals;
using nlohmann::json;
using Lines = std::vector<std::string>;

class GatewayTest : public test::RuntimeTest {
 protected:
  ~GatewayTest() override {
    shard.reset();
    server.reset();
    poll();
  }

  void serve(sandbox::GatewayOptions options = {}) { server.emplace(runtime, std::move(options)); }
  GatewayOptions options() const {
    GatewayOptions result;
    result.token = "sandbox";
    result.url = server->url();
    result.compression = Compression::none;
    return result;
  }
  Gateway& make(GatewayOptions options) {
    shard.emplace(runtime, std::move(options));
    shard->on(Gateway::ready, [this](const GatewayReady& ready) { note("ready " + ready.session_id); });
    shard->on(Gateway::resumed, [this] { note("resumed"); });
    shard->on(Gateway::session_lost, [this](const Error&) { note("session lost"); });
    shard->on(Gateway::reconnecting, [this](const GatewayReconnecting& r) { note(r.resuming ? "reconnecting to resume" : "reconnecting"); });
    shard->on(Gateway::error, [this](const Error& error) {
      note("error " + error.code.message());
      errors.push_back(error);
    });
    shard->on(Gateway::closed, [this](const Error&) { note("closed"); });
    shard->on(Gateway::guilds_ready, [this](const GuildsReady& g) { note("guilds, missing " + std::to_string(g.missing.size())); });
    shard->on(Gateway::warning, [this](const Error& error) { note("warning " + error.what()); });
    shard->on(Gateway::dispatch, [this](const Dispatch& event) {
      sequences.push_back(event.sequence());
      if (event.name() == "TEST") tests.push_back(json::parse(event.data()).at("n").get<int>());
    });
    shard->on(Gateway::debug, [this](std::string_view line) { debug += std::string(line) + "\n"; });
    return *shard;
  }
  void connect() {
    shard->connect([this](Result<void> result) { connected.push_back(std::move(result)); });
  }
  /// Up to READY and all guilds.
  void live(GatewayOptions with) {
    make(std::move(with));
    connect();
    ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::ready; })) << shown();
    lines.clear();
  }
  void live() { live(options()); }

  bool hears(const std::string& line) {
    return run_until([&] { return std::find(lines.begin(), lines.end(), line) != lines.end(); });
  }
  void note(std::string line) { lines.push_back(std::move(line)); }
  std::string shown() const {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all + debug;
  }
  std::size_t sent(int op) const {
    const auto all = server->payloads();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& each) { return each.op == op; }));
  }

  std::optional<sandbox::Gateway> server;
  std::optional<Gateway> shard;
  Lines lines;
  std::string debug;
  std::vector<Error> errors;
  std::vector<Result<void>> connected;
  std::vector<std::uint64_t> sequences;
  std::vector<int> tests;
};

inline sandbox::GatewayOptions with_guilds(std::vector<Snowflake> guilds) {
  sandbox::GatewayOptions options;
  options.guilds = std::move(guilds);
  return options;
}

}  // namespace lavapp::discord
