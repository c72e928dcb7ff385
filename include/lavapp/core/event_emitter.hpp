// EventEmitter: typed events with any number of listeners.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "lavapp/core/function.hpp"
#include "lavapp/core/move_function.hpp"

namespace lavapp {

/// Names one event of `Owner` and the types that its listeners receive. Events are static members of their owner:
/// `WebSocket::message`, `Node::track_end`.
template <class Owner, int Index, class... Args>
struct Event {
  static_assert(Index >= 0 && Index < 64);
};

/// What `on` and `once` return and `off` takes.
struct ListenerId {
  std::uint64_t value = 0;
  friend bool operator==(ListenerId a, ListenerId b) noexcept { return a.value == b.value; }
  friend bool operator!=(ListenerId a, ListenerId b) noexcept { return a.value != b.value; }
};

namespace detail {

/// A listener whose types are forgotten: it takes a pointer to the event's std::tuple<const Args&...>.
using Listener = MoveFunction<void(const void*)>;

/// The part of an emitter that no type parameter touches. It outlives its owner while a listener runs.
class EmitterCore {
 public:
  static std::shared_ptr<EmitterCore> create();
  virtual ~EmitterCore() = default;
  virtual ListenerId add(int event, Listener listener, bool once) = 0;
  virtual bool remove(int event, ListenerId id) = 0;
  /// \param event  0 to 63
  virtual std::size_t count(int event) const = 0;
  /// Whether anybody listens, without a lock.
  virtual bool heard(int event) const = 0;
  /// The caller keeps this object alive meanwhile.
  virtual bool emit(int event, const void* arguments) = 0;
  /// For many events in a row: between hold() and release(), which go in pairs, emit_held() does as emit(), and is cheaper.
  /// Meanwhile listeners that have been removed are kept, uncalled.
  virtual void hold() = 0;
  virtual void release() = 0;
  virtual bool emit_held(int event, const void* arguments) = 0;
  /// As emit(), for events that are told on several threads at a time: a listener that takes long keeps no other listener
  /// that has been removed meanwhile.
  virtual bool emit_apart(int event, const void* arguments) = 0;
  /// What a listener throws goes there. Default: printed on standard error.
  virtual void on_exception(Function<void(std::exception_ptr)> handler) = 0;
  /// No listener starts after this returns; every one is forgotten.
  virtual void close() = 0;
  /// There is a listener that wants its events in lanes, from now on.
  virtual void ask_for_lanes() = 0;
  virtual bool wants_lanes() const noexcept = 0;
};

/// While it lives, the lane that called the listener does not go on to its next event.
class LaneHold {
 public:
  virtual ~LaneHold() = default;
  /// What the listener threw, for the runtime's exception handler.
  virtual void report(std::exception_ptr exception) noexcept = 0;
};
/// Inside a listener: a hold on its lane; nullptr if it runs on none.
std::shared_ptr<LaneHold> hold_lane();

/// Owners of which events of a guild can be told in lanes.
template <class Owner>
struct HasLanes : std::false_type {};
/// Listeners that go on after they have returned, and want no other event of the guild meanwhile.
template <class F>
struct WantsLane : std::false_type {};

}  // namespace detail

/// Typed events, as Node.js's EventEmitter has them: `emit` calls the listeners of one event synchronously, in order of
/// registration, and tells whether anyone listened.
///
/// Listeners may add and remove listeners and destroy the emitter: who is added during an `emit` hears the next one,
/// who is removed is not called any more, and after destruction nobody is.
/// What a listener throws is reported (to the runtime's exception handler) and stops nobody else.
/// Threading: any thread, `emit` included; no lock is held while a listener runs.
template <class Owner>
class EventEmitter {
 public:
  EventEmitter() : core_(detail::EmitterCore::create()) {}
  EventEmitter(EventEmitter&&) noexcept = default;
  EventEmitter& operator=(EventEmitter&& other) noexcept {
    if (core_ && core_ != other.core_) core_->close();
    core_ = std::move(other.core_);
    return *this;
  }
  ~EventEmitter() {
    if (core_) core_->close();
  }

  /// Calls `listener` at each `event`. It takes the event's arguments, or none.
  template <int Index, class... Args, class F>
  ListenerId on(Event<Owner, Index, Args...>, F&& listener) {
    ask_for_lanes<std::decay_t<F>>();
    return core_->add(Index, wrap<Args...>(std::forward<F>(listener)), false);
  }

  /// Calls `listener` at the next `event` only.
  template <int Index, class... Args, class F>
  ListenerId once(Event<Owner, Index, Args...>, F&& listener) {
    ask_for_lanes<std::decay_t<F>>();
    return core_->add(Index, wrap<Args...>(std::forward<F>(listener)), true);
  }

  /// Removes a listener. False if it was not there (any more).
  template <int Index, class... Args>
  bool off(Event<Owner, Index, Args...>, ListenerId id) {
    return core_->remove(Index, id);
  }

  /// Calls every listener of `event` now. True if there was one.
  template <int Index, class... Args>
  bool emit(Event<Owner, Index, Args...>, const std::common_type_t<Args>&... args) {
    auto core = core_;  // a listener may destroy *this
    std::tuple<const Args&...> arguments(args...);
    return core->emit(Index, &arguments);
  }

  template <int Index, class... Args>
  std::size_t listener_count(Event<Owner, Index, Args...>) const {
    return core_->count(Index);
  }

 protected:
  explicit EventEmitter(std::shared_ptr<detail::EmitterCore> core) : core_(std::move(core)) {}

 private:
  template <class F>
  void ask_for_lanes() {
    if constexpr (detail::WantsLane<F>::value) {
      static_assert(detail::HasLanes<Owner>::value, "lavapp: only Node, Queue and Voice take co_listener");
      core_->ask_for_lanes();
    }
  }

  template <class... Args, class F>
  static auto wrap(F&& listener) {
    using Function = std::decay_t<F>;
    static_assert(std::is_invocable_v<Function&, const Args&...> || std::is_invocable_v<Function&>,
                  "lavapp: the listener must take the event's arguments, by value or by const reference, or none");
    return [f = Function(std::forward<F>(listener))]([[maybe_unused]] const void* arguments) mutable {
      if constexpr (std::is_invocable_v<Function&, const Args&...>) {
        std::apply(f, *static_cast<const std::tuple<const Args&...>*>(arguments));
      } else {
        f();
      }
    };
  }

  std::shared_ptr<detail::EmitterCore> core_;
};

}  // namespace lavapp
