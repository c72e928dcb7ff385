// Runtime: the threads and the clock that everything else runs on.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <string_view>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/function.hpp"
#include "lavapp/core/move_function.hpp"

// Forward declared so that a user's own context can be adopted without Boost.Asio in this header.
namespace boost::asio {
class io_context;
}

namespace lavapp {

namespace detail {
class RuntimeImpl;
}

enum class LogLevel { debug, info, warning, error };

struct RuntimeOptions {
  /// Threads that the runtime starts, 1 to 256. Of an adopted io_context: on how many threads the caller runs it, which
  /// decides whether a Node's listeners of several guilds run at the same time (NodeOptions::guild_lanes).
  std::size_t threads = 1;
  /// Where time and timers come from. Default: the system's steady clock.
  std::shared_ptr<Clock> clock = {};
  /// Receives the library's log lines, on any of its threads. Default: none are made.
  Function<void(LogLevel, std::string_view)> log = {};
  /// Receives what listeners and callbacks throw. Default: print to standard error and go on.
  Function<void(std::exception_ptr)> on_exception = {};
};

/// Runs nodes and WebSockets: on threads of its own, or on an io_context of yours.
///
/// Lifetime: it should outlive what was made with it. If it does not, those objects fall silent; their operations
/// complete with `Errc::closed`: those of a Node, its Players, Queues and Voices at once, so a callback may hold the very
/// one that it waits for; others when they are destroyed in turn. There is no thread then to complete them on: what is left
/// to do is done by the calls and destructors that ask for it, this one's among them, before they return, on the calling
/// thread. That is the one exception to the rule that nothing completes inside the initiating call. The destructor stops
/// and joins its own threads; on one of those threads, it only stops them, and that thread does what is left. It never
/// stops an adopted io_context; destroying that with operations pending destroys their callbacks uncalled, as Boost.Asio
/// does, and fails their futures with `Errc::abandoned`. A callback that holds the very WebSocket, Gateway or ShardManager
/// that it waits for keeps both for ever if the runtime's threads or the context go first: let it hold a weak_ptr.
/// Threading: any thread.
class Runtime {
 public:
  /// \throws std::invalid_argument if `options.threads` is out of range.
  explicit Runtime(RuntimeOptions options = {});
  /// Adopts `context`: the caller runs it, and keeps it until everything made with this runtime is gone.
  explicit Runtime(boost::asio::io_context& context, RuntimeOptions options = {});
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;
  ~Runtime();

  /// Runs `task` on the runtime, never inside this call.
  void post(MoveFunction<void()> task);

  Clock& clock() const noexcept;

  /// For the library's own parts.
  const std::shared_ptr<detail::RuntimeImpl>& impl() const noexcept { return impl_; }

 private:
  std::shared_ptr<detail::RuntimeImpl> impl_;
};

}  // namespace lavapp
