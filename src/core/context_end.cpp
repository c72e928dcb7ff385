#include "core/context_end.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <mutex>

namespace lavapp::detail {

struct ContextEnd::List {
  std::mutex mutex;  // guards what follows: whoever waits comes and goes on any thread
  std::map<std::uint64_t, MoveFunction<void()>> waiting;
  std::uint64_t last = 0;

  void end() {
    std::map<std::uint64_t, MoveFunction<void()>> ending;
    {
      std::lock_guard lock(mutex);
      ending.swap(waiting);
    }
    for (auto& [id, then] : ending) then();
  }
};

class ContextEnd::Service final : public boost::asio::execution_context::service {
 public:
  static inline boost::asio::execution_context::id id;
  explicit Service(boost::asio::execution_context& context) : service(context) {}
  const std::shared_ptr<List>& list() const { return list_; }

 private:
  void shutdown() override { list_->end(); }
  const std::shared_ptr<List> list_ = std::make_shared<List>();
};

ContextEnd::ContextEnd(RuntimeImpl& runtime, MoveFunction<void()> then)
    : list_(boost::asio::use_service<Service>(runtime.context()).list()) {
  std::lock_guard lock(list_->mutex);
  id_ = ++list_->last;
  list_->waiting.emplace(id_, std::move(then));
}

ContextEnd& ContextEnd::operator=(ContextEnd&& other) noexcept {
  if (this == &other) return *this;
  reset();
  list_ = std::move(other.list_);
  id_ = other.id_;
  return *this;
}

void ContextEnd::reset() noexcept {
  const auto list = std::move(list_);
  if (!list) return;
  MoveFunction<void()> gone;  // destroyed outside of the lock: it may hold what comes back here
  std::lock_guard lock(list->mutex);
  const auto found = list->waiting.find(id_);
  if (found == list->waiting.end()) return;
  gone = std::move(found->second);
  list->waiting.erase(found);
}

void end_of(boost::asio::io_context& context) {
  if (boost::asio::has_service<ContextEnd::Service>(context)) {
    boost::asio::use_service<ContextEnd::Service>(context).list()->end();
  }
}

}  // namespace lavapp::detail
