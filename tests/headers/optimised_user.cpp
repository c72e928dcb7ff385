// A user's program that copies, moves and compares what has Optional fields: optimised, no compiler may warn about it.
#include <lavapp/lavapp.hpp>
#include <lavapp/future.hpp>
#include <string>
#include <utility>
#include <vector>
template <class T>
T through(T a) {
  T b(a);
  T c(std::move(a));
  T d;
  d = b;
  d = std::move(c);
  std::swap(b, d);
  std::vector<T> all;
  all.push_back(b);
  all.push_back(std::move(d));
  all.insert(all.begin(), b);
  all.erase(all.begin());
  return all.front();
}

template <class T>
lavapp::Result<T> failed(const char* why) {
  lavapp::Result<T> a = lavapp::Error(lavapp::Errc::closed, why);
  lavapp::Result<T> b(a);
  lavapp::Result<T> c(std::move(a));
  b = c;
  c = std::move(b);
  return c;
}
lavapp::Result<lavapp::Stats> no_stats() { return failed<lavapp::Stats>("no"); }
lavapp::Result<lavapp::LoadResult> no_load() { return failed<lavapp::LoadResult>("no"); }
lavapp::Result<lavapp::PlayerSnapshot> no_player() { return failed<lavapp::PlayerSnapshot>("no"); }
lavapp::Result<std::string> no_text() { return failed<std::string>("no"); }

lavapp::Filters filters(lavapp::Filters x) {
  x.timescale = lavapp::Timescale{};
  x.timescale->speed = 1.5;
  x.volume = 2.0;
  return through(x);
}
lavapp::PlayerUpdateRequest request(lavapp::PlayerUpdateRequest x) {
  x.track.emplace();
  x.paused = true;
  return through(x);
}
lavapp::Error error(lavapp::Error x) {
  x.retry_after = std::chrono::seconds(3);
  return through(x);
}
lavapp::CallOptions call_options(lavapp::CallOptions x) {
  x.deadline = std::chrono::seconds(1);
  return through(x);
}
lavapp::PlayerSnapshot snapshot(lavapp::PlayerSnapshot x) { return through(x); }
lavapp::NodeOptions options(lavapp::NodeOptions x) { return through(x); }
lavapp::Stats stats(lavapp::Stats x) { return through(x); }
lavapp::Track track(lavapp::Track x) { return through(x); }

void calls(lavapp::Node& node) {
  node.player(7).set_filters(filters({}), [](lavapp::Result<lavapp::PlayerState>) {});
  node.fetch_stats([](auto) {}, {std::chrono::seconds(2), {}});
  const auto found = node.load_tracks("x", lavapp::use_future).get();
  if (!found.tracks().empty()) node.player(7).play(found.tracks().front(), lavapp::use_future).get();
}
