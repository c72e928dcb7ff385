// The three ways to wait for an operation, on a stand-in operation that adds two numbers.
#include "lavapp/core/completion.hpp"

#include <gtest/gtest.h>

#include "lavapp/asio.hpp"
#include "lavapp/future.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/version.hpp>
#if !defined(__clang__) || BOOST_VERSION >= 108100
#define LAVAPP_TEST_COROUTINES 1
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#endif
#if BOOST_VERSION >= 107700
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#endif

namespace lavapp {
namespace {

/// Completes from a context of its own, as the library does; a negative sum is an error.
struct Adder {
  boost::asio::io_context context;
  CancelToken last_cancel;

  template <class Token>
  auto add(int a, int b, Token&& token) {
    return initiate<int>(std::forward<Token>(token), [this, a, b](Handler<int> handler) {
      last_cancel = handler.cancel();
      boost::asio::post(context, [a, b, handler = std::move(handler)]() mutable {
        if (a + b < 0) handler(Error(Errc::invalid_argument, "negative"));
        else handler(a + b);
      });
    });
  }
  template <class Token>
  auto nothing(Token&& token) {
    return initiate<void>(std::forward<Token>(token), [this](Handler<void> handler) {
      boost::asio::post(context, [handler = std::move(handler)]() mutable { handler({}); });
    });
  }
};

TEST(Completion, CallbackGetsTheResultLater) {
  Adder adder;
  int sum = 0;
  adder.add(1, 2, [&](Result<int> r) { sum = r.value(); });
  EXPECT_EQ(sum, 0);
  adder.context.run();
  EXPECT_EQ(sum, 3);
}

TEST(Completion, CallbackMayBeGenericOrMoveOnly) {
  Adder adder;
  int sum = 0;
  auto box = std::make_unique<int>(10);
  adder.add(1, 2, [&, box = std::move(box)](auto r) { sum = *r + *box; });
  adder.context.run();
  EXPECT_EQ(sum, 13);
}

TEST(Completion, FutureReturnsOrThrows) {
  Adder adder;
  auto good = adder.add(1, 2, use_future);
  auto bad = adder.add(1, -2, use_future);
  auto none = adder.nothing(use_future);
  adder.context.run();
  EXPECT_EQ(good.get(), 3);
  EXPECT_THROW(bad.get(), Exception);
  none.get();
}

TEST(Completion, AbandonedHandlerCompletesTheFuture) {
  std::future<int> future;
  {
    Adder adder;
    future = adder.add(1, 2, use_future);
  }
  try {
    future.get();
    FAIL();
  } catch (const Exception& e) {
    EXPECT_TRUE(e.error() == Errc::abandoned);
  }
}

TEST(Completion, AbandonedCallbackIsDestroyedUncalled) {
  bool called = false;
  auto alive = std::make_shared<int>();
  {
    Adder adder;
    adder.add(1, 2, [&called, alive](Result<int>) { called = true; });
  }
  EXPECT_FALSE(called);
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(Completion, AsiosFutureWorksToo) {
  Adder adder;
  auto good = adder.add(1, 2, boost::asio::use_future);
  auto bad = adder.add(1, -2, boost::asio::use_future);
  adder.context.run();
  EXPECT_EQ(good.get(), 3);
  EXPECT_THROW(bad.get(), Exception);
}

TEST(Completion, BoundExecutorRunsTheCallback) {
  Adder adder;
  boost::asio::io_context mine;
  int sum = 0;
  adder.add(1, 2, boost::asio::bind_executor(mine, [&](Result<int> r) { sum = r.value(); }));
  adder.context.run();
  EXPECT_EQ(sum, 0);
  mine.run();  // returns by itself: the pending operation was its only work
  EXPECT_EQ(sum, 3);
}

#if BOOST_VERSION >= 107700
TEST(Completion, CancellationSlotBecomesACancelToken) {
  Adder adder;
  boost::asio::cancellation_signal signal;
  int sum = 0;
  adder.add(1, 2, boost::asio::bind_cancellation_slot(signal.slot(), [&](Result<int> r) { sum = r.value(); }));
  EXPECT_FALSE(adder.last_cancel.cancelled());
  signal.emit(boost::asio::cancellation_type::terminal);
  EXPECT_TRUE(adder.last_cancel.cancelled());
  adder.context.run();
  EXPECT_EQ(sum, 3);
}
#endif

#ifdef LAVAPP_TEST_COROUTINES
TEST(Completion, CoroutineAwaitsAndCatches) {
  Adder adder;
  int sum = 0;
  Errc caught{};
  boost::asio::co_spawn(
      adder.context,
      [&]() -> boost::asio::awaitable<void> {
        sum = co_await adder.add(1, 2, boost::asio::use_awaitable);
        co_await adder.nothing(boost::asio::use_awaitable);
        try {
          co_await adder.add(1, -2, boost::asio::use_awaitable);
        } catch (const Exception& e) {
          caught = static_cast<Errc>(e.code().value());
        }
      },
      [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
      });
  adder.context.run();
  EXPECT_EQ(sum, 3);
  EXPECT_EQ(caught, Errc::invalid_argument);
}
#endif

}  // namespace
}  // namespace lavapp
