#include "lavapp/core/runtime.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>

#include "core/operation.hpp"
#include "core/strand.hpp"
#include "lavapp/asio.hpp"
#include "lavapp/future.hpp"

namespace lavapp {
namespace {

using namespace std::chrono_literals;
using detail::Operation;
using detail::Strand;

TEST(Runtime, RunsTasksOnItsOwnThread) {
  Runtime runtime;
  std::promise<std::thread::id> ran;
  runtime.post([&] { ran.set_value(std::this_thread::get_id()); });
  EXPECT_TRUE(ran.get_future().get() != std::this_thread::get_id());
}

TEST(Runtime, AdoptsAContextThatTheCallerRuns) {
  boost::asio::io_context context;
  Runtime runtime(context);
  bool ran = false;
  runtime.post([&] { ran = true; });
  EXPECT_FALSE(ran);
  context.run();
  EXPECT_TRUE(ran);
}

TEST(Runtime, HandsWhatATaskThrowsToTheExceptionHandlerAndGoesOn) {
  std::promise<void> reported;
  RuntimeOptions options;
  options.on_exception = [&](std::exception_ptr) { reported.set_value(); };
  Runtime runtime(std::move(options));
  runtime.post([] { throw 1; });
  reported.get_future().get();
  std::promise<void> ran;
  runtime.post([&] { ran.set_value(); });
  ran.get_future().get();
}

TEST(Runtime, RefusesThreadCountsOutOfRange) {
  RuntimeOptions none;
  none.threads = 0;
  EXPECT_THROW(Runtime{none}, std::invalid_argument);
}

TEST(Runtime, MayBeDestroyedOnItsOwnThread) {
  auto runtime = std::make_unique<Runtime>();
  std::promise<void> done;
  auto* raw = runtime.get();
  raw->post([runtime = std::move(runtime), &done]() mutable {
    runtime.reset();
    done.set_value();
  });
  done.get_future().get();
}

TEST(Runtime, TasksPostedAfterItsEndStillRun) {
  std::optional<Strand> strand;
  {
    Runtime runtime;
    strand.emplace(runtime.impl());
  }
  int ran = 0;
  strand->post([&] {
    ++ran;
    strand->post([&] { ++ran; });
  });
  EXPECT_EQ(ran, 2);
}

TEST(Runtime, TasksOfAnAdoptedContextOutliveTheRuntime) {
  boost::asio::io_context context;
  int ran = 0;
  {
    Runtime runtime(context);
    Strand strand(runtime.impl());
    runtime.post([&] { ++ran; });
    strand.post([&] { ++ran; });
  }
  context.run();
  EXPECT_EQ(ran, 2);
}

class OperationTest : public testing::Test {
 protected:
  OperationTest() : clock(std::make_shared<ManualClock>()), runtime(context, options()), strand(runtime.impl()) {}
  RuntimeOptions options() {
    RuntimeOptions result;
    result.clock = clock;
    return result;
  }
  void run() {
    context.restart();
    context.poll();
  }
  std::shared_ptr<Operation<int>> start(CallOptions call = {}) {
    return Operation<int>::start(
        strand, Handler<int>([this](Result<int> r) { results.push_back(std::move(r)); }), std::move(call),
        {10s, Errc::request_timeout, "the answer"}, [this](const Error&) { ++aborted; });
  }
  std::shared_ptr<ManualClock> clock;
  boost::asio::io_context context;
  Runtime runtime;
  Strand strand;
  std::vector<Result<int>> results;
  int aborted = 0;
};

TEST_F(OperationTest, CompletesOnceWithItsWork) {
  auto operation = start();
  run();
  EXPECT_TRUE(operation->complete(5));
  EXPECT_FALSE(operation->complete(6));
  clock->advance(1h);
  run();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].value(), 5);
  EXPECT_EQ(aborted, 0);
}

TEST_F(OperationTest, ItsDeadlineHasAName) {
  auto operation = start();
  run();
  clock->advance(10s);
  run();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].error() == Errc::request_timeout);
  EXPECT_EQ(results[0].error().message, "the answer");
  EXPECT_EQ(aborted, 1);
}

TEST_F(OperationTest, ACallersDeadlineReplacesTheDefault) {
  CallOptions call;
  call.deadline = 1s;
  auto operation = start(call);
  run();
  clock->advance(1s);
  run();
  EXPECT_EQ(results.size(), 1u);
}

TEST_F(OperationTest, TheLongestDeadlineDoesNotPassAtOnce) {
  CallOptions call;
  call.deadline = std::chrono::milliseconds::max();
  auto operation = start(call);
  run();
  clock->advance(1h);
  run();
  EXPECT_TRUE(results.empty());
  operation->complete(5);
  EXPECT_EQ(results.size(), 1u);
}

TEST_F(OperationTest, ADeadlineThatIsNotPositiveIsAnError) {
  CallOptions call;
  call.deadline = 0s;
  auto operation = start(call);
  EXPECT_TRUE(results.empty());
  run();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].error() == Errc::invalid_argument);
}

TEST_F(OperationTest, IsCancelledByItsTokenNeverInsideTheCall) {
  CancelSource source;
  source.cancel();
  CallOptions call;
  call.cancel = source.token();
  auto operation = start(call);
  EXPECT_TRUE(results.empty());
  run();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].error() == Errc::cancelled);
}

}  // namespace
}  // namespace lavapp
