#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <memory>
#include <optional>
#include <vector>

#include "core/runtime_impl.hpp"
#include "core/timer.hpp"
#include "net/address_race.hpp"
#include "net/error_code.hpp"
#include "net/proxy_tunnel.hpp"
#include "net/resolver.hpp"
#include "net/tcp_stream.hpp"
#include "net/tls_stream.hpp"

namespace lavapp::net {
namespace {

namespace asio = boost::asio;
using Addresses = Resolver::Addresses;

/// What fits into sockaddr_un everywhere (Linux has 108 bytes with the NUL, BSD and macOS 104).
constexpr std::size_t kMaxSocketPath = 103;

/// All connections of an io_context share what they trust: a thousand shards, one copy of the system's certificates.
class SharedTlsContexts final : public asio::execution_context::service {
 public:
  static inline asio::execution_context::id id;
  explicit SharedTlsContexts(asio::execution_context& context) : service(context) {}
  TlsContextCache cache;

 private:
  void shutdown() override {}
};

/// Resolve, connect to the first address that answers, TLS: one step after the other, each with its time limit. `step_`
/// numbers them: what an earlier one still has to say is not heard.
class Dial final : public Dialer, public std::enable_shared_from_this<Dial> {
 public:
  Dial(const detail::Strand& strand, Endpoint endpoint, DialOptions options, Done done)
      : strand_(strand),
        endpoint_(std::move(endpoint)),
        options_(std::move(options)),
        done_(std::move(done)),
        timer_(strand),
        race_timer_(strand) {}

  void start() {
    strand_.post([self = shared_from_this()] { self->resolve(); });
  }

  void cancel() override {
    strand_.post([self = shared_from_this()] { self->fail(Error(Errc::cancelled)); });
  }

  Errc step_timeout() const override { return step_timeout_; }

 private:
  void resolve() {
    if (!done_) return;
    if (auto wrong = check()) return fail(std::move(*wrong));
    if (!options_.unix_socket.empty()) return connect_locally();
    if (!options_.proxy.empty()) {
      auto proxy = parse_proxy(options_.proxy);
      if (!proxy) return fail(std::move(proxy).error());
      proxy_ = *std::move(proxy);
    }
    const auto& host = next_host();
    if (is_ip_literal(host)) return connect({host});
    trace("resolving " + host);
    const auto step = ++step_;
    limit(options_.resolve_timeout, Errc::resolve_timeout, host);
    resolver_ = options_.resolver ? options_.resolver : system_resolver();
    lookup_ = resolver_->resolve(strand_, host, [self = shared_from_this(), step](Result<Addresses> found) {
      if (step != self->step_) return;
      self->lookup_.reset();
      if (!found) return self->fail(std::move(found).error());
      self->connect(*std::move(found));
    });
  }

  std::optional<Error> check() const {
    if (endpoint_.host.empty()) return Error(Errc::invalid_argument, "host is empty");
    // getaddrinfo reads up to the first NUL: another host than the one that was checked.
    if (endpoint_.host.find('\0') != std::string::npos) return Error(Errc::invalid_argument, "host contains NUL");
    if (options_.resolve_timeout.count() <= 0)
      return Error(Errc::invalid_argument, "resolve_timeout must be more than 0 ms");
    if (options_.connect_timeout.count() <= 0)
      return Error(Errc::invalid_argument, "connect_timeout must be more than 0 ms");
    if (options_.proxy_timeout.count() <= 0)
      return Error(Errc::invalid_argument, "proxy_timeout must be more than 0 ms");
    if (options_.tls_timeout.count() <= 0) return Error(Errc::invalid_argument, "tls_timeout must be more than 0 ms");
    if (!options_.unix_socket.empty() && !options_.proxy.empty())
      return Error(Errc::invalid_argument, "unix_socket and proxy cannot both be used");
    return {};
  }

#if defined(BOOST_ASIO_HAS_LOCAL_SOCKETS)
  void connect_locally() {
    using Local = asio::local::stream_protocol;
    if (options_.unix_socket.size() > kMaxSocketPath)
      return fail(Error(Errc::invalid_argument, "unix_socket: the path is longer than " + std::to_string(kMaxSocketPath) + " bytes"));
    const auto step = ++step_;
    limit(options_.connect_timeout, Errc::connect_timeout, options_.unix_socket);
    trace("connecting to " + options_.unix_socket);
    local_.emplace(strand_.impl().executor);
    local_->async_connect(Local::endpoint(options_.unix_socket),
                          [self = shared_from_this(), step](const boost::system::error_code& error) {
                            if (step != self->step_) return;
                            self->strand_.runtime().guard([&] { self->connected_locally(error); });
                          });
  }

