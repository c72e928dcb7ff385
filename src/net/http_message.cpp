#include "net/http_message.hpp"

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <optional>

#include "net/http_head.hpp"

namespace lavapp::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

std::string to_string(beast::string_view text) { return {text.data(), text.size()}; }

bool method_has_body(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }
bool status_has_no_body(int status) { return status / 100 == 1 || status == 204 || status == 304; }

void append_fields(std::string& text, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    text += name;
    text += ": ";
    text += value;
    text += "\r\n";
  }
}

void append_body(std::string& text, const Headers& headers, const std::string& body, bool wants_length) {
  const bool told = find_header(headers, "Content-Length") || find_header(headers, "Transfer-Encoding");
  if (wants_length && !told) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  text += body;
}

Error from_beast(const boost::system::error_code& error) {
  if (error == http::error::body_limit) return {Errc::message_too_big, "HTTP body over the limit"};
  if (error == http::error::header_limit) return {Errc::message_too_big, "HTTP head over the limit"};
  if (error == http::error::buffer_overflow) return {Errc::message_too_big, "HTTP body over the limit"};
  return {Errc::bad_handshake, "no valid HTTP/1 message: " + error.message()};
}

}  // namespace
}  // namespace lavapp::net

const std::string* lavapp::find_header(const Headers& headers, std::string_view name) noexcept {
  for (const auto& [field, value] : headers)
    if (boost::beast::iequals({field.data(), field.size()}, {name.data(), name.size()})) return &value;
  return nullptr;
}

namespace lavapp::net {

std::string serialize(const HttpRequest& request) {
  std::string text;
  text.reserve(256 + request.target.size() + request.body.size());
  text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  append_fields(text, request.headers);
  // RFC 9110 8.6: a Content-Length even of 0 where the method gives a body a meaning.
  append_body(text, request.headers, request.body, !request.body.empty() || method_has_body(request.method));
  return text;
}

std::string serialize(const HttpResponse& response) {
  std::string text;
  text.reserve(256 + response.body.size());
  text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(response.reason).append("\r\n");
  append_fields(text, response.headers);
  append_body(text, response.headers, response.body, !status_has_no_body(response.status));
  return text;
}

/// The parser of one direction.
struct HttpParser::Impl {
  virtual ~Impl() = default;
  virtual std::size_t put(std::string_view bytes, boost::system::error_code& error) = 0;
  virtual void put_eof(boost::system::error_code& error) = 0;
  virtual void skip_body() = 0;
  virtual bool head_done() const = 0;
  virtual bool done() const = 0;
  virtual bool keep_alive() const = 0;
  /// Copies what has become known into `request` or `response`.
  virtual void publish() = 0;
  /// Makes ready for the next message if this one was an interim response (RFC 9110 15.2). True if it was.
  virtual bool skip_interim() = 0;
  virtual bool started() const = 0;

  /// Both take off `bytes` what they used.
  Result<void> feed_head(std::string_view& bytes);
  Result<void> feed_body(std::string_view& bytes);
  Error fail(const boost::system::error_code& error);

  HttpPart part = HttpPart::response;
  HttpHead head;
  std::string kept;  ///< Of the body: Beast wants what it could not use offered again with more behind it.
  std::size_t head_limit = 0;
  HttpRequest request;
  HttpResponse response;
};

namespace {

template <bool is_request>
class Parser final : public HttpParser::Impl {
 public:
  explicit Parser(HttpParser::Limits limits) : limits_(limits) {
    head_limit = limits.head;
    restart();
  }

  std::size_t put(std::string_view bytes, boost::system::error_code& error) override {
    const auto used = parser_->put(asio::buffer(bytes.data(), bytes.size()), error);
    if (error || parser_->eager() || !parser_->is_header_done()) return used;
    // Between head and body: Beast reserves what a Content-Length claims before it looks at the limit, and forgets the
    // limit if bytes of the body come with the head (Boost 1.74).
    if (!skip_ && parser_->content_length().value_or(0) > limits_.body) error = http::error::body_limit;
    parser_->eager(true);
    return used;
  }
  void put_eof(boost::system::error_code& error) override { parser_->put_eof(error); }
  void skip_body() override {
    skip_ = true;
    parser_->skip(true);
  }
  bool started() const override { return parser_->got_some(); }
  bool head_done() const override { return parser_->is_header_done(); }
  bool done() const override { return parser_->is_done(); }
  bool keep_alive() const override { return parser_->is_header_done() && parser_->keep_alive(); }

