#include "lavapp/discord/gateway_bot.hpp"

#include <memory>
#include <utility>

#include "core/context_end.hpp"
#include "core/operation.hpp"
#include "core/runtime_impl.hpp"
#include "discord/gateway_bot_request.hpp"

namespace lavapp::discord {
namespace {

constexpr std::chrono::milliseconds kDeadline{15'000};

/// The question under way. Nobody but the runtime holds it, until it is answered or ended.
class Fetch : public std::enable_shared_from_this<Fetch> {
 public:
  explicit Fetch(std::unique_ptr<GatewayBotRequest> request) : request_(std::move(request)) {}

  void start(const detail::Strand& strand, CallOptions options, Handler<GatewayBot> handler) {
    const auto weak = weak_from_this();
    held_ = detail::ContextEnd(strand.runtime(), [self = shared_from_this()]() mutable { self.reset(); });
    operation_ = detail::Operation<GatewayBot>::start(
        strand, std::move(handler), std::move(options), {kDeadline, Errc::request_timeout, "GET /gateway/bot"},
        [weak](const Error&) {
          if (const auto self = weak.lock()) self->let_go();
        });
    request_->start([weak](Result<GatewayBot> bot) {
      const auto self = weak.lock();
      if (!self) return;
      const auto operation = self->operation_;
      self->let_go();
      operation->complete(std::move(bot));
    });
  }

 private:
  void let_go() {
    request_.reset();
    operation_.reset();
    held_.reset();
  }

  std::unique_ptr<GatewayBotRequest> request_;
  std::shared_ptr<detail::Operation<GatewayBot>> operation_;
  detail::ContextEnd held_;
};

}  // namespace

void start_fetch_gateway_bot(Runtime& runtime, ApiOptions api, CallOptions options, Handler<GatewayBot> handler) {
  const detail::Strand strand(runtime.impl());
  strand.post([strand, api = std::move(api), options = std::move(options), handler = std::move(handler)]() mutable {
    auto request = GatewayBotRequest::make(strand, api);
    if (!request) return handler(std::move(request).error());
    std::make_shared<Fetch>(*std::move(request))->start(strand, std::move(options), std::move(handler));
  });
}

}  // namespace lavapp::discord
