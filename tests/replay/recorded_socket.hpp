// RecordedSocket: one WebSocket connection of the recordings, from the handshake to its end.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lavapp/lavalink/event.hpp"
#include "support/recordings.hpp"

namespace lavapp::test {

enum class SocketEnd {
  none,           ///< the recording stops before it
  client_closed,  ///< with a Close frame
  server_closed,  ///< with a Close frame
  lost,           ///< without one
};

struct RecordedSocket {
  nlohmann::json open = {};             ///< the entry
  std::vector<std::string> texts = {};  ///< all that the server sent
  std::vector<std::string> pongs = {};  ///< payloads
  std::optional<lavalink::Ready> ready = {};
  SocketEnd end = SocketEnd::none;
  int close_code = 0;  ///< the server's
  std::string close_reason = {};

  int status() const { return open.at("response").value("status", 0); }
  /// A header of the recorded handshake; "" if it has none.
  std::string asked(const char* header) const { return open.at("request").at("headers").value(header, ""); }
};

/// The connections of a recording, in the order in which they were opened.
std::vector<RecordedSocket> sockets_of(const Recording& recording);

}  // namespace lavapp::test
