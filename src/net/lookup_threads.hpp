// LookupThreads: questions that block, such as getaddrinfo's, on threads of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/resolver.hpp"

namespace lavapp::net {

/// A question that hangs keeps none of the others waiting until `most` of them hang. A thread lives as long as there is
/// something to ask. Nobody waits for a thread: the system's resolver cannot be interrupted, so one that hangs is left to
/// itself, and touches nothing but what it owns when it comes back.
/// Threading: any thread.
class LookupThreads {
 public:
  using Id = std::uint64_t;
  using Find = std::function<Result<Resolver::Addresses>(const std::string& host)>;
  /// Runs once, on a lookup thread, with a lock held: it may hand the answer over, and nothing more. What it returns runs
  /// behind that, without the lock.
  using Done = MoveFunction<MoveFunction<void()>(Result<Resolver::Addresses>)>;

  LookupThreads(std::size_t most, Find find);
  LookupThreads(const LookupThreads&) = delete;
  LookupThreads& operator=(const LookupThreads&) = delete;
  /// close()
  ~LookupThreads();

  /// \throws std::system_error if not even one thread can be had
  Id start(std::string host, Done done);
  /// Forgets a question: `done` is destroyed uncalled. One that has been answered is left alone.
  void cancel(Id id);
  /// cancel() for all. None is called any more once this has returned.
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace lavapp::net
