// What users, Discord and nodes do in a QueueSoak.
#include <algorithm>

#include "integration/queue_soak.hpp"

namespace lavapp::test {

using namespace std::chrono_literals;
using sandbox::Fault;

template <class T, class Start>
void QueueSoak::operate(Guild& guild, const char* name, Start start) {
  ++open_;
  const bool usual = guild.fault == Guild::none;
  start([this, &guild, name, usual](Result<T> result) {
    --open_;
    if constexpr (std::is_same_v<T, PlayerState>) guild.unsure = !result;  // an answer tells the whole player
    if (result) return;
    note(guild, std::string(name) + ": " + result.error().what());
    if (!usual || node_was_away_ || in_doubt()) return;
    problem(&guild, std::string(name) + " failed, and the node was there: " + result.error().what());
  });
}

/// The bot: what was stopped by trouble goes on.
void QueueSoak::play_owed() {
  if (node_->state() != NodeState::ready) return;
  for (auto& guild : guilds_) {
    if (!std::exchange(guild->owed, false)) continue;
    note(*guild, "the bot plays once more");
    guild->expected.play(now());
    operate<void>(*guild, "play", [&](auto done) { guild->queue->play(std::move(done)); });
  }
  settle();
}

void QueueSoak::trouble() {
  if (in_doubt()) return;
  if (std::exchange(faults_left_, false)) server_->clear_faults();
  const auto drawn = draw(2'000);
  if (drawn < 20) {
    if (one_in(3)) server_->order(Fault::refuse(503).on_handshakes().times(static_cast<int>(1 + draw(7))));
    server_->drop_connections(one_in(2) ? sandbox::Node::Drop::fin : sandbox::Node::Drop::reset);
    node_was_away_ = true;
  } else if (drawn < 24) {
    server_->close_websockets(1001);
    node_was_away_ = true;
  } else if (drawn < 27) {
    ++count_.restarts;
    server_->restart(std::chrono::milliseconds(draw(20'000)),
                     one_in(2) ? sandbox::Node::Stop::orderly : sandbox::Node::Stop::abrupt);
    node_was_away_ = true;
  } else if (drawn < 28) {
    for (auto& guild : guilds_) note(*guild, "Discord: a new session");
    discord_.new_session();
  } else if (drawn < 31) {
    // A machine that hangs, or a network that drops everything in silence: nobody is told, and what was sent meanwhile arrives.
    ++count_.half_opens;
    const auto lasts = 1s * (5 + draw(120));
    for (auto& guild : guilds_) note(*guild, "the node is silent for " + std::to_string(lasts.count()) + " s");
    server_->half_open();
    ends_may_be_lost_ = true;
    silent_until_ = now() + lasts;
    clock_->call_at(now() + lasts, [this] { server_->half_open(false); });
    doubt(lasts + 90s);
  }
  settle();
}

void QueueSoak::act() {
  ++count_.actions;
  auto& guild = *guilds_[draw(guilds_.size())];
  const auto drawn = draw(100);
  if (drawn < 12 || (discord_.channel(guild.id) == 0 && one_in(2))) {
    act_on_voice(guild);
  } else if (drawn < 25) {
    act_on_player(guild);
  } else if (drawn < 55) {
    edit(guild);
  } else if (drawn < 96) {
    change_what_plays(guild);
  } else if (drawn < 97) {
    patience_while_skipping(guild);
  } else {
    fault_while_skipping(guild);
  }
  settle();
}

void QueueSoak::act_on_voice(Guild& guild) {
  const auto channel = discord_.channel(guild.id);
  if (channel == 0 || one_in(10)) {
    note(guild, "user: joins");
    ++joins_;
    voice_->join(guild.id, VoiceJoin{1 + draw(3)}, [this](Result<PlayerState>) { --joins_; });
    return;
  }
  switch (draw(7)) {
    case 0:
      ++count_.kicks;
      note(guild, "Discord: kicks");
      if (one_in(2)) server_->close_voice(guild.id, 4014, "Disconnected.");
      discord_.put(guild.id, 0);
      break;
    case 1:
    case 2:
      ++count_.moves;
      note(guild, "Discord: moves");
      if (one_in(2)) server_->close_voice(guild.id, one_in(2) ? 4014 : 4022, "Disconnected.");
      discord_.put(guild.id, 1 + draw(3));
      break;
    case 3:
      note(guild, "Discord: another voice server");
      discord_.change_server(guild.id);
      break;
    case 4:
      note(guild, "user: leaves");
      if (!one_in(4)) break;
      ++joins_;
      voice_->leave(guild.id, [this](Result<void>) { --joins_; });
      break;
    default: {
      constexpr int codes[] = {4006, 4009, 4014, 4022, 4006, 4009, 4015, 4004, 4017, 4021, 1000, 1006};
      const auto code = codes[draw(std::size(codes))];
      ++count_.voice_closes;
      note(guild, "Discord: closes " + std::to_string(code));
      server_->close_voice(guild.id, code, "as it goes");
    }
  }
}

void QueueSoak::act_on_player(Guild& guild) {
  auto player = guild.queue->player();
  switch (draw(5)) {
    case 0:
      note(guild, "user: pauses or goes on");
      operate<PlayerState>(guild, "pause", [&](auto done) { player.pause(!player.paused() && one_in(3), std::move(done)); });
      break;
    case 1:
      note(guild, "user: volume");
      operate<PlayerState>(guild, "volume", [&](auto done) { player.set_volume(static_cast<int>(draw(200)), std::move(done)); });
      break;
    case 2: {
      const auto from = player.position().value_or(0ms) - 30s;
      const auto to = std::max(from + std::chrono::milliseconds(draw(120'000)), std::chrono::milliseconds(0));
      note(guild, "user: seeks");
      operate<PlayerState>(guild, "seek", [&](auto done) { player.seek(to, std::move(done)); });
      break;
    }
    case 3: {
      Filters filters;
      if (one_in(2)) filters.timescale = Timescale{1.25, {}, {}};
      if (one_in(2)) filters.equalizer = std::vector<EqualizerBand>{{0, 0.25}, {1, 0.15}};
      note(guild, filters.timescale ? "user: filters, faster" : "user: filters");
      operate<PlayerState>(guild, "filters", [&](auto done) { player.set_filters(std::move(filters), std::move(done)); });
      break;
    }
    default:
      guild.expected.loop = static_cast<Loop>(draw(3));
      note(guild, "user: loop " + std::string(to_string(guild.expected.loop)));
      guild.queue->set_loop(guild.expected.loop);
  }
}

std::vector<QueuedTrack> QueueSoak::new_tracks(std::size_t count, std::vector<int>& numbers) {
  std::vector<QueuedTrack> tracks;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& from = one_in(8) ? bad_tracks_ : tracks_;
    tracks.emplace_back(from[draw(from.size())], 42);
    numbers.push_back(++last_track_);
    tracks.back().track.user_data = JsonText("{\"n\":" + std::to_string(last_track_) + "}");
  }
  return tracks;
}

void QueueSoak::edit(Guild& guild) {
  auto& expected = guild.expected;
  auto& queue = *guild.queue;
  const auto size = expected.upcoming.size();
  const auto good = [&](bool did) {
    if (!did) problem(&guild, "an edit was refused");
  };
  const auto kind = size == 0 ? draw(4) : size > 10 ? 4 + draw(4) : draw(10);
  std::vector<int> numbers;
  if (kind < 4) {
    auto tracks = new_tracks(1 + draw(4), numbers);
    const auto at = kind == 0 ? draw(size + 1) : size;
    good(kind == 0 ? queue.insert(at, std::move(tracks)).has_value() : queue.add(std::move(tracks)).has_value());
    expected.insert(at, numbers);
  } else if (kind < 6) {
    const auto at = draw(size);
    good(queue.remove(at).has_value());
    expected.remove(at);
  } else if (kind == 6) {
    const auto from = draw(size), to = draw(size);
    good(queue.move(from, to).has_value());
    expected.move(from, to);
  } else if (kind == 7 && one_in(3)) {
    good(queue.clear().count == size);
    expected.upcoming.clear();
  } else {
    std::vector<std::size_t> order;
    const auto listening = queue.on(Queue::shuffled, [&](const QueueShuffled& e) { order = e.order; });
    queue.shuffle();
    poll_quiet();
    queue.off(Queue::shuffled, listening);
    expected.shuffle(order);
  }
  note(guild, "user: edits; " + expected.text());
}

void QueueSoak::change_what_plays(Guild& guild) {
  auto& expected = guild.expected;
  auto& queue = *guild.queue;
  const auto drawn = draw(10);
  if (drawn < 5) {
    note(guild, "user: plays");
    expected.play(now());
    operate<void>(guild, "play", [&](auto done) { queue.play(std::move(done)); });
  } else if (drawn < 7) {
    note(guild, "user: skips");
    expected.skip(now());
    operate<void>(guild, "skip", [&](auto done) { queue.skip(std::move(done)); });
  } else if (drawn == 7 && !expected.upcoming.empty()) {
    const auto index = draw(expected.upcoming.size());
    note(guild, "user: skips to " + std::to_string(index));
    expected.skip_to(index, now());
    operate<void>(guild, "skip_to", [&](auto done) { queue.skip_to(index, std::move(done)); });
  } else if (drawn == 8 && !expected.history.empty()) {
    note(guild, "user: goes back");
    expected.previous(now());
    operate<void>(guild, "previous", [&](auto done) { queue.previous(std::move(done)); });
  } else if (drawn == 9 && one_in(3)) {
    note(guild, "user: stops");
    expected.stop(now());
    guild.owed = false;
    operate<void>(guild, "stop", [&](auto done) { queue.stop(std::move(done)); });
  }
}

/// The node's trouble meets the very request that begins a track.
void QueueSoak::fault_while_skipping(Guild& guild) {
  if (guild.expected.upcoming.empty() || node_->state() != NodeState::ready || in_doubt()) return;
  auto fault = Fault::refuse(500);
  guild.fault = Guild::not_taken;
  switch (draw(4)) {
    case 0: ++count_.refused; break;
    case 1: fault = Fault::refuse(503); break;
    case 2: fault = Fault::drop(); break;
    default:
      ++count_.unanswered;
      fault = Fault::cut();
      guild.fault = Guild::unanswered;
  }
  note(guild, "fault, and the user skips");
  server_->order(std::move(fault).on_method("PATCH").on_target("/players/" + guild.id.to_string()));
  guild.expected.skip(now());
  operate<void>(guild, "skip", [&](auto done) { guild.queue->skip(std::move(done)); });
  settle();
  server_->clear_faults();
}

/// The node's answer to that request takes its time, or never comes; or the node wants no requests for a while. The user may
/// lose patience.
void QueueSoak::patience_while_skipping(Guild& guild) {
  if (guild.expected.upcoming.empty() || node_->state() != NodeState::ready || in_doubt()) return;
  auto fault = Fault::hang();
  Clock::duration lasts = 25s;
  guild.fault = Guild::unanswered;
  switch (draw(4)) {
    case 0:
      ++count_.hung;
      guild.fault = Guild::not_taken;
      break;
    case 1:
      ++count_.hung;
      fault = Fault::swallow();
      break;
    case 2:
      ++count_.slow;
      fault = Fault::delay(std::chrono::milliseconds(draw(9'000)));
      break;
    default: {
      ++count_.busy;
      const auto seconds = 1 + draw(20);
      fault = Fault::refuse(429).header("Retry-After", std::to_string(seconds)).times(static_cast<int>(1 + draw(5)));
      guild.fault = Guild::not_taken;
      lasts = 6 * 1s * (seconds + 10);
    }
  }
  note(guild, "patience, and the user skips");
  server_->order(std::move(fault).on_method("PATCH").on_target("/players/" + guild.id.to_string()));
  faults_left_ = true;
  doubt(lasts);
  guild.expected.skip(now());
  operate<void>(guild, "skip", [&](auto done) { guild.queue->skip(std::move(done)); });
  settle();
  while (in_doubt() && one_in(2)) {
    go_on(std::chrono::milliseconds(draw(6'000)));
    change_what_plays(guild);
    settle();
  }
}

/// A search that takes its time, finds nothing, or never ends.
void QueueSoak::answer_autoplay(Guild& guild) {
  ++count_.autoplays;
  if (guild.asked != guild.expected.asks) end_was_lost(guild);
  if (guild.asked != guild.expected.asks) return problem(&guild, "autoplay was asked, and something is left");
  const int last = guild.last ? number_of(*guild.last) : 0;
  if (last != (guild.expected.history.empty() ? 0 : guild.expected.history.back())) {
    return problem(&guild, "autoplay was told that " + std::to_string(last) + " was the last track");
  }
  std::vector<int> numbers;
  const auto count = draw(4);
  auto tracks = new_tracks(count, numbers);
  const auto answer = [this, &guild, ask = guild.asked, numbers](std::vector<QueuedTrack> found) {
    if (ask != guild.asked) return;
    note(guild, "autoplay answers; " + guild.expected.text());
    guild.expected.loaded(numbers, now());
    guild.answer(std::move(found));
  };
  if (one_in(2)) return answer(std::move(tracks));
  if (one_in(4)) return;
  clock_->call_at(now() + std::chrono::milliseconds(draw(45'000)), [answer, tracks] { answer(tracks); });
}

}  // namespace lavapp::test