  void connected_locally(const boost::system::error_code& error) {
    if (error) return fail(Error(Errc::connect_failed, options_.unix_socket, system_error(error)));
    ++step_;
    timer_.cancel();
    auto stream = make_local_stream(strand_, std::move(*local_));
    local_.reset();
    trace("connected to " + options_.unix_socket);
    arrived(std::move(stream));
  }
#else
  void connect_locally() { fail(Error(Errc::invalid_argument, "unix_socket: this system has none")); }
#endif

  void connect(Addresses addresses) {
    race_.emplace(std::move(addresses));
    ++step_;
    limit(options_.connect_timeout, Errc::connect_timeout, place());
    try_next();
  }

  void try_next() {
    const auto self = shared_from_this();  // attempts that are given up may be the last to hold it
    while (done_) {
      const auto address = race_->next(now());
      if (!address) break;
      attempt(*address);
    }
    if (!done_) return;
    if (race_->lost()) return fail(std::move(last_failure_));
    if (const auto due = race_->next_due()) race_timer_.start(*due - now(), [this] { try_next(); });
  }

  void attempt(const std::string& address) {
    boost::system::error_code bad;
    const asio::ip::tcp::endpoint to(asio::ip::make_address(address, bad), next_port());
    if (bad) return fail(Error(Errc::resolve_failed, place(), system_error(bad)));
    trace("connecting to " + address + " port " + std::to_string(next_port()));
    auto& socket = *sockets_.emplace_back(std::make_unique<TcpSocket>(strand_.impl().executor));
    socket.async_connect(to, [self = shared_from_this(), step = step_, address,
                              place = sockets_.size() - 1](const boost::system::error_code& error) {
      if (step != self->step_) return;
      self->strand_.runtime().guard([&] { self->attempted(place, address, error); });
    });
  }

  void attempted(std::size_t place_in_line, const std::string& address, const boost::system::error_code& error) {
    auto socket = std::move(sockets_[place_in_line]);
    if (error) {
      last_failure_ = Error(Errc::connect_failed, place(), system_error(error));
      trace("not connected to " + address + ": " + error.message());
      race_->failed();
      return try_next();
    }
    ++step_;
    timer_.cancel();
    race_timer_.cancel();
    sockets_.clear();  // whoever comes second is not waited for
    auto stream = make_tcp_stream(strand_, std::move(*socket));
    trace("connected to " + address);
    if (proxy_) return ask_proxy(std::move(stream));
    arrived(std::move(stream));
  }

  void ask_proxy(std::shared_ptr<ByteStream> stream) {
    const auto step = ++step_;
    limit(options_.proxy_timeout, Errc::proxy_timeout, place());
    beneath_ = stream;
    const auto proxy = *std::exchange(proxy_, std::nullopt);  // from now on errors speak of the other end
    trace("asking the proxy for " + place());
    open_tunnel(std::move(stream), proxy, endpoint_.host, endpoint_.port,
                [self = shared_from_this(), step](Result<std::shared_ptr<ByteStream>> opened) {
                  if (step != self->step_) return;
                  if (!opened) return self->fail(self->named(std::move(opened).error()));
                  self->beneath_.reset();
                  self->timer_.cancel();
                  self->trace("the proxy has opened the way");
                  self->arrived(*std::move(opened));
                });
  }

