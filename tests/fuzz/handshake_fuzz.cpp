#include "handshake_fuzz.hpp"

#include <algorithm>
#include <cstdlib>

#include "net/http_message.hpp"
#include "websocket/handshake.hpp"
#include "websocket/text.hpp"

namespace lavapp::test {
namespace {

using namespace websocket;

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455 1.3

WebSocketOptions offer(unsigned bits) {
  WebSocketOptions options;
  options.compression.enabled = (bits & 1) != 0;
  options.compression.client_max_window_bits = (bits & 2) != 0 ? 10 : 15;
  options.compression.server_max_window_bits = (bits & 4) != 0 ? 9 : 15;
  options.compression.client_no_context_takeover = (bits & 8) != 0;
  options.compression.server_no_context_takeover = (bits & 16) != 0;
  if ((bits & 32) != 0) options.subprotocols = {"chat", "superchat"};
  return options;
}

net::HttpParser::Limits limits(unsigned bits) {
  net::HttpParser::Limits limits;
  limits.body = 1'000;
  if ((bits & 64) != 0) limits.head = 250;
  return limits;
}

void check_headers(const Headers& headers, std::size_t limit) {
  std::size_t size = 0;
  for (const auto& [name, value] : headers) {
    if (!is_token(name) || value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) std::abort();
    size += name.size() + value.size();
  }
  if (size > limit) std::abort();
}

void check_deflate(const PermessageDeflate& agreed, const CompressionOptions& offered) {
  if (!offered.enabled) std::abort();
  const auto& [sending, receiving] = agreed;
  if (sending.window_bits < 8 || sending.window_bits > offered.client_max_window_bits) std::abort();
  if (receiving.window_bits < 8 || receiving.window_bits > offered.server_max_window_bits) std::abort();
  if (offered.client_no_context_takeover && sending.context_takeover) std::abort();
  if (offered.server_no_context_takeover && receiving.context_takeover) std::abort();
}

std::string print(const DeflateParameters& parameters) {
  return std::to_string(parameters.window_bits) + (parameters.context_takeover ? "+ " : "- ");
}

/// All of a verdict but the time to wait, which may depend on the clock.
std::string judge(const net::HttpResponse& response, const Url& url, const WebSocketOptions& offered) {
  const auto agreed = check_response(response, url, kKey, offered);
  if (!agreed) {
    const auto& error = agreed.error();
    if (error != (response.status == 101 ? Errc::bad_handshake : Errc::handshake_refused)) std::abort();
    if (response.status != 101 && error.http_status != response.status) std::abort();
    if (response.status == 101 && error.message.empty()) std::abort();
    if (error.body.size() > kMaxRefusalBody) std::abort();
    const auto wait = error.retry_after.value_or(std::chrono::milliseconds(0));
    if (wait.count() < 0 || wait > std::chrono::hours(24)) std::abort();
    return error.what() + (error.retry_after ? " later " : " ") + error.body;
  }
  const auto& chosen = agreed->response.subprotocol;
  const auto& names = offered.subprotocols;
  if (!chosen.empty() && std::find(names.begin(), names.end(), chosen) == names.end()) std::abort();
  if (agreed->response.status != 101 || agreed->response.headers != response.headers) std::abort();
  if (agreed->deflate) check_deflate(*agreed->deflate, offered.compression);
  return "agreed " + chosen + " " +
         (agreed->deflate ? print(agreed->deflate->sending) + print(agreed->deflate->receiving) : "");
}

/// What was agreed upon is read the same when it is written out again.
void check_reads_back(const net::HttpResponse& response, const Url& url, const WebSocketOptions& offered) {
  const auto text = net::serialize(response);
  net::HttpParser parser(net::HttpPart::response);
  const auto used = parser.feed(text);
  if (!used || *used != text.size() || !parser.done()) std::abort();
  if (judge(parser.response(), url, offered) != judge(response, url, offered)) std::abort();
  if (parser.response().reason != response.reason || parser.response().headers != response.headers) std::abort();
}

/// Does as Opening does with what it reads. The verdict, and behind it what belongs to the frames.
std::string run(unsigned bits, std::string_view bytes, std::size_t piece) {
  const auto offered = offer(bits);
  const Url url{false, "h", 80, "/path?secret"};
  net::HttpParser parser(net::HttpPart::response, limits(bits));
  while (!bytes.empty() && !parser.done()) {
    const auto part = bytes.substr(0, piece);
    const auto used = parser.feed(part);
    if (!used) {
      const auto& error = used.error();
      if ((error != Errc::bad_handshake && error != Errc::message_too_big) || error.message.empty()) std::abort();
      if (!parser.head_done() || parser.response().status == 101) return error.what();
      return judge(parser.response(), url, offered);
    }
    if (*used > part.size() || (*used < part.size() && !parser.done())) std::abort();
    bytes.remove_prefix(*used);
  }
  check_headers(parser.response().headers, limits(bits).head);
  if (!parser.done()) {
    const auto ended = parser.feed_end();
    if (!ended && ended.error().message.empty()) std::abort();
    if (!parser.head_done()) return "cut short";
    // As with a body that is wrong: Beast may wait for more of a chunk's head before it says that it is.
    if (!ended) return judge(parser.response(), url, offered);
  }
  const auto verdict = judge(parser.response(), url, offered);
  if (verdict.compare(0, 6, "agreed") == 0) check_reads_back(parser.response(), url, offered);
  return verdict + "|" + std::string(bytes);
}

}  // namespace

bool fuzz_handshake(std::string_view input) {
  if (input.size() < 2) return false;
  const auto bits = static_cast<unsigned char>(input[0]);
  const auto piece = 1u + static_cast<unsigned char>(input[1]);
  const auto bytes = input.substr(2);
  const auto whole = run(bits, bytes, bytes.size());
  if (run(bits, bytes, piece) != whole) std::abort();
  if (run(bits, bytes, 1) != whole) std::abort();
  return whole.compare(0, 6, "agreed") == 0;
}

}  // namespace lavapp::test
