// RuntimeImpl: what the library's own parts see of the runtime. No Asio here.
#pragma once

#include <exception>
#include <memory>
#include <string_view>

#include "lavapp/core/runtime.hpp"

namespace lavapp::detail {

class RuntimeImpl : public std::enable_shared_from_this<RuntimeImpl> {
 public:
  RuntimeImpl() = default;
  RuntimeImpl(const RuntimeImpl&) = delete;
  RuntimeImpl& operator=(const RuntimeImpl&) = delete;
  virtual ~RuntimeImpl() = default;

  virtual boost::asio::io_context& context() = 0;
  /// False if it is a user's, which may be destroyed before this.
  virtual bool owns_context() const noexcept = 0;
  /// How many threads run it; of an adopted context, as the user told.
  virtual std::size_t threads() const noexcept = 0;
  virtual Clock& clock() = 0;

  /// Runs `task` and hands what it throws to report(). Every task of the library runs through here.
  template <class F>
  void guard(F&& task) noexcept {
    try {
      task();
    } catch (...) {
      report(std::current_exception());
    }
  }
  /// Hands an exception of user code to the exception handler.
  virtual void report(std::exception_ptr exception) noexcept = 0;

  virtual bool logs() const noexcept = 0;
  virtual void log(LogLevel level, std::string_view line) noexcept = 0;

  /// Called after each post: once the runtime's own threads are gone, the posting thread does the work that is left,
  /// so that whatever outlives the runtime is still cleaned up.
  virtual void after_post() = 0;
};

}  // namespace lavapp::detail
