#include <boost/asio/basic_socket_acceptor.hpp>

#include <set>
#include <utility>

#include "core/runtime_impl.hpp"
#include "core/timer.hpp"
#include "net/error_code.hpp"
#include "net/tcp_stream.hpp"
#include "net/tls_stream.hpp"

namespace lavapp::net {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto kHandshakeTimeout = 10s;

class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  Acceptor(const detail::Strand& strand, Listener::Accepted on_accept, TlsContext tls)
      : strand_(strand),
        acceptor_(strand.impl().executor),
        retry_(strand),
        on_accept_(std::move(on_accept)),
        tls_(std::move(tls)) {}

  boost::system::error_code open(std::uint16_t port) {
    const tcp::endpoint local(asio::ip::address_v4::loopback(), port);
    boost::system::error_code error;
    acceptor_.open(local.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(local, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    return error;
  }
  std::uint16_t port() const { return port_; }

  void accept() {
    acceptor_.async_accept(strand_.impl().executor,
                           [self = shared_from_this()](const boost::system::error_code& error, TcpSocket socket) {
                             self->strand_.runtime().guard([&] { self->accepted(error, std::move(socket)); });
                           });
  }

  void close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    on_accept_ = nullptr;
    for (const auto& shaking : std::exchange(shaking_, {})) shaking->close();
  }

 private:
  void accepted(const boost::system::error_code& error, TcpSocket socket) {
    if (!acceptor_.is_open()) return;
    if (error) {
      // Out of descriptors, say: trying again at once would only spin.
      return retry_.start(100ms, [this] { accept(); });
    }
    accept();
    auto stream = make_tcp_stream(strand_, std::move(socket));
    if (tls_)
      secure(std::move(stream));
    else
      hand_over(std::move(stream));
  }

  void secure(std::shared_ptr<ByteStream> stream) {
    auto session = make_server_session(tls_);
    if (!session) return;
    shaking_.insert(stream);
    auto limit = std::make_shared<detail::Timer>(strand_);
    limit->start(kHandshakeTimeout, [stream] { stream->close(); });
    shake_hands(strand_, stream, *std::move(session),
                [self = shared_from_this(), stream, limit](Result<std::shared_ptr<ByteStream>> secured) {
                  limit->cancel();
                  self->shaking_.erase(stream);
                  if (secured && self->on_accept_) self->hand_over(*std::move(secured));
                });
  }

  void hand_over(std::shared_ptr<ByteStream> stream) {
    const auto on_accept = on_accept_;  // it may close the listener
    on_accept(std::move(stream));
  }

  detail::Strand strand_;
  asio::basic_socket_acceptor<tcp, detail::AsioStrand> acceptor_;
  detail::Timer retry_;
  Listener::Accepted on_accept_;
  TlsContext tls_;
  std::set<std::shared_ptr<ByteStream>> shaking_;  // in the TLS handshake
  std::uint16_t port_ = 0;
};

/// What the caller holds: letting go of it closes.
class Handle final : public Listener {
 public:
  Handle(const detail::Strand& strand, std::shared_ptr<Acceptor> acceptor)
      : strand_(strand), acceptor_(std::move(acceptor)) {}
  ~Handle() override { Handle::close(); }
  std::uint16_t port() const override { return acceptor_->port(); }
  void close() override {
    strand_.dispatch([acceptor = acceptor_] { acceptor->close(); });
  }

 private:
  detail::Strand strand_;
  std::shared_ptr<Acceptor> acceptor_;
};

}  // namespace

Result<std::shared_ptr<Listener>> listen(const detail::Strand& strand, std::uint16_t port, Listener::Accepted on_accept,
                                         std::string certificate_pem, std::string private_key_pem,
                                         std::string client_ca_pem) {
  TlsContext tls;
  if (!certificate_pem.empty() || !private_key_pem.empty()) {
    TlsServerOptions options;
    options.certificate_pem = std::move(certificate_pem);
    options.private_key_pem = std::move(private_key_pem);
    options.client_ca_pem = std::move(client_ca_pem);
    auto made = make_server_context(options);
    if (!made) return std::move(made).error();
    tls = *std::move(made);
  }
  auto acceptor = std::make_shared<Acceptor>(strand, std::move(on_accept), std::move(tls));
  if (const auto error = acceptor->open(port))
    return Error(Errc::connect_failed, "listening on 127.0.0.1:" + std::to_string(port), system_error(error));
  strand.dispatch([acceptor] { acceptor->accept(); });
  return std::shared_ptr<Listener>(std::make_shared<Handle>(strand, std::move(acceptor)));
}

}  // namespace lavapp::net
