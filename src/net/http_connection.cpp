#include "net/http_connection.hpp"

#include <utility>

namespace lavapp::net {

void HttpConnection::exchange(const HttpRequest& request, HttpParser::Limits limits) {
  parser_.emplace(HttpPart::response, limits);
  if (request.method == "HEAD") parser_->skip_body();
  write_failed_ = response_begun_ = false;
  out_ = serialize(request);
  writing_ = true;
  stream_->write(shared_from_this(), out_);
  if (!reading_) read();
}

void HttpConnection::close() {
  closed_ = true;
  parser_.reset();
  on_end_ = nullptr;
  on_lost_ = nullptr;
  stream_->close();
}

void HttpConnection::read() {
  reading_ = true;
  stream_->read_some(shared_from_this(), buffer_.data(), buffer_.size());
}

void HttpConnection::on_read(const std::error_code& error, std::size_t size) {
  reading_ = false;
  if (closed_) return;
  if (!parser_) {  // nothing was asked: the end, or bytes that answer nothing
    const auto lost = std::exchange(on_lost_, nullptr);
    close();
    if (lost) lost();
    return;
  }
  if (error) return end_of_stream(error);

  response_begun_ = true;
  const auto taken = parser_->feed({buffer_.data(), size});
  if (!taken) {
    auto wrong = taken.error();
    if (wrong == Errc::bad_handshake) wrong = Error(Errc::bad_response, std::move(wrong.message));
    return end(std::move(wrong), false);
  }
  if (!parser_->done()) return read();
  if (parser_->response().status == 101)
    return end(Error(Errc::bad_response, "the server switched protocols unasked"), false);
  // A response that comes before all of the request has gone out, or with something behind it, ends the connection.
  end(parser_->response(), parser_->keep_alive() && !writing_ && *taken == size);
}

void HttpConnection::on_written(const std::error_code& error) {
  writing_ = false;
  // The server may have answered before it closed: reading tells.
  if (error) write_failed_ = true;
}

void HttpConnection::end_of_stream(const std::error_code& error) {
  const bool orderly = error == make_error_code(Errc::connection_lost);
  if (orderly && response_begun_ && parser_->feed_end()) return end(parser_->response(), false);
  const auto* what = response_begun_ ? "the connection ended within the response" : "no response came";
  end(Error(Errc::connection_lost, what, orderly ? std::error_code() : error), false);
}

void HttpConnection::end(Result<HttpResponse> response, bool reusable) {
  const auto self = shared_from_this();
  parser_.reset();
  const auto on_end = on_end_;
  if (reusable) read();
  if (on_end) on_end({std::move(response), reusable, write_failed_, response_begun_});
}

}  // namespace lavapp::net
