// Searches for two users, plays what was found as a queue that loops, and faster: on a sandbox node of its own.
#include <lavapp/future.hpp>
#include <lavapp/lavapp.hpp>
#include <lavapp/sandbox/node.hpp>

#include <iostream>

using lavapp::use_future;

int main() try {
  lavapp::sandbox::Node sandbox({.speed = 500});
  lavapp::Runtime runtime;
  lavapp::Node node(runtime, {.host = sandbox.host(), .port = sandbox.port(), .user_id = 170939974227541168});
  node.connect(use_future).get();

  std::promise<void> round;
  lavapp::Queue queue(node, 817327181659111454, {.loop = lavapp::Loop::queue});
  queue.on(lavapp::Queue::current_changed, [&, count = 0](const lavapp::CurrentChanged& event) mutable {
    if (!event.now) return;
    std::cout << event.now->track.info.title << ", for user " << event.now->requester.to_string() << '\n';
    if (++count == 3) round.set_value();  // two tracks, and the first one again
  });
  queue.on(lavapp::Queue::track_failed, [](const lavapp::TrackFailure& event) {
    std::cerr << event.track.track.info.title << ": " << event.message << '\n';
  });

  // Words are searched for at each source in turn; a URL is loaded as it is.
  const std::vector sources{lavapp::SearchSource::youtube_music, lavapp::SearchSource::soundcloud};
  const std::pair<const char*, lavapp::Snowflake> wishes[] = {{"paper boats", 1001}, {"marta vell", 1002}};
  for (const auto& [words, user] : wishes) {
    const auto found = node.search(words, sources, use_future).get();
    queue.add(found.result, user).value();
    std::cout << "found \"" << words << "\" at " << to_string(*found.source) << '\n';
  }
  queue.play(use_future).get();

  queue.player().set_filters(lavapp::presets::nightcore(), use_future).get();

  if (round.get_future().wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
    throw std::runtime_error("the queue did not come round");
  }
  node.shutdown(lavapp::KeepSession::no, use_future).get();
} catch (const std::exception& error) {
  return std::cerr << error.what() << '\n', 1;
}
