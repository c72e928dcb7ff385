// Queue against the sandbox node: the whole way, on a clock that the test moves.
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "integration/queue_and_sandbox.hpp"
#include "lavalink/queue_mirror.hpp"
#include "lavapp/future.hpp"
#include "support/lane_gate.hpp"

namespace lavapp {
namespace {

using sandbox::Fault;

TEST_F(QueueAndSandbox, PlaysOneTrackAfterTheOtherToTheEnd) {
  make();
  add({"sandbox:short", "sandbox:short"});
  ASSERT_TRUE(play().has_value());
  EXPECT_EQ(queue->state(), QueueState::playing);
  ASSERT_TRUE(until("ended", 15s));
  EXPECT_EQ(told, (Told{"now sandbox:short", "now sandbox:short", "now -", "ended"}));
  EXPECT_EQ(events, (Told{"start Five Seconds", "end finished", "start Five Seconds", "end finished"}));
  EXPECT_EQ(patches(), 2u);
  EXPECT_EQ(queue->history().size(), 2u);
}

TEST_F(QueueAndSandbox, OfALoadItTakesWhatSomebodyWantsToHear) {
  make();
  const auto load = [&](const char* identifier) {
    return await<LoadResult>([&](auto done) { node->load_tracks(identifier, std::move(done)); }).value();
  };
  const auto list = load("sandbox:playlist");
  EXPECT_EQ(queue->add(list, 42).value().tracks.size(), list.tracks().size()) << "a playlist: all";
  EXPECT_EQ(queue->upcoming().back().requester, 42u);
  const auto several = load("ytsearch:marta vell");
  ASSERT_GT(several.tracks().size(), 1u);
  EXPECT_EQ(queue->add(several, 43).value().tracks.size(), 1u) << "a search: the first";
  EXPECT_EQ(queue->upcoming().back().track.info.title, several.first()->info.title);
  EXPECT_EQ(queue->add(load("sandbox:3")).value().tracks.size(), 1u);
  const auto size = queue->upcoming().size();

  EXPECT_FALSE(queue->add(load("sandbox:nowhere"), 42).has_value());
  EXPECT_EQ(queue->upcoming().size(), size);
}

TEST_F(QueueAndSandbox, OfALoadWithoutTracksItTellsWhatWasAskedForAndWhyThereAreNone) {
  make();
  const auto load = [&](const char* identifier) {
    return await<LoadResult>([&](auto done) { node->load_tracks(identifier, std::move(done)); }).value();
  };
  const auto refusal = [&](const LoadResult& result, Errc code) {
    const auto refused = queue->add(result, 42);
    if (refused) return std::string("it was added");
    EXPECT_EQ(refused.error().code, make_error_code(code));
    return refused.error().message;
  };
  EXPECT_EQ(refusal(load("sandbox:nowhere"), Errc::nothing_found), "no track was found for \"sandbox:nowhere\"");
  EXPECT_EQ(refusal(load("ytsearch:xyzzy"), Errc::nothing_found), "no track was found for \"ytsearch:xyzzy\"");
  const auto searched = await<SearchAnswer>([&](auto done) {
    node->search("xyzzy", std::vector<SearchSource>{SearchSource::youtube}, std::move(done));
  });
  EXPECT_EQ(refusal(searched.value().result, Errc::nothing_found), "no track was found for \"ytsearch:xyzzy\"");
  auto failed = load("sandbox:error");
  const auto cause = failed.exception()->true_cause();
  EXPECT_NE(cause, "");
  EXPECT_EQ(refusal(failed, Errc::load_failed), "no track could be loaded for \"sandbox:error\": " + cause);
  failed.identifier.clear();
  EXPECT_EQ(refusal(failed, Errc::load_failed), "no track could be loaded: " + cause);
  failed.value = LoadFailed{};
  EXPECT_EQ(refusal(failed, Errc::load_failed), "no track could be loaded");
  LoadResult later;
  later.value = UnknownLoad{"radio"};
  EXPECT_EQ(refusal(later, Errc::bad_response), "no track is known in an answer of the type \"radio\"");
  later.value = PlaylistLoaded{};
  EXPECT_EQ(refusal(later, Errc::nothing_found), "no track was found");
  EXPECT_TRUE(queue->upcoming().empty());
}

TEST_F(QueueAndSandbox, AFailingTrackIsOneFailureAndTheNextOnePlays) {
  make();
  add({"sandbox:fail", "sandbox:1"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(let_time_pass([&] { return on_node() == "sandbox:1"; }, 2s));
  EXPECT_EQ(told, (Told{"now sandbox:fail", "failed sandbox:fail", "now sandbox:1"}));
  EXPECT_EQ(patches(), 2u);
}

TEST_F(QueueAndSandbox, AStuckTrackIsLeftThoughNoEndIsTold) {
  make();
  add({"sandbox:stuck", "sandbox:1"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(let_time_pass([&] { return on_node() == "sandbox:1"; }, 30s));
  EXPECT_EQ(told, (Told{"now sandbox:stuck", "failed sandbox:stuck", "now sandbox:1"}));
}

TEST_F(QueueAndSandbox, TrackAfterTrackThatFailsStopsTheQueue) {
  make();
  add({"sandbox:fail", "sandbox:fail", "sandbox:fail", "sandbox:1"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(until("stopped too_many_failures", 5s));
  EXPECT_EQ(*error, Errc::tracks_failed);
  EXPECT_EQ(patches(), 3u);
  EXPECT_EQ(queue->upcoming().size(), 1u);
  ASSERT_TRUE(skip().has_value());
  EXPECT_EQ(on_node(), "sandbox:1");
}

TEST_F(QueueAndSandbox, ALoopOnAFailingTrackEnds) {
  QueueOptions with;
  with.loop = Loop::track;
  make(with);
  add({"sandbox:fail"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(until("stopped too_many_failures", 5s));
  EXPECT_EQ(patches(), 3u);
}

TEST_F(QueueAndSandbox, SkippingIsDoneOnceTheNodeHasAnswered) {
  make();
  add({"sandbox:1", "sandbox:2", "sandbox:3"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(skip().has_value());
  EXPECT_EQ(on_node(), "sandbox:2");
  ASSERT_TRUE(await<void>([&](auto done) { queue->previous(std::move(done)); }).has_value());
  EXPECT_EQ(on_node(), "sandbox:1");
  ASSERT_TRUE(await<void>([&](auto done) { queue->skip_to(1, std::move(done)); }).has_value());
  EXPECT_EQ(on_node(), "sandbox:3");
  ASSERT_TRUE(skip().has_value());
  EXPECT_EQ(on_node(), "-");
  ASSERT_TRUE(run_until([&] { return told.back() == "ended"; }));
  EXPECT_EQ(await<void>([&](auto done) { queue->skip_to(5, std::move(done)); }).error(), Errc::invalid_argument);
  advance(5min);
  EXPECT_EQ(patches(), 5u) << "the ends of what was replaced began nothing";
}

TEST_F(QueueAndSandbox, StoppingAndPlayingBeginsTheTrackOnceMore) {
  make();
  add({"sandbox:1", "sandbox:2"});
  ASSERT_TRUE(play().has_value());
  advance(10s);
  ASSERT_TRUE(await<void>([&](auto done) { queue->stop(std::move(done)); }).has_value());
  EXPECT_EQ(on_node(), "-");
  EXPECT_EQ(queue->state(), QueueState::stopped);
  ASSERT_TRUE(play().has_value());
  EXPECT_EQ(on_node(), "sandbox:1");
}

TEST_F(QueueAndSandbox, WhoeverElseStopsThePlayerStopsTheQueue) {
  make();
  add({"sandbox:1", "sandbox:2"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(await<PlayerState>([&](auto done) { node->player(7).stop(std::move(done)); }).has_value());
  ASSERT_TRUE(run_until([&] { return told.back() == "stopped by_others"; }));
  EXPECT_EQ(on_node(), "-");
}

TEST_F(QueueAndSandbox, EachPlayCarriesRequesterAndUserData) {
  make();
  auto track = found("sandbox:1");
  track.user_data = JsonText(R"({"why":"because"})");
  ASSERT_TRUE(queue->add({track, 42}).has_value());
  server->clear_requests();
  ASSERT_TRUE(play().has_value());
  const auto body = server->requests().back().body;
  EXPECT_NE(body.find(R"("requester":"42"},"why":"because"})"), std::string::npos) << body;
  const auto back = read_back(*node->player(7).track());
  EXPECT_EQ(back.requester, Snowflake(42));
  EXPECT_EQ(back.track.user_data.text, R"({"why":"because"})");
}

TEST_F(QueueAndSandbox, EditsTakeEffectAtOnceAndAreToldSoonAfterInTheirOrder) {
  make();
  Told edits;
  queue->on(Queue::added, [&](const TracksAdded& e) { edits.push_back("added " + std::to_string(e.tracks.size())); });
  queue->on(Queue::removed,
            [&](const TracksRemoved& e) { edits.push_back("removed " + std::to_string(e.tracks.size())); });
  queue->on(Queue::moved, [&] { edits.push_back("moved"); });
  queue->on(Queue::shuffled, [&] { edits.push_back("shuffled"); });
  queue->on(Queue::loop_changed, [&](const LoopChanged& e) {
    edits.push_back("loop " + std::string(to_string(e.before)) + " to " + std::string(to_string(e.now)));
  });
  queue->on(Queue::cleared, [&](const QueueCleared& e) { edits.push_back("cleared " + std::to_string(e.count)); });
  const auto all = server->catalogue();
  ASSERT_TRUE(queue->add(TrackSpan(all.data(), 5), 42).has_value());
  EXPECT_EQ(queue->upcoming().size(), 5u);
  EXPECT_EQ(queue->upcoming()[4].requester, Snowflake(42));
  ASSERT_TRUE(queue->insert(0, {all[0]}).has_value());
  ASSERT_TRUE(queue->move(0, 3).has_value());
  ASSERT_TRUE(queue->swap(0, 2).has_value());
  ASSERT_TRUE(queue->remove(4).has_value());
  EXPECT_EQ(queue->dedupe().tracks.size(), 1u);
  EXPECT_EQ(queue->remove_if([&](const QueuedTrack&) { return queue->upcoming().size() > 100; }).tracks.size(), 0u);
  queue->shuffle();
  queue->set_loop(Loop::track);
  queue->set_loop(Loop::track);
  EXPECT_EQ(queue->loop(), Loop::track);
  EXPECT_EQ(queue->clear().count, 4u);
  EXPECT_FALSE(queue->remove(0).has_value());
  EXPECT_TRUE(edits.empty()) << "told inside the calls";
  poll();
  EXPECT_EQ(edits,
            (Told{"added 5", "added 1", "moved", "moved", "moved", "removed 1", "removed 1", "shuffled",
                  "loop none to track", "cleared 4"}));
}

TEST_F(QueueAndSandbox, WhoeverFollowsItsEventsHasTheQueue) {
  QueueOptions with;
  with.loop = Loop::queue;
  make(with);
  test::QueueMirror mirror;
  mirror.follow(*queue);
  const auto same = [&] {
    poll();
    EXPECT_EQ(mirror.loop(), queue->loop());
    EXPECT_EQ(mirror.text(), test::QueueMirror::text(queue->state(), queue->current(), queue->upcoming()));
  };
  add({"sandbox:1", "sandbox:2", "sandbox:3", "sandbox:short"});
  ASSERT_TRUE(play().has_value());
  same();
  ASSERT_TRUE(await<void>([&](auto done) { queue->skip_to(1, std::move(done)); }).has_value());
  same();
  ASSERT_TRUE(await<void>([&](auto done) { queue->previous(std::move(done)); }).has_value());
  same();
  queue->shuffle();
  queue->set_loop(Loop::none);
  ASSERT_TRUE(queue->swap(0, 2).has_value());
  ASSERT_TRUE(queue->remove(1).has_value());
  same();
  advance(30min);
  same();
  ASSERT_TRUE(await<void>([&](auto done) { queue->stop(std::move(done)); }).has_value());
  queue->clear();
  same();
}

TEST_F(QueueAndSandbox, AnOperationHasADeadlineAndCanBeCancelled) {
  make();
  add({"sandbox:1", "sandbox:2"});
  server->order(Fault::hang().on_method("PATCH").times(2));
  std::optional<Result<void>> late, cancelled;
  CancelSource cancel;
  queue->play([&](Result<void> result) { late.emplace(std::move(result)); }, {2s, {}});
  ASSERT_TRUE(let_time_pass([&] { return late.has_value(); }, 3s));
  EXPECT_EQ(late->error(), Errc::request_timeout);
  EXPECT_EQ(queue->state(), QueueState::stopped);
  queue->play([&](Result<void> result) { cancelled.emplace(std::move(result)); }, {{}, cancel.token()});
  poll();
  cancel.cancel();
  ASSERT_TRUE(run_until([&] { return cancelled.has_value(); }));
  EXPECT_EQ(cancelled->error(), Errc::cancelled);
  EXPECT_EQ(told, (Told{"now sandbox:1", "stopped node_failed", "stopped cancelled"}));
  ASSERT_TRUE(play().has_value());
  EXPECT_EQ(on_node(), "sandbox:1");
}

TEST_F(QueueAndSandbox, ThereIsNoQueueOfGuild0) {
  connected();
  try {
    Queue none(*node, 0);
    ADD_FAILURE() << "it was made";
  } catch (const std::invalid_argument& e) {
    EXPECT_STREQ(e.what(), "lavapp: guild_id must not be 0");
  }
}

TEST_F(QueueAndSandbox, ADeadlineOutOfRangeIsRefusedAndCostsNoTrack) {
  make();
  add({"sandbox:1", "sandbox:2"});
  ASSERT_TRUE(play().has_value());
  for (const auto deadline : {0ms, -1ms}) {
    const auto skipped = await<void>([&](auto done) { queue->skip(std::move(done), {deadline, {}}); });
    ASSERT_FALSE(skipped.has_value());
    EXPECT_EQ(skipped.error(), Errc::invalid_argument);
    EXPECT_EQ(skipped.error().message, "deadline must be more than 0 ms");
  }
  EXPECT_EQ(on_node(), "sandbox:1");
  EXPECT_EQ(queue->state(), QueueState::playing);
  EXPECT_EQ(told, (Told{"now sandbox:1"}));
}

TEST_F(QueueAndSandbox, AListenerMayDestroyTheQueueAndThePlayerGoesOn) {
  make();
  add({"sandbox:1", "sandbox:2"});
  queue->on(Queue::current_changed, [&] { queue.reset(); });
  std::optional<Result<void>> played;
  queue->play([&](Result<void> result) { played.emplace(std::move(result)); });
  ASSERT_TRUE(run_until([&] { return played.has_value(); }));
  EXPECT_TRUE(played->has_value());
  advance(10min);
  EXPECT_EQ(patches(), 1u) << "nobody is there to begin the next one";
}

TEST_F(QueueAndSandbox, ATrackIsAddedWithWhoAskedForIt) {
  make();
  const auto added = queue->add(found("sandbox:1"), Snowflake(42)).value();
  ASSERT_EQ(added.tracks.size(), 1u);
  EXPECT_EQ(added.index, 0u);
  ASSERT_EQ(queue->upcoming().size(), 1u);
  EXPECT_EQ(title(queue->upcoming()[0]), "sandbox:1");
  EXPECT_EQ(queue->upcoming()[0].requester, Snowflake(42));
  ASSERT_TRUE(play().has_value());
  EXPECT_EQ(queue->current()->requester, Snowflake(42));
}

TEST_F(QueueAndSandbox, OnePlayerIsOfNoConcernToTheQueueOfAnother) {
  make();
  Queue other(*node, 8);
  ASSERT_TRUE(other.add(found("sandbox:short")).has_value());
  ASSERT_TRUE(other.add(found("sandbox:2")).has_value());
  add({"sandbox:1"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(await<void>([&](auto done) { other.play(std::move(done)); }).has_value());
  ASSERT_TRUE(let_time_pass([&] { return other.upcoming().empty(); }, 10s));
  EXPECT_EQ(told, (Told{"now sandbox:1"}));
}

TEST_F(QueueAndSandbox, PlaysOnWhileAListenerHoldsItsGuildsLane) {
  auto with = options();
  with.guild_lanes = GuildLanes::on;
  connected(with);
  make();
  test::LaneGate gate;
  queue->once(Queue::current_changed, [&] { gate.wait(); });
  add({"sandbox:short", "sandbox:1"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(let_time_pass([&] { return on_node() == "sandbox:1"; }, 15s)) << "it hears the node before any listener";
  EXPECT_EQ(told, (Told{"now sandbox:short"}));
  EXPECT_EQ(events, Told());
  gate.let_one_go();
  ASSERT_TRUE(run_until([&] { return told.size() == 2 && events.size() == 3; }));
  EXPECT_EQ(told.back(), "now sandbox:1");
  EXPECT_EQ(events, (Told{"start Five Seconds", "end finished", "start " + queue->current()->track.info.title}));
}

/// For the thread sanitizer above all.
TEST(QueueThreads, AnyThreadMayCallAnything) {
  test::QueueMirror mirror;
  std::promise<void> all_told;
  sandbox::Node server;
  RuntimeOptions threads;
  threads.threads = 3;
  Runtime runtime(threads);
  NodeOptions options;
  options.host = server.host();
  options.port = server.port();
  options.user_id = 1;
  Node node(runtime, options);
  node.connect(use_future).get();
  const auto all = server.catalogue();
  std::atomic<std::size_t> completed{0};
  {
    Queue queue(node, 7);
    mirror.follow(queue);
    constexpr Snowflake kLast = 99;
    queue.on(Queue::added, [&](const TracksAdded& e) {
      if (e.tracks.front().requester == kLast) all_told.set_value();
    });
    const auto busy = [&](std::size_t number) {
      for (std::size_t i = 0; i < 40; ++i) {
        EXPECT_TRUE(queue.add({all[(number + i) % 12], Snowflake(number)}).has_value());
        queue.shuffle();
        if (i % 8 == number) queue.skip([&](Result<void>) { ++completed; });
        if (i % 8 == 4) queue.play([&](Result<void>) { ++completed; });
        static_cast<void>(queue.current());
        static_cast<void>(queue.upcoming().size());
        static_cast<void>(queue.swap(0, 1));
        queue.set_loop(static_cast<Loop>(i % 3));
      }
    };
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < 3; ++i) workers.emplace_back(busy, i);
    for (auto& worker : workers) worker.join();
    queue.skip(use_future).get();
    EXPECT_EQ(completed, 30u) << "what was asked before is answered before";
    ASSERT_TRUE(queue.add({all[0], kLast}).has_value());
    ASSERT_EQ(all_told.get_future().wait_for(10s), std::future_status::ready) << "listeners may be behind completions";
    EXPECT_EQ(mirror.text(), test::QueueMirror::text(queue.state(), queue.current(), queue.upcoming()));
    EXPECT_EQ(server.players().at(0).track->info.identifier, queue.current()->track.info.identifier);
    EXPECT_EQ(mirror.loop(), queue.loop());
  }
}

TEST(QueueThreads, AQueueMayOutliveItsRuntime) {
  sandbox::Node server;
  auto runtime = std::make_unique<Runtime>();
  NodeOptions options;
  options.host = server.host();
  options.port = server.port();
  options.user_id = 1;
  auto node = std::make_unique<Node>(*runtime, options);
  node->connect(use_future).get();
  auto queue = std::make_unique<Queue>(*node, 7);
  std::size_t told = 0, completed = 0;
  queue->on(Queue::added, [&] { ++told; });
  runtime.reset();
  ASSERT_TRUE(queue->add(server.catalogue()[0]).has_value());
  EXPECT_EQ(told, 1u);
  server.order(Fault::hang().on_method("PATCH"));
  queue->play([&](Result<void> result) {
    ++completed;
    EXPECT_FALSE(result.has_value());
  });
  node.reset();
  EXPECT_EQ(completed, 1u);
  queue.reset();
}

}  // namespace
}  // namespace lavapp