  void publish() override {
    if (!published_ && head_done()) {
      published_ = true;
      const auto& message = parser_->get();
      auto& headers = fields();
      for (const auto& field : message) headers.emplace_back(to_string(field.name_string()), to_string(field.value()));
      if constexpr (is_request) {
        request.method = to_string(message.method_string());
        request.target = to_string(message.target());
      } else {
        response.status = static_cast<int>(message.result_int());
        response.reason = to_string(message.reason());
        response.keep_alive = keep_alive();
      }
    }
    if (done()) (is_request ? request.body : response.body) = std::move(parser_->get().body());
  }

  bool skip_interim() override {
    if constexpr (is_request) {
      return false;
    } else {
      const auto status = parser_->get().result_int();
      if (status / 100 != 1 || status == 101) return false;
      restart();
      return true;
    }
  }

 private:
  void restart() {
    head = {};
    parser_.emplace();
    parser_->eager(false);              // the head first
    parser_->header_limit(UINT32_MAX);  // it has been measured before
    parser_->body_limit(limits_.body);
    parser_->skip(skip_);
  }
  Headers& fields() { return is_request ? request.headers : response.headers; }

  HttpParser::Limits limits_;
  bool skip_ = false;
  bool published_ = false;
  std::optional<http::parser<is_request, http::string_body>> parser_;
};

}  // namespace

HttpParser::HttpParser(HttpPart part, Limits limits) {
  if (part == HttpPart::request)
    impl_ = std::make_unique<Parser<true>>(limits);
  else
    impl_ = std::make_unique<Parser<false>>(limits);
  impl_->part = part;
}
HttpParser::HttpParser(HttpParser&&) noexcept = default;
HttpParser& HttpParser::operator=(HttpParser&&) noexcept = default;
HttpParser::~HttpParser() = default;

void HttpParser::skip_body() { impl_->skip_body(); }

Error HttpParser::Impl::fail(const boost::system::error_code& error) {
  if (head_done()) publish();  // too long a body: what its head says counts all the same
  return from_beast(error);
}

Result<void> HttpParser::Impl::feed_head(std::string_view& bytes) {
  const bool whole = head.take(bytes);
  if (part == HttpPart::response && !head.may_be_response()) return fail(http::error::bad_version);
  if (head.size() > head_limit) return fail(http::error::header_limit);
  if (!whole) return {};
  const auto text = head.next();
  boost::system::error_code error;
  const auto used = put(text, error);
  if (error && error != http::error::need_more) return fail(error);
  if (used < text.size()) return fail(http::error::partial_message);  // it takes the end of the line for something else
  if (!done() || !skip_interim()) publish();
  return {};
}

Result<void> HttpParser::Impl::feed_body(std::string_view& bytes) {
  // A last chunk that begins the body and is not whole must not be offered again with less than its five bytes: Beast
  // asserts that it is not (Boost 1.74 and 1.81). A message has no end before them.
  if (!kept.empty() && kept.size() + bytes.size() < 5) {
    kept += bytes;
    bytes = {};
    return {};
  }
  const auto joined = kept.empty() ? std::string() : std::exchange(kept, {}).append(bytes);
  auto rest = joined.empty() ? bytes : std::string_view(joined);
  boost::system::error_code error;
  while (!done() && !error && !rest.empty()) {
    rest.remove_prefix(put(rest, error));
    if (error && error != http::error::need_more) return fail(error);
  }
  publish();
  // What was kept has been used up if it is done, or it would have ended earlier.
  bytes.remove_prefix(bytes.size() - (done() ? rest.size() : 0));
  if (!done()) kept = rest;
  if (kept.size() > head_limit) return Error(Errc::message_too_big, "HTTP chunk's head over the limit");
  return {};
}

Result<std::size_t> HttpParser::feed(std::string_view bytes) {
  auto rest = bytes;
  while (!done() && !rest.empty()) {
    if (auto fed = head_done() ? impl_->feed_body(rest) : impl_->feed_head(rest); !fed) return std::move(fed).error();
  }
  return bytes.size() - rest.size();
}

Result<void> HttpParser::feed_end() {
  if (done()) return {};
  boost::system::error_code error = http::error::end_of_stream;
  if (impl_->started()) impl_->put_eof(error);
  if (error || !done()) return Error(Errc::connection_lost, "the stream ended within an HTTP message");
  impl_->publish();
  return {};
}

bool HttpParser::head_done() const { return impl_->head_done(); }
bool HttpParser::done() const { return impl_->done(); }
const HttpResponse& HttpParser::response() const { return impl_->response; }
const HttpRequest& HttpParser::request() const { return impl_->request; }
bool HttpParser::keep_alive() const { return impl_->keep_alive(); }

}  // namespace lavapp::net
