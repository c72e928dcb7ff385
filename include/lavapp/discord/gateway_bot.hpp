// GET /gateway/bot: where the gateway is, how many shards it wants, and how many sessions may still be begun.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/runtime.hpp"
#include "lavapp/core/tls.hpp"

namespace lavapp::discord {

/// https://discord.com/developers/docs/events/gateway#session-start-limit-object
struct SessionStartLimit {
  std::uint32_t total = 1'000;      ///< identifies a day
  std::uint32_t remaining = 1'000;  ///< of them
  std::chrono::milliseconds reset_after{0};  ///< until `remaining` is `total` again
  /// Shards whose `id % max_concurrency` differ may identify at the same time; those that share it, one in 5 s.
  std::uint32_t max_concurrency = 1;
};

/// https://discord.com/developers/docs/events/gateway#get-gateway-bot
struct GatewayBot {
  std::string url = {};
  std::uint32_t shards = 1;  ///< as many as are recommended
  SessionStartLimit session_start_limit = {};
};

/// Discord's REST API. The token is never logged.
struct ApiOptions {
  /// Without "Bot " in front.
  std::string token = {};
  std::string base = "https://discord.com/api/v10";
  TlsOptions tls = {};
  /// As WebSocketOptions::proxy.
  std::string proxy = {};
  /// For each of resolving, TCP and TLS; more than 0 and at most a day.
  std::chrono::milliseconds connect_timeout{5'000};
};

/// What fetch_gateway_bot() does with any token.
void start_fetch_gateway_bot(Runtime& runtime, ApiOptions api, CallOptions options, Handler<GatewayBot> handler);

/// Asks once. Deadline 15 s, `request_timeout`. Errors besides: `invalid_argument`; `authentication_failed` (401);
/// `http_status` with retry_after; `bad_response`; those of connecting; `cancelled`.
/// Lifetime: `runtime` should outlive the operation. If it does not, a callback is destroyed uncalled, and a future fails with
/// `abandoned`.
template <class Token>
auto fetch_gateway_bot(Runtime& runtime, ApiOptions api, Token&& token, CallOptions options = {}) {
  return initiate<GatewayBot>(std::forward<Token>(token), [&runtime, api = std::move(api), options = std::move(options)](
                                                              Handler<GatewayBot> handler) mutable {
    start_fetch_gateway_bot(runtime, std::move(api), std::move(options), std::move(handler));
  });
}

}  // namespace lavapp::discord
