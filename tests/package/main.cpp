#include <cstdio>
#include <lavapp/future.hpp>
#include <lavapp/lavapp.hpp>
#include <lavapp/sandbox/node.hpp>

int main() {
  lavapp::sandbox::Node server;
  lavapp::Runtime runtime;
  lavapp::Node node(runtime, {.host = server.host(), .port = server.port(), .password = server.password(), .user_id = 1});
  std::promise<std::string> title;
  node.once(lavapp::Node::track_start, [&](const lavapp::TrackStart& e) { title.set_value(e.track.info.title); });
  node.connect(lavapp::use_future).get();
  auto found = node.load_tracks("sandbox:1", lavapp::use_future).get();
  node.player(817327181659111454).play(found.tracks().front(), lavapp::use_future).get();
  std::printf("playing %s\n", title.get_future().get().c_str());
}
