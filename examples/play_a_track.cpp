// Plays a track: play_a_track [HOST PASSWORD IDENTIFIER], port 2333; without arguments on a sandbox node of its own. A real
// node ends with `cleanup`, for nobody has joined a voice channel: docs/voice.md tells how.
#include <lavapp/future.hpp>
#include <lavapp/lavapp.hpp>
#include <lavapp/sandbox/node.hpp>

#include <iostream>

int main(int argc, char** argv) try {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const bool real = args.size() == 3;
  lavapp::sandbox::Node sandbox({.speed = 100});
  lavapp::NodeOptions options{.host = sandbox.host(), .port = sandbox.port(), .user_id = 170939974227541168};
  if (real) options.host = args[0], options.port = 2333, options.password = args[1];
  lavapp::Runtime runtime;
  lavapp::Node node(runtime, options);
  std::promise<std::string> ended;
  node.once(lavapp::Node::track_end, [&](const lavapp::TrackEnd& event) { ended.set_value(event.reason.text); });
  node.connect(lavapp::use_future).get();
  const auto found = node.load_tracks(real ? args[2] : "sandbox:1", lavapp::use_future).get();
  if (found.tracks().empty()) throw std::runtime_error("nothing was found");
  node.player(817327181659111454).play(found.tracks().front(), lavapp::use_future).get();
  std::cout << found.tracks().front().info.title << ": " << ended.get_future().get() << '\n';
} catch (const std::exception& error) { return std::cerr << error.what() << '\n', 1; }
