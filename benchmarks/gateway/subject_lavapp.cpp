#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../file_limit.hpp"
#include "../meter.hpp"
#include "../subjects.hpp"
#include "lavapp/discord/gateway.hpp"
#include "lavapp/future.hpp"
#include "subjects.hpp"

namespace bench {
namespace {

using lavapp::discord::Gateway;

lavapp::discord::GatewayOptions options_of(const Load& load, std::uint16_t port) {
  using lavapp::discord::Compression;
  lavapp::discord::GatewayOptions options;
  options.token = "benchmark";
  options.url = (load.layer == Layer::tls ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(port);
  options.compression = load.layer == Layer::zlib   ? Compression::zlib_stream
                        : load.layer == Layer::zstd ? Compression::zstd_stream
                                                    : Compression::none;
  options.tls.insecure_accept_any_certificate = true;
  return options;
}

void print(const lavapp::Error& error) { std::fprintf(stderr, "lavapp: %s\n", error.what().c_str()); }

/// So that the typed events are read.
void listen_to_typed_events(Gateway& gateway) {
  gateway.on(Gateway::message_create, [] {});
  gateway.on(Gateway::interaction_create, [] {});
  gateway.on(Gateway::guild_create, [] {});
  gateway.on(Gateway::guild_delete, [] {});
  gateway.on(Gateway::voice_state_update, [] {});
  gateway.on(Gateway::voice_server_update, [] {});
  gateway.on(Gateway::voice_channel_status_update, [] {});
}

int run_flood(const Load& load, std::uint16_t port) {
  Meter meter(load.messages);
  std::promise<void> done;
  lavapp::Runtime runtime;
  Gateway gateway(runtime, options_of(load, port));
  gateway.on(Gateway::error, print);
  gateway.on(Gateway::warning, print);
  if (load.kind == Kind::gateway_typed) listen_to_typed_events(gateway);
  const bool data = load.kind == Kind::gateway_data;
  gateway.on(Gateway::dispatch, [&](const lavapp::discord::Dispatch& event) {
    if (event.name() == "READY") return;
    if (meter.hit(event.name().size() + (data ? event.data().size() : 0))) done.set_value();
  });
  gateway.connect(lavapp::use_future).get();
  done.get_future().get();
  meter.report();
  return 0;
}

int run_idle(const Load& load, std::uint16_t port) {
  raise_file_limit();
  IdleMeter meter(load.messages - kIdleWarmUp);
  lavapp::Runtime runtime;
  std::vector<std::unique_ptr<Gateway>> all;
  while (all.size() < load.messages) {
    if (all.size() == kIdleWarmUp) meter.begin();
    all.push_back(std::make_unique<Gateway>(runtime, options_of(load, port)));
    all.back()->on(Gateway::dispatch, [](const lavapp::discord::Dispatch&) {});
    all.back()->connect(lavapp::use_future).get();
  }
  meter.open();
  std::this_thread::sleep_for(std::chrono::seconds(kShardSeconds));
  meter.report(kShardSeconds);
  return 0;
}

}  // namespace

int run_gateway_lavapp(const Load& load, std::uint16_t port) {
  return load.kind == Kind::gateway_idle ? run_idle(load, port) : run_flood(load, port);
}

}  // namespace bench
