#include "net/resolver.hpp"

#include "core/asio_strand.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <optional>
#include <utility>
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

/// The task that hands an answer on.
struct Answer {
  detail::Strand strand;
  Resolver::Resolved resolved;
  Result<Resolver::Addresses> found;
  void operator()() {
    strand.runtime().guard([&] { resolved(std::move(found)); });
  }
};

class SystemResolver final : public Resolver {
 public:
  Lookup resolve(const detail::Strand& strand, const std::string& host, Resolved resolved) override {
    auto& context = strand.runtime().context();
    auto threads = asio::use_service<LookupService>(context).threads();
    // The context has work until the answer has come, as with an operation of its own.
    auto work = asio::make_work_guard(context);
    // While the lock is held the context is there; afterwards a context of the user's may be gone. So whatever belongs to
    // it goes into the task, or ends under the lock.
    auto hand_over = [strand = std::optional(strand), work = std::move(work),
                      resolved = std::move(resolved)](Result<Addresses> found) mutable -> MoveFunction<void()> {
      const auto& runtime = strand->shared_runtime();
      MoveFunction<void()> then;
      if (runtime->owns_context()) then = [runtime] { runtime->after_post(); };
      auto executor = strand->impl().executor;
      asio::post(executor, Answer{*std::exchange(strand, std::nullopt), std::move(resolved), std::move(found)});
      work.reset();
      return then;
    };
    const auto id = threads->start(host, std::move(hand_over));
    return Lookup(nullptr, [threads, id](void*) { threads->cancel(id); });
  }
};

}  // namespace

std::shared_ptr<Resolver> system_resolver() { return std::make_shared<SystemResolver>(); }

std::string address_bytes(const std::string& host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (error) return {};
  const auto text = [](const auto& bytes) { return std::string(bytes.begin(), bytes.end()); };
  return address.is_v4() ? text(address.to_v4().to_bytes()) : text(address.to_v6().to_bytes());
}

bool is_ip_literal(const std::string& host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

}  // namespace lavapp::net
