#include "net/resolver.hpp"

#include "core/asio_strand.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>

#include "net/error_code.hpp"

namespace lavapp::net {
namespace {

using tcp = boost::asio::ip::tcp;

class SystemResolver final : public Resolver {
 public:
  void resolve(const detail::Strand& strand, const std::string& host, Resolved resolved) override {
    using Lookup = boost::asio::ip::basic_resolver<tcp, detail::AsioStrand>;
    auto lookup = std::make_shared<Lookup>(strand.impl().executor);
    // No AI_ADDRCONFIG: without a network it would hide what /etc/hosts says of localhost.
    lookup->async_resolve(host, "", tcp::resolver::numeric_service,
                          [lookup, host, resolved = std::move(resolved)](const boost::system::error_code& error,
                                                                         const Lookup::results_type& found) mutable {
                            if (error) return resolved(Error(Errc::resolve_failed, host, system_error(error)));
                            Addresses addresses;
                            for (const auto& entry : found) {
                              auto address = entry.endpoint().address().to_string();
                              if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
                                addresses.push_back(std::move(address));
                            }
                            if (addresses.empty()) return resolved(Error(Errc::resolve_failed, host));
                            resolved(std::move(addresses));
                          });
  }
};

}  // namespace

std::shared_ptr<Resolver> system_resolver() { return std::make_shared<SystemResolver>(); }

bool is_ip_literal(const std::string& host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

}  // namespace lavapp::net
