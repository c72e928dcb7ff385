// lavapp on an io_context that the program has already, with callbacks: no other thread, so no lock anywhere.
#include <lavapp/asio.hpp>
#include <lavapp/lavapp.hpp>
#include <lavapp/sandbox/node.hpp>

#include <iostream>

namespace asio = boost::asio;

int main() try {
  lavapp::sandbox::Node sandbox({.speed = 100});
  asio::io_context context;
  lavapp::Runtime runtime(context);  // adopted: the program runs it, below
  lavapp::Node node(runtime, {.host = sandbox.host(), .port = sandbox.port(), .user_id = 170939974227541168});
  int status = 1;

  const auto give_up = [&](const lavapp::Error& error) {
    std::cerr << error.what() << '\n';
    context.stop();
  };
  node.on(lavapp::Node::track_end, [&](const lavapp::TrackEnd& event) {
    std::cout << event.track.info.title << ": " << event.reason.text << '\n';
    status = 0;
    node.shutdown(lavapp::KeepSession::no, [&](lavapp::Result<void>) { context.stop(); });
  });
  node.connect([&](lavapp::Result<lavapp::Ready> ready) {
    if (!ready) return give_up(ready.error());
    node.load_tracks("sandbox:1", [&](lavapp::Result<lavapp::LoadResult> found) {
      if (!found) return give_up(found.error());
      if (found->tracks().empty()) return give_up({lavapp::Errc::invalid_argument, "nothing found"});
      node.player(817327181659111454).play(found->tracks().front(), [&](lavapp::Result<lavapp::PlayerState> state) {
        if (!state) give_up(state.error());
      });
    });
  });

  context.run();
  return status;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
