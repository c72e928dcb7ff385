// Plays a track: play_a_track [HOST PORT PASSWORD IDENTIFIER]; without arguments on a sandbox node of its own.
#include <lavapp/future.hpp>
#include <lavapp/lavapp.hpp>
#include <lavapp/sandbox/node.hpp>

#include <iostream>

int main(int argc, char** argv) try {
  const std::vector<std::string> args(argv + 1, argv + argc);
  lavapp::sandbox::Node sandbox({.speed = 100});
  lavapp::NodeOptions options{.host = sandbox.host(), .port = sandbox.port(), .user_id = 170939974227541168};
  if (args.size() == 4) {
    const int port = std::stoi(args[1]);
    if (port < 1 || port > 65535) throw std::out_of_range("PORT must be 1 to 65535");
    options.host = args[0], options.port = static_cast<std::uint16_t>(port), options.password = args[2];
  }

  std::promise<std::string> ended;
  lavapp::Runtime runtime;
  lavapp::Node node(runtime, options);
  node.once(lavapp::Node::track_end, [&](const lavapp::TrackEnd& event) { ended.set_value(event.reason.text); });
  node.connect(lavapp::use_future).get();
  const auto found = node.load_tracks(args.size() == 4 ? args[3] : "sandbox:1", lavapp::use_future).get();
  if (found.tracks().empty()) throw std::runtime_error("nothing was found");
  node.player(817327181659111454).play(found.tracks().front(), lavapp::use_future).get();
  std::cout << found.tracks().front().info.title << ": " << ended.get_future().get() << '\n';
} catch (const std::exception& error) {
  return std::cerr << error.what() << '\n', 1;
}
