#include "discord/gateway_url.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "websocket/url.hpp"
#include "websocket/utf8.hpp"

namespace lavapp::discord {
namespace {

Error wrong(const std::string& what) { return Error(Errc::invalid_argument, what); }

}  // namespace

std::string gateway_url(std::string_view base, const GatewayOptions& options) {
  base = base.substr(0, base.find_first_of("?#"));
  while (!base.empty() && base.back() == '/') base.remove_suffix(1);
  std::string url(base);
  url += "/?v=10&encoding=";
  url += options.encoding == Encoding::json ? "json" : "etf";
  if (options.compression == Compression::zlib_stream) url += "&compress=zlib-stream";
  if (options.compression == Compression::zstd_stream) url += "&compress=zstd-stream";
  return url;
}

Result<void> validate_token(std::string_view token) {
  if (token.empty()) return wrong("token is empty");
  const auto odd = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F; };
  if (std::any_of(token.begin(), token.end(), odd)) {
    return wrong("token holds a space or a character that no token has; it goes without \"Bot \" in front");
  }
  return {};
}

Result<void> validate(const GatewayOptions& options) {
  if (auto valid = validate_token(options.token); !valid) return valid;
  if (options.shard.count == 0 || options.shard.id >= options.shard.count) return wrong("shard: id must be less than count");
  if (auto url = websocket::parse_url(options.url); !url) return wrong("url: " + url.error().message);
  if (options.encoding == Encoding::etf && options.compression == Compression::payload) {
    return wrong("compression: payload compression is for Encoding::json only");
  }
  if (options.large_threshold < 50 || options.large_threshold > 250) return wrong("large_threshold must be from 50 to 250");
  if (!options.presence.empty() && !nlohmann::json::parse(options.presence.text, nullptr, false).is_object()) {
    return wrong("presence must be a JSON object");
  }
  for (const auto& [name, text] : {std::pair("os", &options.os), std::pair("browser", &options.browser), std::pair("device", &options.device)}) {
    if (!websocket::valid_utf8(*text)) return wrong(std::string(name) + " is not UTF-8");
  }
  const std::pair<const char*, std::chrono::milliseconds> limits[] = {{"connect_timeout", options.connect_timeout},
                                                                       {"hello_timeout", options.hello_timeout},
                                                                       {"ready_timeout", options.ready_timeout},
                                                                       {"guild_timeout", options.guild_timeout}};
  for (const auto& [name, limit] : limits) {
    if (limit.count() <= 0 || limit > std::chrono::hours(24)) return wrong(std::string(name) + " must be more than 0 and at most a day");
  }
  if (options.identifies_per_day == 0) return wrong("identifies_per_day must not be 0");
  if (options.max_payload == 0) return wrong("max_payload must not be 0");
  return {};
}

std::string identify_payload(const GatewayOptions& options) {
  nlohmann::json d = {{"token", options.token},
                      {"intents", options.intents},
                      {"large_threshold", options.large_threshold},
                      {"shard", {options.shard.id, options.shard.count}},
                      {"properties", {{"os", options.os}, {"browser", options.browser}, {"device", options.device}}}};
  if (options.compression == Compression::payload) d["compress"] = true;
  if (!options.presence.empty()) d["presence"] = nlohmann::json::parse(options.presence.text);
  return nlohmann::json{{"op", 2}, {"d", std::move(d)}}.dump();
}

std::string resume_payload(const GatewayOptions& options, const GatewaySession& session) {
  return nlohmann::json{{"op", 6}, {"d", {{"token", options.token}, {"session_id", session.id}, {"seq", session.sequence}}}}.dump();
}

std::string heartbeat_payload(Optional<std::uint64_t> sequence) {
  return "{\"op\":1,\"d\":" + (sequence ? std::to_string(*sequence) : std::string("null")) + "}";
}

}  // namespace lavapp::discord
