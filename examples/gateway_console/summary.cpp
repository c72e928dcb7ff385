#include "summary.hpp"

#include "time_text.hpp"
#include "words.hpp"

namespace console::gateway {

std::vector<std::pair<std::string, std::string>> summary_of(const Client& client, const Look& look) {
  constexpr std::size_t types = 20;
  const std::string dot(look.dot());
  const auto& tally = client.tally();
  const auto& guilds = client.guilds();
  return {{"events", client.events().total() == 0 ? "none" : client.events().most(types, look)},
          {"guilds", std::to_string(guilds.available()) + " of " + std::to_string(guilds.size())},
          {"sessions", std::to_string(tally.new_sessions) + " new" + dot + std::to_string(tally.lost_sessions) +
                           " lost" + dot + std::to_string(tally.resumes) + " resumed"},
          {"reconnects", count(tally.attempts, "attempt")},
          {"heartbeats",
           std::to_string(tally.heartbeats) + " acknowledged, the last after " + format_latency(client.latency())}};
}

}  // namespace console::gateway
