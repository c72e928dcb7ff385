// PluginTest: a Node on a scripted node that has one plugin.
#pragma once

#include <string>
#include <vector>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink::plugins {

using test::empty_answer;
using test::json_answer;

class PluginTest : public NodeTest {
 protected:
  /// What `/v4/info` answers.
  void has_plugins(const std::string& list) {
    peer->route("GET /v4/info",
                R"({"version":{"semver":"4.2.2","major":4,"minor":2,"patch":2,"preRelease":null,"build":null},)"
                R"("buildTime":1,"git":{"branch":"HEAD","commit":"d7d5a54","commitTime":1},"jvm":"18","lavaplayer":"2",)"
                R"("sourceManagers":["http"],"filters":["volume"],"plugins":[)" +
                    list + "]}");
  }
  void has_plugin(std::string_view name) { has_plugins(R"({"name":")" + std::string(name) + R"(","version":"1.0.0"})"); }
  /// As NodeLink's docs have it: https://nodelink.js.org/docs/api/rest , GetInfo.
  void is_node_link() {
    peer->route("GET /v4/info",
                R"({"version":{"semver":"3.1.1","major":3,"minor":1,"patch":1,"prerelease":[],"build":[]},)"
                R"("buildTime":1764691522000,"git":{"branch":"v3","commit":"b2814b1","commitTime":1764691522000},)"
                R"("node":"v25.2.1","voice":{"name":"@performanc/voice","version":"github:PerformanC/voice"},)"
                R"("isNodelink":true,"sourceManagers":["youtube"],"filters":["equalizer","lowpass"],"plugins":[]})");
  }

  /// Of an operation: `[&](auto done) { plugin.operation(..., std::move(done)); }`. The node has not the plugin.
  template <class T, class Start>
  void expect_unsupported(Start start, const std::string& message) {
    has_plugins("");
    peer->requests.clear();
    const auto result = await<T>(start);
    ASSERT_FALSE(result.has_value());
    EXPECT_TRUE(result.error() == Errc::unsupported) << result.error().what();
    EXPECT_EQ(result.error().message, message);
    EXPECT_EQ(targets(), std::vector<std::string>{"GET /v4/info"}) << "nothing else was sent";
  }

  /// "METHOD target" of each request, in their order.
  std::vector<std::string> targets() const {
    std::vector<std::string> result;
    for (const auto& each : peer->requests) result.push_back(each.method + " " + each.target);
    return result;
  }
  std::string last_target() const { return peer->requests.empty() ? "" : targets().back(); }
  const std::string& last_body() const { return peer->requests.back().body; }

  static net::HttpResponse refusal(int status, std::string message) {
    return json_answer(R"({"timestamp":1,"status":)" + std::to_string(status) + R"(,"error":"e","message":")" + message +
                           R"(","path":"/"})",
                       status);
  }
  void refuse(std::string route, int status, std::string message) {
    peer->routes[std::move(route)] = [=](const net::HttpRequest&) { return refusal(status, message); };
  }
};

}  // namespace lavapp::lavalink::plugins
