// fetch_gateway_bot() under way when its runtime ends.
#include <gtest/gtest.h>

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lavapp/discord/gateway_bot.hpp"
#include "lavapp/future.hpp"

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

/// A server that never answers.
class GatewayBotAbandoned : public testing::Test {
 protected:
  ApiOptions api() const {
    ApiOptions result;
    result.token = "sandbox";
    result.base = "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/api/v10/";
    return result;
  }
  /// Waits for the head of the next request. The system takes the connection whether it is accepted or not.
  void take_request() {
    auto& peer = peers_.emplace_back(acceptor_.accept());
    std::string head;
    boost::asio::read_until(peer, boost::asio::dynamic_buffer(head), "\r\n\r\n");
    EXPECT_EQ(head.rfind("GET /api/v10/gateway/bot HTTP/1.1", 0), 0u) << head;
  }
  static void expect_abandoned(std::future<GatewayBot>& future) {
    ASSERT_EQ(future.wait_for(0s), std::future_status::ready);
    try {
      future.get();
      FAIL();
    } catch (const Exception& e) {
      EXPECT_TRUE(e.error() == Errc::abandoned) << e.error().what();
    }
  }

  const std::shared_ptr<int> alive_ = std::make_shared<int>();
  bool called_ = false;

 private:
  boost::asio::io_context own_;
  tcp::acceptor acceptor_{own_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::vector<tcp::socket> peers_;
};

TEST_F(GatewayBotAbandoned, GoesWithTheContextHoweverFarItHasCome) {
  for (const auto tasks : {0, 1, 2, 4, 1'000}) {
    std::future<GatewayBot> future;
    {
      boost::asio::io_context context;
      Runtime runtime(context);
      fetch_gateway_bot(runtime, api(), [this, alive = alive_](Result<GatewayBot>) { called_ = true; });
      future = fetch_gateway_bot(runtime, api(), use_future);
      for (int i = 0; i < tasks; ++i) context.poll_one();
      EXPECT_GT(alive_.use_count(), 1);
    }
    EXPECT_EQ(alive_.use_count(), 1) << tasks << " tasks";
    expect_abandoned(future);
  }
  EXPECT_FALSE(called_);
}

TEST_F(GatewayBotAbandoned, GoesWithTheContextWhileItWaitsForTheAnswer) {
  {
    boost::asio::io_context context;
    Runtime runtime(context);
    fetch_gateway_bot(runtime, api(), [this, alive = alive_](Result<GatewayBot>) { called_ = true; });
    auto taken = std::async(std::launch::async, [this] { take_request(); });
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (taken.wait_for(0s) != std::future_status::ready && std::chrono::steady_clock::now() < until) {
      context.run_one_for(10ms);
    }
  }
  EXPECT_EQ(alive_.use_count(), 1);
  EXPECT_FALSE(called_);
}

TEST_F(GatewayBotAbandoned, GoesWithARuntimeThatHasItsOwnThreads) {
  std::optional<Runtime> runtime(std::in_place);
  fetch_gateway_bot(*runtime, api(), [this, alive = alive_](Result<GatewayBot>) { called_ = true; });
  take_request();
  auto future = fetch_gateway_bot(*runtime, api(), use_future);
  take_request();
  runtime.reset();
  expect_abandoned(future);
  EXPECT_EQ(alive_.use_count(), 1);
  EXPECT_FALSE(called_);
}

}  // namespace
}  // namespace lavapp::discord
