#include "net/lookup_threads.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <mutex>
#include <thread>

namespace lavapp::net {
namespace {

using namespace std::chrono_literals;
using Addresses = Resolver::Addresses;

/// Names that begin with "hang" are answered when the test says so.
class Names {
 public:
  ~Names() { answer_those_that_hang(); }
  void answer_those_that_hang() {
    std::lock_guard lock(mutex_);
    if (!released_) release_.set_value();
    released_ = true;
  }
  LookupThreads::Find find() {
    return [this, released = std::shared_future<void>(release_.get_future())](const std::string& host) {
      asked(host).set_value();
      if (host.rfind("hang", 0) == 0) released.wait();
      return Result<Addresses>(Addresses{host});
    };
  }
  /// Waits until a thread has begun with this name.
  bool begun(const std::string& host) { return asked(host).get_future().wait_for(10s) == std::future_status::ready; }

 private:
  std::promise<void>& asked(const std::string& host) {
    std::lock_guard lock(mutex_);
    return asked_[host];
  }
  std::mutex mutex_;
  std::map<std::string, std::promise<void>> asked_;
  std::promise<void> release_;
  bool released_ = false;
};

/// Who waits for an answer.
struct Waiter {
  std::promise<std::string> told;
  std::future<std::string> future = told.get_future();
  LookupThreads::Done done() {
    return [this](Result<Addresses> found) -> MoveFunction<void()> {
      told.set_value(found->front());
      return {};
    };
  }
  std::string get() { return future.wait_for(10s) == std::future_status::ready ? future.get() : "nothing came"; }
};

}  // namespace

TEST(LookupThreads, AnswersOnAThreadOfItsOwn) {
  Names names;
  LookupThreads threads(2, names.find());
  std::promise<std::thread::id> where;
  std::promise<void> behind;
  threads.start("host", [&](Result<Addresses>) -> MoveFunction<void()> {
    where.set_value(std::this_thread::get_id());
    return [&behind] { behind.set_value(); };
  });
  EXPECT_TRUE(where.get_future().get() != std::this_thread::get_id());
  EXPECT_EQ(behind.get_future().wait_for(10s), std::future_status::ready);
}

TEST(LookupThreads, AHangingNameKeepsNoOtherWaiting) {
  Names names;
  LookupThreads threads(2, names.find());
  Waiter hangs, quick;
  threads.start("hang", hangs.done());
  ASSERT_TRUE(names.begun("hang"));
  threads.start("quick", quick.done());
  EXPECT_EQ(quick.get(), "quick");
  names.answer_those_that_hang();
  EXPECT_EQ(hangs.get(), "hang");
}

TEST(LookupThreads, BeyondItsBoundNamesWaitTheirTurn) {
  Names names;
  LookupThreads threads(1, names.find());
  Waiter hangs, first, second;
  threads.start("hang", hangs.done());
  threads.start("first", first.done());
  threads.start("second", second.done());
  ASSERT_TRUE(names.begun("hang"));
  EXPECT_EQ(first.future.wait_for(0s), std::future_status::timeout);
  names.answer_those_that_hang();
  EXPECT_EQ(hangs.get() + first.get() + second.get(), "hangfirstsecond");
}

TEST(LookupThreads, WhatIsCancelledInTheLineIsNeverAsked) {
  Names names;
  LookupThreads threads(1, names.find());
  Waiter hangs, last;
  threads.start("hang", hangs.done());
  ASSERT_TRUE(names.begun("hang"));
  auto witness = std::make_shared<int>();
  const auto cancelled = threads.start(
      "hang for ever", [witness](Result<Addresses>) -> MoveFunction<void()> { ADD_FAILURE() << "told"; return {}; });
  EXPECT_EQ(witness.use_count(), 2);
  threads.cancel(cancelled);
  EXPECT_EQ(witness.use_count(), 1) << "it still holds on to who asked";
  threads.start("last", last.done());
  names.answer_those_that_hang();
  EXPECT_EQ(last.get(), "last");
}

TEST(LookupThreads, WhatIsCancelledWhileItHangsTellsNobody) {
  Names names;
  Waiter last;
  auto witness = std::make_shared<int>();
  {
    LookupThreads threads(1, names.find());
    const auto cancelled = threads.start(
        "hang", [witness](Result<Addresses>) -> MoveFunction<void()> { ADD_FAILURE() << "told"; return {}; });
    ASSERT_TRUE(names.begun("hang"));
    threads.cancel(cancelled);
    EXPECT_EQ(witness.use_count(), 1);
    threads.start("last", last.done());
    names.answer_those_that_hang();
    EXPECT_EQ(last.get(), "last");
  }
}

TEST(LookupThreads, ItsEndDoesNotWaitForANameThatHangs) {
  Names names;
  auto witness = std::make_shared<int>();
  {
    LookupThreads threads(1, names.find());
    threads.start("hang",
                  [witness](Result<Addresses>) -> MoveFunction<void()> { ADD_FAILURE() << "told"; return {}; });
    ASSERT_TRUE(names.begun("hang"));
  }
  EXPECT_EQ(witness.use_count(), 1);
}

}  // namespace lavapp::net
