// A track as a coroutine of Boost.Asio, on the program's own io_context. g++ on any Boost; clang on Boost 1.81 or
// newer.
#include <lavapp/asio.hpp>
#include <lavapp/lavapp.hpp>
#include <lavapp/sandbox/node.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;
using asio::use_awaitable;

asio::awaitable<void> listen_to(lavapp::Node& node, std::string identifier) {
  const auto ready = co_await node.connect(use_awaitable);
  std::cout << "session " << ready.session_id << '\n';

  const auto found = co_await node.load_tracks(identifier, use_awaitable);
  auto player = node.player(817327181659111454);
  co_await player.play(found.tracks().front(), use_awaitable);

  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (int i = 0; i < 3; ++i) {
    timer.expires_after(std::chrono::milliseconds(300));
    co_await timer.async_wait(use_awaitable);
    const auto track = player.track();
    const auto position = player.position();  // a stream has none
    if (track && position) std::cout << track->info.title << " at " << position->count() << " ms\n";
  }
  co_await player.stop(use_awaitable);
  co_await node.shutdown(lavapp::KeepSession::no, use_awaitable);
}

int main() try {
  lavapp::sandbox::Node sandbox;
  asio::io_context context;
  lavapp::Runtime runtime(context);
  lavapp::Node node(runtime, {.host = sandbox.host(), .port = sandbox.port(), .user_id = 170939974227541168});

  std::exception_ptr failure;
  asio::co_spawn(context, listen_to(node, "sandbox:1"), [&](std::exception_ptr error) {
    failure = error;
    context.stop();
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
