#include "discord/gateway_bot_request.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "discord/gateway_url.hpp"
#include "lavapp/version.hpp"
#include "net/retry_after.hpp"
#include "websocket/url.hpp"

namespace lavapp::discord {
namespace {

using nlohmann::json;

constexpr const char* kRoute = "GET /gateway/bot";

Error about(Error error, int status) {
  error.http_status = status;
  error.route = kRoute;
  return error;
}

/// \throws std::invalid_argument naming the field
std::uint32_t number(const json& object, const char* name, std::uint32_t least) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_number_unsigned() || it->get<std::uint64_t>() < least ||
      it->get<std::uint64_t>() > std::numeric_limits<std::int32_t>::max()) {
    throw std::invalid_argument(std::string(name) + " must be a number from " + std::to_string(least) + " to 2147483647");
  }
  return it->get<std::uint32_t>();
}

GatewayBot read(const json& body) {
  const auto url = body.find("url");
  if (url == body.end() || !url->is_string()) throw std::invalid_argument("url must be a string");
  const auto limit = body.find("session_start_limit");
  if (limit == body.end() || !limit->is_object()) throw std::invalid_argument("session_start_limit must be an object");
  GatewayBot bot;
  bot.url = url->get<std::string>();
  if (auto valid = websocket::parse_url(bot.url); !valid) throw std::invalid_argument("url: " + valid.error().message);
  bot.shards = number(body, "shards", 1);
  bot.session_start_limit.total = number(*limit, "total", 1);
  bot.session_start_limit.remaining = number(*limit, "remaining", 0);
  bot.session_start_limit.reset_after = std::chrono::milliseconds(number(*limit, "reset_after", 0));
  bot.session_start_limit.max_concurrency = number(*limit, "max_concurrency", 1);
  return bot;
}

}  // namespace

Result<GatewayBot> read_gateway_bot(const net::HttpResponse& answer, std::chrono::system_clock::time_point now) {
  const auto body = json::parse(answer.body, nullptr, false);
  if (answer.status == 401) return about(Error(Errc::authentication_failed, "the token is not valid"), answer.status);
  if (answer.status < 200 || answer.status > 299) {
    Error error(Errc::http_status, answer.reason);
    if (body.is_object() && body.contains("message") && body["message"].is_string()) error.message = body["message"];
    error.retry_after = net::retry_after(answer.headers, now);
    return about(std::move(error), answer.status);
  }
  if (!body.is_object()) return about(Error(Errc::bad_response, "the body must be a JSON object"), answer.status);
  try {
    return read(body);
  } catch (const std::invalid_argument& problem) {
    return about(Error(Errc::bad_response, problem.what()), answer.status);
  }
}

GatewayBotRequest::GatewayBotRequest(const detail::Strand& strand, net::Endpoint endpoint, net::DialOptions dial, net::HttpRequest request)
    : request_(std::move(request)), client_(strand, std::move(endpoint), std::move(dial), 1) {}

Result<std::unique_ptr<GatewayBotRequest>> GatewayBotRequest::make(const detail::Strand& strand, const ApiOptions& api) {
  if (auto valid = validate_token(api.token); !valid) return std::move(valid).error();
  auto url = websocket::parse_url(api.base);
  if (!url) return Error(Errc::invalid_argument, "base: " + url.error().message);
  if (api.connect_timeout.count() <= 0 || api.connect_timeout > std::chrono::hours(24)) {
    return Error(Errc::invalid_argument, "connect_timeout must be more than 0 and at most a day");
  }
  net::DialOptions dial;
  dial.resolve_timeout = dial.connect_timeout = dial.tls_timeout = api.connect_timeout;
  dial.tls = api.tls;
  dial.proxy = api.proxy;
  net::HttpRequest request;
  request.target = std::string(url->path());
  if (request.target.back() == '/') request.target.pop_back();
  request.target += "/gateway/bot";
  // https://discord.com/developers/docs/reference#user-agent
  request.headers = {{"Authorization", "Bot " + api.token}, {"User-Agent", "DiscordBot (lavapp, " LAVAPP_VERSION ")"}};
  net::Endpoint endpoint{url->host, url->port, url->tls};
  return std::unique_ptr<GatewayBotRequest>(new GatewayBotRequest(strand, std::move(endpoint), std::move(dial), std::move(request)));
}

void GatewayBotRequest::start(Done done) {
  done_ = std::make_shared<Done>(std::move(done));
  client_.send(std::move(request_), [weak = std::weak_ptr<Done>(done_)](Result<net::HttpResponse> answer) {
    const auto waiting = weak.lock();
    if (!waiting) return;
    auto call = std::move(*waiting);  // it may destroy *this
    if (answer) return call(read_gateway_bot(*answer, std::chrono::system_clock::now()));
    answer.error().route = kRoute;
    call(std::move(answer).error());
  });
}

}  // namespace lavapp::discord
