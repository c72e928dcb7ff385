// The sandbox node as a program for tests in other languages. It prints its port, then takes an order a line on its standard
// input and answers each with a line: "ok", JSON, or "error: " and what was wrong. It ends with its input.
//   sandbox_server quick       tracks play twenty times as fast, updates come five times a second, voice is needed
//   sandbox_server defaults    as NodeOptions are
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "lavapp/sandbox/node.hpp"

namespace {

using Json = nlohmann::json;
using lavapp::sandbox::Fault;
using lavapp::sandbox::Node;
using lavapp::sandbox::NodeOptions;
using std::chrono::milliseconds;

NodeOptions options_named(std::string_view name) {
  NodeOptions options;
  if (name == "defaults") return options;
  if (name != "quick") throw std::invalid_argument("usage: sandbox_server quick|defaults");
  options.speed = 20;
  options.play_without_voice = false;
  options.stuck_threshold = milliseconds(300);
  options.player_update_interval = milliseconds(200);
  options.stats_interval = milliseconds(500);
  return options;
}

Json state_of(const Node& node) {
  auto sessions = Json::array(), players = Json::array();
  for (const auto& session : node.sessions()) {
    sessions.push_back(Json{{"id", session.id},
                            {"userId", session.user_id},
                            {"clientName", session.client_name},
                            {"connected", session.connected},
                            {"resuming", session.resuming},
                            {"timeout", session.timeout.count()}});
  }
  for (const auto& player : node.players()) {
    players.push_back(Json{{"sessionId", player.session_id},
                           {"guildId", player.guild_id.to_string()},
                           {"track", player.track ? Json(player.track->info.identifier) : Json()},
                           {"position", player.position.count()},
                           {"volume", player.volume},
                           {"paused", player.paused},
                           {"connected", player.connected}});
  }
  return Json{{"connections", node.connections()}, {"sessions", std::move(sessions)}, {"players", std::move(players)}};
}

/// Requests that were refused, or never answered.
Json failures_of(const Node& node) {
  auto failures = Json::array();
  for (const auto& request : node.requests()) {
    if (request.status >= 100 && request.status < 400) continue;
    failures.push_back(Json{{"method", request.method}, {"target", request.target}, {"status", request.status}});
  }
  return failures;
}

template <class T>
T next(std::istringstream& words, const char* what) {
  T value;
  if (!(words >> value)) throw std::invalid_argument(std::string("missing: ") + what);
  return value;
}

std::string rest_of(std::istringstream& words) {
  words >> std::ws;
  return std::string(std::istreambuf_iterator<char>(words), {});
}

lavapp::Snowflake guild_of(std::istringstream& words) { return lavapp::Snowflake(next<std::uint64_t>(words, "guild")); }

using Order = std::function<void(Node&, std::istringstream&)>;

// What can be ordered, with its arguments.
const std::map<std::string, Order, std::less<>> orders = {
    {"drop", [](Node& node, std::istringstream&) { node.drop_connections(); }},
    {"reset", [](Node& node, std::istringstream&) { node.drop_connections(Node::Drop::reset); }},
    // restart MILLISECONDS
    {"restart", [](Node& node, std::istringstream& words) { node.restart(milliseconds(next<int>(words, "milliseconds"))); }},
    // close-voice GUILD CODE REASON
    {"close-voice",
     [](Node& node, std::istringstream& words) {
       const auto guild = guild_of(words);
       const auto code = next<int>(words, "code");
       node.close_voice(guild, code, rest_of(words));
     }},
    // hang-voice on|off
    {"hang-voice",
     [](Node& node, std::istringstream& words) { node.hang_voice_updates(next<std::string>(words, "on|off") == "on"); }},
    // refuse METHOD PART-OF-TARGET STATUS TIMES
    {"refuse",
     [](Node& node, std::istringstream& words) {
       const auto method = next<std::string>(words, "method"), target = next<std::string>(words, "part of the target");
       const auto status = next<int>(words, "status"), times = next<int>(words, "times");
       node.order(Fault::refuse(status).header("Retry-After", "1").on_method(method).on_target(target).times(times));
     }},
    // cut METHOD PART-OF-TARGET: does it, but half of the answer is lost
    {"cut",
     [](Node& node, std::istringstream& words) {
       const auto method = next<std::string>(words, "method"), target = next<std::string>(words, "part of the target");
       node.order(Fault::cut().on_method(method).on_target(target));
     }},
    // lose METHOD PART-OF-TARGET: does nothing, and the connection is cut
    {"lose",
     [](Node& node, std::istringstream& words) {
       const auto method = next<std::string>(words, "method"), target = next<std::string>(words, "part of the target");
       node.order(Fault::drop().on_method(method).on_target(target));
     }},
    // send-text TEXT: to every WebSocket
    {"send-text", [](Node& node, std::istringstream& words) { node.send_text(rest_of(words)); }},
};

std::string answer(Node& node, const std::string& line) {
  std::istringstream words(line);
  const auto name = next<std::string>(words, "an order");
  if (name == "state") return state_of(node).dump();
  if (name == "failures") return failures_of(node).dump();
  const auto order = orders.find(name);
  if (order == orders.end()) throw std::invalid_argument("no such order: " + name);
  order->second(node, words);
  return "ok";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Node node(options_named(argc == 2 ? argv[1] : ""));
    std::cout << node.port() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
      try {
        std::cout << answer(node, line) << std::endl;
      } catch (const std::exception& error) {
        std::cout << "error: " << error.what() << std::endl;
      }
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sandbox_server: %s\n", error.what());
    return 1;
  }
}
