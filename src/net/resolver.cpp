#include "net/resolver.hpp"

#include "core/asio_strand.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <system_error>

#include "core/runtime_impl.hpp"
#include "net/error_code.hpp"
#include "net/lookup_threads.hpp"

namespace lavapp::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// So many names may hang before others wait: Asio's own resolver has one thread for a whole context, and a name server
/// that is silent holds it for half a minute.
constexpr std::size_t kThreads = 8;

Result<Resolver::Addresses> find(const std::string& host) {
  asio::io_context context;  // the blocking call needs one, and does not run it
  tcp::resolver resolver(context);
  boost::system::error_code error;
  // No AI_ADDRCONFIG: without a network it would hide what /etc/hosts says of localhost.
  const auto found = resolver.resolve(host, "", tcp::resolver::numeric_service, error);
  if (error) return Error(Errc::resolve_failed, host, system_error(error));
  Resolver::Addresses addresses;
  for (const auto& entry : found) {
    auto address = entry.endpoint().address().to_string();
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
      addresses.push_back(std::move(address));
  }
  if (addresses.empty()) return Error(Errc::resolve_failed, host);
  return addresses;
}

/// The threads of one context. A service, because it is told before the context goes: nothing is posted to it afterwards.
class LookupService final : public asio::execution_context::service {
 public:
  static inline asio::execution_context::id id;
  explicit LookupService(asio::execution_context& context) : service(context) {}
  std::shared_ptr<LookupThreads> threads() const { return threads_; }

 private:
  void shutdown() override { threads_->close(); }
  std::shared_ptr<LookupThreads> threads_ = std::make_shared<LookupThreads>(kThreads, find);
};

class SystemResolver final : public Resolver {
 public:
  Lookup resolve(const detail::Strand& strand, const std::string& host, Resolved resolved) override {
    auto threads = asio::use_service<LookupService>(strand.runtime().context()).threads();
    auto executor = strand.impl().executor;
    // The context has work until the answer has come, as with an operation of its own.
    auto work = asio::make_work_guard(executor);
    auto hand_over = [strand, executor, work = std::move(work),
                      resolved = std::move(resolved)](Result<Addresses> found) mutable -> MoveFunction<void()> {
      asio::post(executor, [runtime = strand.shared_runtime(), resolved = std::move(resolved),
                            found = std::move(found)]() mutable { runtime->guard([&] { resolved(std::move(found)); }); });
      return [runtime = strand.shared_runtime()] { runtime->after_post(); };
    };
    const auto id = threads->start(host, std::move(hand_over));
    return Lookup(nullptr, [threads, id](void*) { threads->cancel(id); });
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
