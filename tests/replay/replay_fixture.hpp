// ReplayTest: a Node, and a scripted server that answers as the recorded Lavalink did.
#pragma once

#include "lavalink/node_fixture.hpp"
#include "replay/recorded_call.hpp"
#include "support/recordings.hpp"

namespace lavapp::test {

/// A recorded answer as it goes over the wire again; the body's length is told anew.
inline net::HttpResponse recorded_answer(const nlohmann::json& response) {
  net::HttpResponse out;
  out.status = response.at("status");
  out.reason = response.value("reason", "-");
  for (const auto& [name, value] : response.at("headers").items()) {
    if (name == "Content-Length" || name == "Transfer-Encoding" || name == "Connection") continue;
    out.headers.emplace_back(name, value.template get<std::string>());
  }
  if (response.contains("raw") && response.at("raw").is_string()) out.body = response.at("raw");
  if (out.body.empty() && out.status != 204 && out.status >= 200) out.headers.emplace_back("Content-Length", "0");
  return out;
}

class ReplayTest : public lavalink::NodeTest {
 protected:
  /// Where in the recordings a failure was.
  static std::string where(const std::string& name, const nlohmann::json& entry) {
    return name + ", t = " + entry.at("t").dump() + " " + entry.value("note", "");
  }
};

}  // namespace lavapp::test
