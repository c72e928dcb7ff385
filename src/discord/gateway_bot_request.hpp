// GatewayBotRequest: GET /gateway/bot, once.
#pragma once

#include <chrono>
#include <memory>

#include "core/strand.hpp"
#include "lavapp/discord/gateway_bot.hpp"
#include "net/http_client.hpp"

namespace lavapp::discord {

/// Used on its strand only. Time limits are the caller's: destroyed, it is gone, and `done` is not called.
class GatewayBotRequest {
 public:
  using Done = MoveFunction<void(Result<GatewayBot>)>;

  /// What is wrong with `api` is `invalid_argument` with the field's name.
  static Result<std::unique_ptr<GatewayBotRequest>> make(const detail::Strand& strand, const ApiOptions& api);
  /// `done` is called once, later.
  void start(Done done);

 private:
  GatewayBotRequest(const detail::Strand& strand, net::Endpoint endpoint, net::DialOptions dial, net::HttpRequest request);

  net::HttpRequest request_;
  std::shared_ptr<Done> done_;
  net::HttpClient client_;
};

/// What the API's answer says. `now`: for a Retry-After that is a date.
Result<GatewayBot> read_gateway_bot(const net::HttpResponse& answer, std::chrono::system_clock::time_point now);

}  // namespace lavapp::discord
