#include "net/tls_stream.hpp"

namespace lavapp::net {

void start_tls_client(const detail::Strand& strand, std::shared_ptr<ByteStream> beneath, const std::string&,
                      const TlsOptions&, Dialer::Done done) {
  strand.post([beneath = std::move(beneath), done = std::move(done)]() mutable {
    beneath->close();
    done(Error(Errc::tls_failed));
  });
}

}  // namespace lavapp::net
