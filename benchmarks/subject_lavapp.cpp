#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "file_limit.hpp"
#include "lavapp/future.hpp"
#include "lavapp/lavapp.hpp"
#include "meter.hpp"
#include "subjects.hpp"

namespace bench {
namespace {

/// Told once how the run ended.
class Outcome {
 public:
  void finish(bool complete) {
    if (!std::exchange(told_, true)) promise_.set_value(complete);
  }
  bool wait() { return promise_.get_future().get(); }

 private:
  bool told_ = false;
  std::promise<bool> promise_;
};

int run_websocket(const Load& load, std::uint16_t port) {
  Meter meter(load.messages);
  Outcome outcome;
  const std::string text(load.size, 'x');
  lavapp::Runtime runtime;
  lavapp::WebSocketOptions options;
  options.tls.insecure_accept_any_certificate = true;
  options.compression.enabled = load.layer == Layer::deflate;
  const std::string scheme = load.layer == Layer::tls ? "wss://" : "ws://";
  lavapp::WebSocket socket(runtime, scheme + "127.0.0.1:" + std::to_string(port) + "/", options);
  const auto send = [&] {
    if (auto sent = socket.send(text); !sent) std::fprintf(stderr, "lavapp: %s\n", sent.error().what().c_str());
  };
  socket.on(lavapp::WebSocket::message, [&](const lavapp::WebSocket::Message& message) {
    if (meter.hit(message.data.size())) return outcome.finish(true);
    if (load.kind == Kind::echo) send();
  });
  socket.on(lavapp::WebSocket::error,
            [](const lavapp::Error& error) { std::fprintf(stderr, "lavapp: %s\n", error.what().c_str()); });
  socket.on(lavapp::WebSocket::closed, [&] { outcome.finish(false); });
  if (load.kind == Kind::echo) socket.on(lavapp::WebSocket::open, send);
  socket.connect([](const lavapp::Result<lavapp::HandshakeResponse>&) {});
  const bool complete = outcome.wait();
  socket.close_and_wait();
  if (complete) meter.report();
  return complete ? 0 : 1;
}

lavapp::NodeOptions node_options(std::uint16_t port) {
  lavapp::NodeOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.user_id = 170939974227541168;
  options.resuming = false;
  options.reconnect.enabled = false;
  return options;
}

int run_node(const Load& load, std::uint16_t port) {
  Meter meter(load.messages);
  Outcome outcome;
  lavapp::Runtime runtime;
  lavapp::Node node(runtime, node_options(port));
  // Typed and dispatched: each kind has a listener. What counts as bytes is the text that was decoded.
  const auto count = [&](const lavapp::NodeMessage& message) {
    if (meter.hit(message.raw().size())) outcome.finish(true);
  };
  node.on(lavapp::Node::player_update, count);
  node.on(lavapp::Node::stats_update, count);
  node.on(lavapp::Node::track_start, count);
  node.on(lavapp::Node::track_end, count);
  node.on(lavapp::Node::warning,
          [](const lavapp::Warning& warning) { std::fprintf(stderr, "lavapp: %s\n", warning.error.what().c_str()); });
  node.on(lavapp::Node::error,
          [](const lavapp::Error& error) { std::fprintf(stderr, "lavapp: %s\n", error.what().c_str()); });
  node.on(lavapp::Node::closed, [&] { outcome.finish(false); });
  node.connect([](const lavapp::Result<lavapp::Ready>&) {});
  const bool complete = outcome.wait();
  if (complete) meter.report();
  return complete ? 0 : 1;
}

int run_players(const Load& load, std::uint16_t port) {
  IdleMeter meter(load.messages);
  Outcome outcome;
  std::uint64_t playing = 0, updated = 0;
  lavapp::Runtime runtime;
  lavapp::Node node(runtime, node_options(port));
  node.once(lavapp::Node::ready, [&] { meter.begin(); });
  node.on(lavapp::Node::track_start, [&] {
    if (++playing == load.messages) meter.open();
  });
  node.on(lavapp::Node::player_update, [&] {
    if (++updated == load.messages) outcome.finish(playing == updated);
  });
  node.on(lavapp::Node::closed, [&] { outcome.finish(false); });
  node.connect([](const lavapp::Result<lavapp::Ready>&) {});
  const bool complete = outcome.wait();
  if (complete) meter.report(kUpdateSeconds);
  return complete ? 0 : 1;
}

int run_idle(const Load& load, std::uint16_t port) {
  raise_file_limit();
  IdleMeter meter(load.messages - kIdleWarmUp);
  lavapp::Runtime runtime;
  std::vector<std::unique_ptr<lavapp::WebSocket>> all;
  while (all.size() < load.messages) {
    if (all.size() == kIdleWarmUp) meter.begin();
    all.push_back(std::make_unique<lavapp::WebSocket>(runtime, "ws://127.0.0.1:" + std::to_string(port) + "/"));
    all.back()->on(lavapp::WebSocket::message, [](const lavapp::WebSocket::Message&) {});
    all.back()->connect(lavapp::use_future).get();
  }
  meter.open();
  std::this_thread::sleep_for(std::chrono::seconds(kIdleSeconds));
  meter.report(kIdleSeconds);
  return 0;
}

}  // namespace

int run_lavapp(const Load& load, std::uint16_t port) {
  if (load.kind == Kind::idle) return run_idle(load, port);
  if (load.kind == Kind::players) return run_players(load, port);
  return load.kind == Kind::lavalink ? run_node(load, port) : run_websocket(load, port);
}

}  // namespace bench
