#include "net/http_client.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "core/runtime_impl.hpp"
#include "core/timer.hpp"
#include "net/http_connection.hpp"

namespace lavapp::net {
namespace {

using namespace std::chrono_literals;

// Lavalink closes a connection after 60 s without a request; a request sent just then would be lost.
constexpr auto kIdleLimit = 50s;

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";  // RFC 9110 5.6.2
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || marks.find(c) != marks.npos;
  });
}

/// Nothing that a user hands in may end a line of the head and begin another. The error never holds a value.
std::optional<Error> check(const HttpRequest& request) {
  if (!is_token(request.method)) return Error(Errc::invalid_argument, "HTTP method is no token");
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (request.target.empty() || !std::all_of(request.target.begin(), request.target.end(), visible))
    return Error(Errc::invalid_argument, "HTTP target is empty or not percent-encoded");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return Error(Errc::invalid_header, "a header's name is no token");
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != value.npos)
      return Error(Errc::invalid_header, name + " contains CR, LF or NUL");
  }
  return {};
}

std::string host_header(const Endpoint& endpoint) {
  auto host = endpoint.host.find(':') == std::string::npos ? endpoint.host : "[" + endpoint.host + "]";
  const auto usual = endpoint.tls ? 443 : 80;
  if (endpoint.port != usual) host += ":" + std::to_string(endpoint.port);
  return host;
}

}  // namespace

class HttpClient::Impl : public std::enable_shared_from_this<Impl> {
 public:
  using Id = HttpPool::Id;

  Impl(const detail::Strand& strand, Endpoint endpoint, DialOptions options, std::size_t max_connections)
      : strand_(strand),
        endpoint_(std::move(endpoint)),
        options_(std::move(options)),
        pool_(std::max<std::size_t>(max_connections, 1), kIdleLimit),
        idle_timer_(strand) {}

  const detail::Strand& strand() const { return strand_; }

  RequestId send(HttpRequest request, SendOptions options, Done done) {
    const auto id = ++last_request_;
    auto wrong = closed_ ? Error(Errc::closed) : check(request);
    if (wrong) {
      end_later(std::move(done), *std::move(wrong));
      return id;
    }
    if (!find_header(request.headers, "Host"))
      request.headers.emplace(request.headers.begin(), "Host", host_header(endpoint_));
    const auto lane = options.lane;
    requests_.emplace(id, Request{std::move(request), std::move(options), std::move(done)});
    pool_.add(id, lane);
    start_what_can();
    return id;
  }

  void cancel(RequestId id) {
    const auto found = requests_.find(id);
    if (found == requests_.end()) return;
    const auto connection = found->second.connection;
    end_later(std::move(found->second.done), Error(Errc::cancelled));
    requests_.erase(found);
    if (pool_.remove(id)) return;
    drop(connection);
    start_what_can();
  }

  void close() {
    closed_ = true;
    idle_timer_.cancel();
    for (auto& [id, request] : std::exchange(requests_, {})) end_later(std::move(request.done), Error(Errc::closed));
    for (auto& [id, connection] : std::exchange(connections_, {})) connection.close();
  }

 private:
  struct Request {
    HttpRequest message;
    SendOptions options;
    Done done;
    Id connection = 0;  // once it has started
    bool sent_again = false;
  };
  struct Connection {
    std::shared_ptr<Dialer> dialer;  // while it is being opened
    std::shared_ptr<HttpConnection> http;
    Id request = 0;
    bool reused = false;
    void close() const {
      if (http)
        http->close();
      else
        dialer->cancel();
    }
  };

  void start_what_can() {
    while (!closed_) {
      const auto start = pool_.next();
      if (!start) return;
      auto& request = requests_.at(start->request);
      request.connection = start->connection;
      if (auto started = std::exchange(request.options.started, {})) started();
      auto& connection = connections_[start->connection];
      connection.request = start->request;
      connection.reused = !start->fresh;
      if (start->fresh)
        open(start->connection, connection);
      else
        exchange(connection);
    }
  }

  void open(Id id, Connection& connection) {
    connection.dialer =
        dial(strand_, endpoint_, options_, [weak = weak_from_this(), id](Result<std::shared_ptr<ByteStream>> stream) {
          if (const auto self = weak.lock())
            self->opened(id, std::move(stream));
          else if (stream)
            (*stream)->close();
        });
  }

  void opened(Id id, Result<std::shared_ptr<ByteStream>> stream) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) {  // cancelled meanwhile
      if (stream) (*stream)->close();
      return;
    }
    if (!stream) return end(id, {std::move(stream).error()});
    auto& connection = found->second;
    connection.dialer.reset();
    connection.http = std::make_shared<HttpConnection>(
        *std::move(stream),
        [weak = weak_from_this(), id](HttpConnection::End how) {
          if (const auto self = weak.lock()) self->end(id, std::move(how));
        },
        [weak = weak_from_this(), id] {
          const auto self = weak.lock();
          if (!self) return;
          self->drop(id);
          self->watch_idle();
        });
    exchange(connection);
  }

  void exchange(Connection& connection) {
    auto& request = requests_.at(connection.request);
    connection.http->exchange(request.message, request.options.limits);
    if (request.options.written) request.options.written();  // at last: it may cancel others, and start some
  }

  void end(Id id, HttpConnection::End how) {
    const auto connection = connections_.find(id);
    if (connection == connections_.end()) return;
    const auto request = requests_.find(connection->second.request);
    const HttpFailure failure{connection->second.reused, how.write_failed, how.response_begun};
    auto& may_go_again = request->second.options.may_go_again;
    if (!how.response && !request->second.sent_again && may_send_again(request->second.message.method, failure) &&
        (!may_go_again || may_go_again())) {
      request->second.sent_again = true;
      drop(id);
      pool_.add_again(request->first);
      return start_what_can();
    }
    if (!pool_.finish(id, how.reusable, strand_.runtime().clock().now())) drop(id);
    watch_idle();
    auto done = std::move(request->second.done);
    requests_.erase(request);
    start_what_can();
    done(std::move(how.response));
  }

  void drop(Id id) {
    pool_.lost(id);
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    const auto connection = std::move(found->second);
    connections_.erase(found);
    connection.close();
  }

  void watch_idle() {
    const auto when = pool_.next_expiry();
    if (!when) return idle_timer_.cancel();
    idle_timer_.start(*when - strand_.runtime().clock().now(), [this] {
      for (const auto id : pool_.take_expired(strand_.runtime().clock().now())) drop(id);
      watch_idle();
    });
  }

  void end_later(Done done, Error error) {
    strand_.post([done = std::move(done), error = std::move(error)]() mutable { done(std::move(error)); });
  }

  detail::Strand strand_;
  Endpoint endpoint_;
  DialOptions options_;
  HttpPool pool_;
  std::map<Id, Request> requests_;
  std::map<Id, Connection> connections_;
  Id last_request_ = 0;
  detail::Timer idle_timer_;
  bool closed_ = false;
};

HttpClient::HttpClient(const detail::Strand& strand, Endpoint endpoint, DialOptions options,
                       std::size_t max_connections)
    : impl_(std::make_shared<Impl>(strand, std::move(endpoint), std::move(options), max_connections)) {}

HttpClient::~HttpClient() {
  impl_->strand().dispatch([impl = impl_] { impl->close(); });
}

HttpClient::RequestId HttpClient::send(HttpRequest request, SendOptions options, Done done) {
  return impl_->send(std::move(request), std::move(options), std::move(done));
}
void HttpClient::cancel(RequestId id) { impl_->cancel(id); }
void HttpClient::close() { impl_->close(); }

}  // namespace lavapp::net
