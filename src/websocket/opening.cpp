#include "websocket/opening.hpp"

#include <algorithm>
#include <iterator>

#include "core/runtime_impl.hpp"
#include "net/random.hpp"
#include "net/tls_context.hpp"
#include "websocket/text.hpp"

namespace lavapp::websocket {
namespace {

constexpr std::size_t kReadSize = 4 * 1024;

/// More of a refusal's body is read than kept, so that the server can finish it.
net::HttpParser::Limits limits(const WebSocketOptions& options) {
  net::HttpParser::Limits limits;
  limits.head = options.max_header_size;
  limits.body = 1024 * 1024;
  return limits;
}

}  // namespace

Opening::Opening(const detail::Strand& strand, Url url, const WebSocketOptions& options, Trace trace, Done done)
    : strand_(strand),
      url_(std::move(url)),
      options_(options),
      trace_(std::move(trace)),
      done_(std::move(done)),
      timer_(strand),
      parser_(net::HttpPart::response, limits(options)) {}

std::shared_ptr<Opening> Opening::start(const detail::Strand& strand, Url url, const WebSocketOptions& options,
                                        Trace trace, Done done) {
  auto self = std::shared_ptr<Opening>(new Opening(strand, std::move(url), options, std::move(trace), std::move(done)));
  self->dial();
  return self;
}

void Opening::dial() {
  net::DialOptions options;
  options.resolve_timeout = options_.resolve_timeout;
  options.connect_timeout = options_.connect_timeout;
  options.proxy_timeout = options_.proxy_timeout;
  options.tls_timeout = options_.tls_timeout;
  options.proxy = options_.proxy;
  options.unix_socket = options_.unix_socket;
  options.tls = options_.tls;
  options.trace = trace_;
  dialer_ = net::dial(strand_, {url_.host, url_.port, url_.tls}, std::move(options),
                      [self = shared_from_this()](auto stream) { self->dialled(std::move(stream)); });
}

void Opening::cancel() {
  done_ = {};
  timer_.cancel();
  if (const auto next = std::move(next_)) next->cancel();
  if (const auto dialer = std::move(dialer_)) dialer->cancel();
  if (stream_) stream_->close();
}

void Opening::dialled(Result<std::shared_ptr<net::ByteStream>> stream) {
  dialer_.reset();
  if (!done_) {
    if (stream) (*stream)->close();
    return;
  }
  if (!stream) return finish(std::move(stream).error());
  stream_ = *std::move(stream);
  timer_.start(options_.handshake_timeout, [self = shared_from_this()] { self->timed_out(); });
  char random[16];
  net::fill_random(random, sizeof(random));
  key_ = make_key({random, sizeof(random)});
  const auto request = make_request(url_, options_, key_);
  request_ = net::serialize(request);
  trace_("handshake: GET " + std::string(url_.path()));
  trace_headers("> ", request.headers);
  stream_->write(shared_from_this(), request_);
  buffer_.resize(kReadSize);
  read_more();
}

void Opening::read_more() { stream_->read_some(shared_from_this(), buffer_.data(), buffer_.size()); }

void Opening::on_written(const std::error_code&) {
  written_ = true;  // had it failed, reading would tell
  if (!done_ || !opened_) return;
  finish(*std::move(opened_));
}

void Opening::on_read(const std::error_code& error, std::size_t size) {
  if (!done_) return;
  if (error) return stream_ended(error);
  const std::string_view bytes(buffer_.data(), size);
  const auto used = parser_.feed(bytes);
  if (!used) {
    // A refusal with too long a body is a refusal still.
    if (parser_.head_done() && parser_.response().status != 101) return answered({});
    return finish(Error(Errc::bad_handshake, used.error().message));
  }
  if (!parser_.done()) return read_more();
  answered(std::string(bytes.substr(*used)));
}

/// A body that lasts until the end of the stream is whole now; one that is cut short does not matter.
void Opening::stream_ended(const std::error_code& error) {
  (void)!parser_.feed_end();
  if (parser_.head_done()) return answered({});
  // In TLS 1.3 a server refuses the client's certificate when the handshake is over for us (RFC 8446 4.4.2.4).
  if (net::is_tls_error(error)) return finish(Error(Errc::tls_failed, "the server ended the session", error));
  const bool orderly = error == make_error_code(Errc::connection_lost);
  finish(Error(Errc::connection_lost, "before the server answered the handshake", orderly ? std::error_code() : error));
}

void Opening::timed_out() {
  if (parser_.head_done() && parser_.response().status != 101) return answered({});
  finish(Error(Errc::handshake_timeout, "GET " + std::string(url_.path())));
}

void Opening::trace_headers(std::string_view arrow, const Headers& headers) {
  for (const auto& [name, value] : headers) trace_(std::string(arrow) + shown(name, value));
}

void Opening::answered(std::string rest) {
  trace_("answered: " + std::to_string(parser_.response().status));
  trace_headers("< ", parser_.response().headers);
  if (redirected()) return;
  auto agreed = check_response(parser_.response(), url_, key_, options_);
  if (!agreed) return finish(std::move(agreed).error());
  opened_ = Opened{stream_, *std::move(agreed), std::move(rest)};
  if (written_) finish(*std::move(opened_));
}

/// RFC 9110 15.4. Handles the answer if it is a redirect that the options allow to follow.
bool Opening::redirected() {
  const auto& response = parser_.response();
  constexpr int followed[] = {301, 302, 303, 307, 308};
  const bool redirect = std::find(std::begin(followed), std::end(followed), response.status) != std::end(followed);
  if (!redirect || options_.max_redirects == 0) return false;
  const auto* location = find_header(response.headers, "Location");
  const auto refuse = [&](const std::string& why) {
    auto refused = check_response(response, url_, key_, options_).error();
    refused.message += " (not followed: " + why + ")";
    finish(std::move(refused));
    return true;
  };
  if (location == nullptr) return refuse("there is no Location");
  auto to = follow_location(url_, trim(*location));
  if (!to) return refuse("Location: " + to.error().message);
  // A socket file leads to one server, and what a caller's own context holds is not known.
  const bool bound = !options_.unix_socket.empty() || options_.tls.native_context;
  if (bound && !same_origin(url_, *to)) return refuse("it leads to another origin");
  follow(*std::move(to));
  return true;
}

void Opening::follow(Url to) {
  timer_.cancel();
  stream_->close();
  auto options = options_;
  --options.max_redirects;
  if (!same_origin(url_, to)) {
    options.headers.clear();
    options.tls.certificate_pem.clear();
    options.tls.private_key_pem.clear();
    options.tls.server_name.clear();
  }
  trace_("redirected to " + std::string(to.tls ? "wss://" : "ws://") + to.host_header() + std::string(to.path()));
  next_ = start(strand_, std::move(to), options, trace_, std::move(done_));
}

void Opening::finish(Result<Opened> result) {
  const auto self = shared_from_this();
  timer_.cancel();
  if (!result && stream_) stream_->close();
  auto done = std::move(done_);
  if (done) done(std::move(result));
}

}  // namespace lavapp::websocket
