#include "lavapp/discord/gateway_bot.hpp"

#include <utility>

#include "core/operation.hpp"
#include "core/runtime_impl.hpp"
#include "discord/gateway_bot_request.hpp"

namespace lavapp::discord {
namespace {

constexpr std::chrono::milliseconds kDeadline{15'000};

}  // namespace

void start_fetch_gateway_bot(Runtime& runtime, ApiOptions api, CallOptions options, Handler<GatewayBot> handler) {
  const detail::Strand strand(runtime.impl());
  strand.post([strand, api = std::move(api), options = std::move(options), handler = std::move(handler)]() mutable {
    auto made = GatewayBotRequest::make(strand, api);
    if (!made) return handler(std::move(made).error());
    // The request is held by what it calls, until that is called or the operation has ended.
    const auto request = std::make_shared<std::unique_ptr<GatewayBotRequest>>(*std::move(made));
    const auto operation = detail::Operation<GatewayBot>::start(
        strand, std::move(handler), std::move(options), {kDeadline, Errc::request_timeout, "GET /gateway/bot"},
        [request](const Error&) { request->reset(); });
    if (operation->done()) return;
    (*request)->start([operation, request](Result<GatewayBot> bot) {
      request->reset();
      operation->complete(std::move(bot));
    });
  });
}

}  // namespace lavapp::discord
