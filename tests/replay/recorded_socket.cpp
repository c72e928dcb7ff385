#include "replay/recorded_socket.hpp"

#include <map>

namespace lavapp::test {
namespace {

void read_close(const nlohmann::json& entry, RecordedSocket& socket) {
  if (socket.end != SocketEnd::none) return;  // the answer to a Close
  if (entry.at("by") == "client") {
    socket.end = SocketEnd::client_closed;
  } else if (entry.at("code").is_null()) {
    socket.end = SocketEnd::lost;
  } else {
    socket.end = SocketEnd::server_closed;
    socket.close_code = entry.at("code");
    socket.close_reason = entry.at("reason");
  }
}

void read_text(const nlohmann::json& entry, RecordedSocket& socket) {
  socket.texts.push_back(entry.at("raw"));
  const auto& message = entry.at("message");
  if (message.value("op", "") != "ready") return;
  socket.ready.emplace();
  socket.ready->resumed = message.at("resumed");
  socket.ready->session_id = message.at("sessionId");
}

}  // namespace

std::vector<RecordedSocket> sockets_of(const Recording& recording) {
  std::vector<RecordedSocket> out;
  std::map<int, std::size_t> index;  // by number of the connection
  for (const auto& entry : recording.entries) {
    if (!entry.contains("conn")) continue;
    const auto& kind = entry.at("kind");
    if (kind == "ws-open") {
      index[entry.at("conn")] = out.size();
      out.push_back({entry});
      continue;
    }
    auto& socket = out.at(index.at(entry.at("conn")));
    if (kind == "ws-in") read_text(entry, socket);
    if (kind == "ws-pong") socket.pongs.push_back(entry.at("payload"));
    if (kind == "ws-close") read_close(entry, socket);
    if ((kind == "client-drop" || kind == "tcp-eof") && socket.end == SocketEnd::none) socket.end = SocketEnd::lost;
  }
  return out;
}

}  // namespace lavapp::test
