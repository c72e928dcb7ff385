#include "lavapp/core/event_emitter.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace lavapp {
namespace {

struct Radio : EventEmitter<Radio> {
  static constexpr Event<Radio, 0, std::string, int> tune{};
  static constexpr Event<Radio, 1> off_air{};
};

TEST(EventEmitter, CallsInOrderOfRegistrationAndTellsWhetherAnyoneListened) {
  Radio radio;
  EXPECT_FALSE(radio.emit(Radio::off_air));
  std::vector<int> order;
  radio.on(Radio::off_air, [&] { order.push_back(1); });
  radio.on(Radio::off_air, [&] { order.push_back(2); });
  EXPECT_TRUE(radio.emit(Radio::off_air));
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(EventEmitter, PassesArgumentsAndAllowsListenersWithout) {
  Radio radio;
  std::string heard;
  int plain = 0;
  radio.on(Radio::tune, [&](const std::string& name, int mhz) { heard = name + std::to_string(mhz); });
  radio.on(Radio::tune, [&] { ++plain; });
  radio.emit(Radio::tune, "fm", 101);
  EXPECT_EQ(heard, "fm101");
  EXPECT_EQ(plain, 1);
}

TEST(EventEmitter, OnceHearsOneEventEvenWhenItEmitsAgain) {
  Radio radio;
  int heard = 0;
  radio.once(Radio::off_air, [&] {
    ++heard;
    radio.emit(Radio::off_air);
  });
  radio.emit(Radio::off_air);
  radio.emit(Radio::off_air);
  EXPECT_EQ(heard, 1);
  EXPECT_EQ(radio.listener_count(Radio::off_air), 0u);
}

TEST(EventEmitter, OffRemovesOneListenerOnce) {
  Radio radio;
  int heard = 0;
  const auto id = radio.on(Radio::off_air, [&] { ++heard; });
  EXPECT_TRUE(radio.off(Radio::off_air, id));
  EXPECT_FALSE(radio.off(Radio::off_air, id));
  radio.emit(Radio::off_air);
  EXPECT_EQ(heard, 0);
}

TEST(EventEmitter, ListenerAddedInsideAListenerHearsTheNextEvent) {
  Radio radio;
  int heard = 0;
  radio.once(Radio::off_air, [&] { radio.on(Radio::off_air, [&] { ++heard; }); });
  radio.emit(Radio::off_air);
  EXPECT_EQ(heard, 0);
  radio.emit(Radio::off_air);
  EXPECT_EQ(heard, 1);
}

TEST(EventEmitter, ListenerRemovedInsideAListenerIsNotCalled) {
  Radio radio;
  ListenerId later;
  int heard = 0;
  radio.on(Radio::off_air, [&] { radio.off(Radio::off_air, later); });
  later = radio.on(Radio::off_air, [&] { ++heard; });
  radio.emit(Radio::off_air);
  EXPECT_EQ(heard, 0);
}

TEST(EventEmitter, EmittingInARowHearsOfListenersThatComeAndGo) {
  const auto core = detail::EmitterCore::create();
  core->hold();
  const auto emit = [&] { return core->emit_held(0, nullptr); };
  EXPECT_FALSE(emit());
  std::string heard;
  const auto a = core->add(0, [&](const void*) { heard += 'a'; }, false);
  core->add(0, [&](const void*) { heard += 'o'; }, true);
  EXPECT_TRUE(emit());
  EXPECT_TRUE(emit());
  EXPECT_EQ(heard, "aoa");
  core->add(
      0,
      [&](const void*) {
        heard += 'b';
        core->remove(0, a);
      },
      false);
  emit();
  emit();
  EXPECT_EQ(heard, "aoaabb");
  core->close();
  EXPECT_FALSE(emit());
  EXPECT_EQ(heard, "aoaabb");
  core->release();
}

TEST(EventEmitter, ForgetsWhatAListenerHoldsAsSoonAsNobodyCallsIt) {
  const auto core = detail::EmitterCore::create();
  const auto token = std::make_shared<int>();
  const auto add = [&](auto&& task) { return core->add(0, [token, task](const void*) { task(); }, false); };
  const auto idle = add([] {});
  EXPECT_EQ(token.use_count(), 2);
  core->remove(0, idle);
  EXPECT_EQ(token.use_count(), 1);

  ListenerId own;
  own = add([&] {
    core->remove(0, own);
    EXPECT_EQ(token.use_count(), 2);  // it runs
  });
  core->emit(0, nullptr);
  EXPECT_EQ(token.use_count(), 1);

  core->hold();
  core->hold();
  core->remove(0, add([] {}));
  core->release();
  EXPECT_EQ(token.use_count(), 2);
  core->release();
  EXPECT_EQ(token.use_count(), 1);

  add([&] { core->close(); });
  core->emit(0, nullptr);
  EXPECT_EQ(token.use_count(), 1);
}

TEST(EventEmitter, WhatIsToldApartKeepsNobodyElseWhoIsGone) {
  const auto core = detail::EmitterCore::create();
  const auto token = std::make_shared<int>();
  std::string heard;
  core->add(1, [&](const void*) {
    const auto other = core->add(2, [token](const void*) {}, false);
    EXPECT_EQ(token.use_count(), 2);
    core->remove(2, other);
    EXPECT_EQ(token.use_count(), 1) << "this listener may take long";
    heard += 'a';
  }, false);
  core->add(1, [&](const void*) { heard += 'b'; }, true);
  EXPECT_TRUE(core->emit_apart(1, nullptr));
  EXPECT_TRUE(core->emit_apart(1, nullptr));
  EXPECT_EQ(heard, "aba");
  EXPECT_FALSE(core->emit_apart(3, nullptr));
  core->close();
  EXPECT_FALSE(core->emit_apart(1, nullptr));
}

TEST(EventEmitter, TellsWhetherAnybodyListens) {
  const auto core = detail::EmitterCore::create();
  EXPECT_FALSE(core->heard(63));
  const auto id = core->add(63, [](const void*) {}, false);
  EXPECT_TRUE(core->heard(63));
  EXPECT_FALSE(core->heard(62));
  core->remove(63, id);
  EXPECT_FALSE(core->heard(63));
  core->add(2, [](const void*) {}, true);
  EXPECT_TRUE(core->heard(2));
  core->emit(2, nullptr);
  EXPECT_FALSE(core->heard(2));
}

TEST(EventEmitter, MayBeDestroyedInsideAListener) {
  auto radio = std::make_optional<Radio>();
  int heard = 0;
  radio->on(Radio::off_air, [&] { radio.reset(); });
  radio->on(Radio::off_air, [&] { ++heard; });
  radio->emit(Radio::off_air);
  EXPECT_EQ(heard, 0);
  EXPECT_FALSE(radio);
}

TEST(EventEmitter, WhatAListenerThrowsIsReportedAndStopsNobodyElse) {
  struct Watched : EventEmitter<Watched> {
    explicit Watched(std::shared_ptr<detail::EmitterCore> core) : EventEmitter(std::move(core)) {}
  };
  constexpr Event<Watched, 0> event{};
  auto core = detail::EmitterCore::create();
  std::vector<std::string> reported;
  core->on_exception([&](std::exception_ptr exception) {
    try {
      std::rethrow_exception(exception);
    } catch (const std::exception& e) {
      reported.push_back(e.what());
    }
  });
  Watched watched(core);
  int heard = 0;
  watched.on(event, [] { throw std::runtime_error("oops"); });
  watched.on(event, [&] { ++heard; });
  EXPECT_TRUE(watched.emit(event));
  EXPECT_EQ(reported, std::vector<std::string>{"oops"});
  EXPECT_EQ(heard, 1);
}

TEST(EventEmitter, HoldsMoveOnlyListeners) {
  Radio radio;
  auto box = std::make_unique<int>(7);
  int seen = 0;
  radio.on(Radio::off_air, [box = std::move(box), &seen] { seen = *box; });
  radio.emit(Radio::off_air);
  EXPECT_EQ(seen, 7);
}

TEST(EventEmitter, IsUsableFromManyThreads) {
  Radio radio;
  std::atomic<int> heard{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const auto id = radio.on(Radio::off_air, [&] { ++heard; });
        radio.emit(Radio::off_air);
        radio.off(Radio::off_air, id);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GE(heard, 2'000);
  EXPECT_EQ(radio.listener_count(Radio::off_air), 0u);
}

TEST(EventEmitter, KnowsWhetherAListenerWantsLanes) {
  const auto core = detail::EmitterCore::create();
  EXPECT_FALSE(core->wants_lanes());
  core->ask_for_lanes();
  EXPECT_TRUE(core->wants_lanes());
}

}  // namespace
}  // namespace lavapp
