// The client that the Autobahn test suite's fuzzing server tests: it sends back what it gets, case after case.
//   autobahn_client URL AGENT
#include <lavapp/future.hpp>
#include <lavapp/websocket.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

lavapp::WebSocketOptions options() {
  lavapp::WebSocketOptions result;
  result.compression.enabled = true;
  result.compression.threshold = 0;  // all that can be compressed is, so that it is tested
  result.heartbeat_interval = std::chrono::milliseconds(0);
  result.max_message_size = result.max_queue_bytes = 64 * 1024 * 1024;
  result.max_queue_messages = 100'000;
  return result;
}

/// Connects to `url`, echoes each message, and waits for the end.
void run(lavapp::Runtime& runtime, const std::string& url, std::string* last_message = nullptr) {
  lavapp::WebSocket ws(runtime, url, options());
  std::promise<void> over;
  ws.on(lavapp::WebSocket::message, [&](const lavapp::WebSocket::Message& message) {
    if (last_message != nullptr) {
      *last_message = message.data;
    } else {
      (void)(message.binary ? ws.send_binary(message.data) : ws.send(message.data));
    }
  });
  ws.once(lavapp::WebSocket::closed, [&] { over.set_value(); });
  ws.connect([](lavapp::Result<lavapp::HandshakeResponse>) {});
  over.get_future().wait();
  ws.close_and_wait();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) return std::fputs("usage: autobahn_client URL AGENT\n", stderr), 2;
  const std::string url = argv[1], agent = argv[2];
  lavapp::Runtime runtime;
  std::string count;
  run(runtime, url + "/getCaseCount", &count);
  const int cases = std::stoi(count);
  for (int number = 1; number <= cases; ++number) {
    if (number % 10 == 0 || number == cases) std::fprintf(stderr, "case %d of %d\n", number, cases);
    run(runtime, url + "/runCase?case=" + std::to_string(number) + "&agent=" + agent);
  }
  run(runtime, url + "/updateReports?agent=" + agent);
} catch (const std::exception& error) {
  return std::fprintf(stderr, "autobahn_client: %s\n", error.what()), 1;
}