  /// The stream leads to the endpoint.
  void arrived(std::shared_ptr<ByteStream> stream) {
    if (!endpoint_.tls) return finish(std::move(stream));
    secure(std::move(stream));
  }

  void secure(std::shared_ptr<ByteStream> stream) {
    const auto context = asio::use_service<SharedTlsContexts>(strand_.runtime().context()).cache.get(options_.tls);
    if (!context) return fail(context.error());
    auto session = make_client_session(*context, endpoint_.host, options_.tls);
    if (!session) return fail(std::move(session).error());
    KeyPins pins(options_.tls.pinned_public_keys);
    const auto step = ++step_;
    limit(options_.tls_timeout, Errc::tls_timeout, place());
    beneath_ = stream;
    shake_hands(strand_, std::move(stream), *std::move(session),
                [self = shared_from_this(), step](Result<std::shared_ptr<ByteStream>> secured) {
                  if (step != self->step_) return;
                  self->beneath_.reset();  // it lives on in the secured stream, or is closed
                  if (!secured) return self->fail(self->named(std::move(secured).error()));
                  self->trace("TLS handshake done");
                  self->finish(*std::move(secured));
                },
                std::move(pins));
  }

  Error named(Error error) const {
    error.message = place() + (error.message.empty() ? "" : ": " + error.message);
    return error;
  }

  void limit(std::chrono::milliseconds after, Errc timeout, std::string what) {
    step_timeout_ = timeout;
    timer_.start(after, [this, timeout, what = std::move(what)] { fail(Error(timeout, what)); });
  }

  void fail(Error error) { finish(std::move(error)); }

  void finish(Result<std::shared_ptr<ByteStream>> result) {
    if (!done_) return;
    const auto self = shared_from_this();  // what is let go here may be the last to hold it
    ++step_;
    timer_.cancel();
    race_timer_.cancel();
    sockets_.clear();
#if defined(BOOST_ASIO_HAS_LOCAL_SOCKETS)
    local_.reset();
#endif
    lookup_.reset();
    resolver_.reset();
    options_ = {};  // a resolver that answers late holds this until then
    if (const auto stream = std::move(beneath_)) stream->close();
    auto done = std::move(done_);
    done(std::move(result));
  }

  Clock::time_point now() const { return strand_.runtime().clock().now(); }

  /// Where TCP goes: to the proxy, if there is one.
  const std::string& next_host() const { return proxy_ ? proxy_->host : endpoint_.host; }
  std::uint16_t next_port() const { return proxy_ ? proxy_->port : endpoint_.port; }

  std::string place() const {
    const auto& host = next_host();
    const bool ipv6 = host.find(':') != std::string::npos;
    return (proxy_ ? "proxy " : "") + (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(next_port());
  }
  void trace(std::string_view line) const {
    if (options_.trace) strand_.runtime().guard([&] { options_.trace(line); });
  }

  detail::Strand strand_;
  Endpoint endpoint_;
  DialOptions options_;
  Done done_;
  detail::Timer timer_;       // of the step under way
  detail::Timer race_timer_;  // of the next address
  std::shared_ptr<Resolver> resolver_;
  Resolver::Lookup lookup_;
  std::uint64_t step_ = 0;
  Errc step_timeout_ = Errc::resolve_timeout;
  std::optional<Proxy> proxy_;  // until its tunnel is being opened
  std::optional<AddressRace> race_;
  std::vector<std::unique_ptr<TcpSocket>> sockets_;  // in the order of the attempts
#if defined(BOOST_ASIO_HAS_LOCAL_SOCKETS)
  std::optional<LocalSocket> local_;
#endif
  Error last_failure_;
  std::shared_ptr<ByteStream> beneath_;  // while TLS shakes hands on it
};

}  // namespace

std::shared_ptr<Dialer> dial(const detail::Strand& strand, Endpoint endpoint, DialOptions options, Dialer::Done done) {
  auto dialer = std::make_shared<Dial>(strand, std::move(endpoint), std::move(options), std::move(done));
  dialer->start();
  return dialer;
}

}  // namespace lavapp::net
