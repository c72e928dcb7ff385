// A day of a shard's life on the sandbox gateway, with trouble at random: no event is lost or doubled within a session, each
// loss of a session is told, no minute has more than 120 sends.
#include <gtest/gtest.h>

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/discord/gateway.hpp"
#include "lavapp/sandbox/gateway.hpp"

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;

class GatewayDay : public testing::TestWithParam<unsigned> {};

TEST_P(GatewayDay, LosesNothingWithinASession) {
  std::mt19937 random(GetParam());
  const auto clock = std::make_shared<ManualClock>();
  boost::asio::io_context context;
  RuntimeOptions runtime_options;
  runtime_options.clock = clock;
  Runtime runtime(context, runtime_options);
  sandbox::GatewayOptions server_options;
  for (std::uint64_t guild = 1; guild <= 5; ++guild) server_options.guilds.push_back(guild << 22);
  auto server = std::make_unique<sandbox::Gateway>(runtime, server_options);

  GatewayOptions options;
  options.token = "sandbox";
  options.url = server->url();
  options.encoding = GetParam() % 2 == 0 ? Encoding::json : Encoding::etf;
  options.compression = GetParam() % 3 == 0 ? Compression::none : GetParam() % 3 == 1 ? Compression::zlib_stream : Compression::zstd_stream;
  auto shard = std::make_unique<Gateway>(runtime, options);
  std::uint64_t last = 0;
  std::size_t events = 0, readies = 0, resumes = 0, lost = 0, gaps = 0, answered = 0, asked = 0, closed = 0, limited = 0, failed = 0;
  shard->on(Gateway::ready, [&](const GatewayReady&) { ++readies; });
  shard->on(Gateway::resumed, [&] { ++resumes; });
  shard->on(Gateway::session_lost, [&](const Error&) { ++lost; });
  shard->on(Gateway::closed, [&](const Error&) { ++closed; });
  shard->on(Gateway::error, [&](const Error& error) { limited += error == Errc::rate_limited; });
  shard->on(Gateway::dispatch, [&](const Dispatch& event) {
    ++events;
    if (event.name() == "READY")
      last = event.sequence();
    else
      gaps += event.sequence() != ++last;
  });
  shard->connect([](Result<void>) {});

  const auto settle = [&] {
    for (int i = 0; i < 8; ++i) {
      context.restart();
      context.poll();
    }
  };
  const auto began = clock->now();
  for (bool hangs = false, deaf = false; clock->now() - began < 24h;) {
    settle();
    switch (random() % 60) {
      case 0: server->drop_connections(); break;
      case 1: server->request_reconnect(); break;
      case 2: server->invalidate_sessions(random() % 2 == 0); break;
      case 3: {
        const int codes[] = {1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4009};
        server->close_connections(codes[random() % std::size(codes)]);
        break;
      }
      case 4: server->request_heartbeat(); break;
      case 5: server->ignore_heartbeats(deaf = true); break;
      case 6: server->half_open(hangs = true); break;
      case 7: server->send_garbage("no payload at all"); break;
      case 8:
        for (auto i = random() % 80; i > 0; --i, ++asked) {
          shard->send(R"({"op":31,"d":{"guild_ids":["7"]}})", [&](Result<void> sent) {
            ++answered;
            // It may wait too long while the gateway is away; nothing else may happen to it.
            if (!sent && sent.error() != Errc::write_timeout) ++failed;
          });
        }
        break;
      default:
        for (auto i = random() % 4; i > 0; --i) server->dispatch("TEST", R"({"text":")" + std::string(random() % 500, 'x') + R"("})");
    }
    settle();
    clock->advance(std::chrono::milliseconds(random() % 20'000));
    // Trouble passes.
    if (hangs && random() % 6 == 0) server->half_open(hangs = false);
    if (deaf && random() % 6 == 0) server->ignore_heartbeats(deaf = false);
  }
  server->half_open(false);
  server->ignore_heartbeats(false);
  for (int i = 0; i < 2'000 && (shard->status() != GatewayStatus::ready || answered < asked); ++i) {
    settle();
    clock->advance(250ms);
  }
  EXPECT_EQ(shard->status(), GatewayStatus::ready);
  EXPECT_EQ(gaps, 0u);
  EXPECT_EQ(closed, 0u);
  EXPECT_EQ(limited, 0u);  // the gateway throws out with 4008 who sends more
  EXPECT_EQ(answered, asked);
  EXPECT_EQ(failed, 0u);
  EXPECT_GT(events, 2'000u);
  EXPECT_GT(resumes, 10u);
  EXPECT_GT(lost, 5u);
  // A new session without the old one being told to be lost would be events missed in silence.
  EXPECT_LE(readies, lost + 1);
  EXPECT_LE(server->identifies(), 1'000u);
  shard.reset();
  server.reset();
  settle();
}

INSTANTIATE_TEST_SUITE_P(Seeds, GatewayDay, testing::Range(1u, 7u));

}  // namespace
}  // namespace lavapp::discord
