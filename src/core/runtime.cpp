#include "core/asio_strand.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/context_end.hpp"
#include "core/runtime_impl.hpp"

namespace lavapp {
namespace detail {
namespace {

namespace asio = boost::asio;

void print(std::exception_ptr exception) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "lavapp: a listener or callback threw: %s\n", e.what());
  } catch (...) {
    std::fprintf(stderr, "lavapp: a listener or callback threw something that is no std::exception\n");
  }
}

/// The steady clock, with Asio's timers on the runtime's context.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(asio::io_context& context) : timers_(std::make_shared<Timers>(context)) {}

  time_point now() const override { return std::chrono::steady_clock::now(); }

  TimerId call_at(time_point when, MoveFunction<void()> callback) override {
    auto timer = std::make_shared<asio::steady_timer>(timers_->context, when);
    std::unique_lock lock(timers_->mutex);
    const auto id = ++timers_->last;
    timers_->waiting.emplace(id, timer);
    timer->async_wait([timers = std::weak_ptr<Timers>(timers_), id, callback = std::move(callback)](
                          boost::system::error_code error) mutable {
      if (auto all = timers.lock()) {
        std::lock_guard guard(all->mutex);
        all->waiting.erase(id);
      }
      if (!error) callback();
    });
    return id;
  }

  void cancel(TimerId id) override {
    std::lock_guard guard(timers_->mutex);  // a timer is not safe to share: armed and cancelled under this lock
    const auto found = timers_->waiting.find(id);
    if (found != timers_->waiting.end()) found->second->cancel();
  }

 private:
  struct Timers {
    explicit Timers(asio::io_context& c) : context(c) {}
    asio::io_context& context;
    std::mutex mutex;  // guards what follows
    std::unordered_map<TimerId, std::shared_ptr<asio::steady_timer>> waiting;
    TimerId last = 0;
  };
  std::shared_ptr<Timers> timers_;
};

class AsioRuntime final : public RuntimeImpl {
 public:
  AsioRuntime(std::unique_ptr<asio::io_context> own, asio::io_context* adopted, RuntimeOptions options)
      : own_(std::move(own)),
        context_(own_ ? *own_ : *adopted),
        thread_count_(options.threads),
        clock_(options.clock ? std::move(options.clock) : std::make_shared<SystemClock>(context_)),
        log_(std::move(options.log)),
        on_exception_(std::move(options.on_exception)) {}

  asio::io_context& context() override { return context_; }
  bool owns_context() const noexcept override { return own_ != nullptr; }
  std::size_t threads() const noexcept override { return thread_count_; }
  Clock& clock() override { return *clock_; }

  void report(std::exception_ptr exception) noexcept override {
    if (!on_exception_) return print(exception);
    try {
      on_exception_(exception);
    } catch (...) {
      print(std::current_exception());
    }
  }

  bool logs() const noexcept override { return static_cast<bool>(log_); }
  void log(LogLevel level, std::string_view line) noexcept override {
    if (!log_) return;
    guard([&] { log_(level, line); });
  }

  void after_post() override {
    if (threads_gone_.load(std::memory_order_acquire)) run_what_is_left();
  }

  void start(std::size_t threads, const std::shared_ptr<AsioRuntime>& self) {
    work_.emplace(context_.get_executor());
    for (std::size_t i = 0; i < threads; ++i) {
      threads_.emplace_back([self] {
        self->run();
        if (self->ended_inside_.load(std::memory_order_acquire)) self->leave();
      });
    }
  }

  void stop() {
    if (!own_) return;
    work_.reset();
    context_.stop();
    for (auto& thread : threads_) {
      if (thread.get_id() == std::this_thread::get_id()) {
        ended_inside_.store(true, std::memory_order_release);
        thread.detach();  // it holds a reference to this and leaves run() when the present task returns
      } else {
        thread.join();
      }
    }
    threads_.clear();
    if (!ended_inside_.load(std::memory_order_acquire)) leave();
  }

 private:
  void run() noexcept {
    while (!context_.stopped()) guard([&] { context_.run(); });
  }
  void leave() noexcept {
    threads_gone_.store(true, std::memory_order_release);
    run_what_is_left();
    guard([this] { end_of(context_); });
  }
  /// One thread at a time; a task posted meanwhile, from within or from another thread, is run before it returns.
  void run_what_is_left() noexcept {
    const auto self = shared_from_this();  // a task may hold the last reference
    auto seen = wanted_.fetch_add(1) + 1;
    if (seen != 1) return;
    do {
      seen = wanted_.load();
      context_.restart();
      guard([&] { context_.poll(); });
    } while (wanted_.fetch_sub(seen) != seen);
  }

  std::unique_ptr<asio::io_context> own_;
  asio::io_context& context_;
  const std::size_t thread_count_;
  std::shared_ptr<Clock> clock_;
  Function<void(LogLevel, std::string_view)> log_;
  Function<void(std::exception_ptr)> on_exception_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::vector<std::thread> threads_;
  std::atomic<bool> ended_inside_{false};  // the Runtime was destroyed on a thread of its own
  std::atomic<bool> threads_gone_{false};
  std::atomic<std::size_t> wanted_{0};
};

AsioRuntime& asio_runtime(const std::shared_ptr<RuntimeImpl>& impl) { return static_cast<AsioRuntime&>(*impl); }

}  // namespace

Strand::Strand(std::shared_ptr<RuntimeImpl> runtime)
    : runtime_(std::move(runtime)), impl_(std::make_shared<Impl>(runtime_->context())) {}

void Strand::post(MoveFunction<void()> task) const {
  const auto runtime = runtime_;  // the task may run, and destroy this strand's owner, before post returns
  asio::post(impl_->executor,
             [runtime, task = std::move(task)]() mutable { runtime->guard([&] { task(); }); });
  runtime->after_post();
}

void Strand::dispatch(MoveFunction<void()> task) const {
  if (running_in_this_thread()) return task();
  post(std::move(task));
}

bool Strand::running_in_this_thread() const { return impl_->executor.running_in_this_thread(); }
bool Strand::runtime_runs_in_this_thread() const {
  return impl_->executor.get_inner_executor().running_in_this_thread();
}

}  // namespace detail

Runtime::Runtime(RuntimeOptions options) {
  const auto threads = options.threads;
  if (threads < 1 || threads > 256) throw std::invalid_argument("lavapp: RuntimeOptions::threads must be 1 to 256");
  auto context = std::make_unique<boost::asio::io_context>(static_cast<int>(threads));
  auto impl = std::make_shared<detail::AsioRuntime>(std::move(context), nullptr, std::move(options));
  try {
    impl->start(threads, impl);
  } catch (...) {  // the system has no more threads: those that run would never be told to stop
    impl->stop();
    throw;
  }
  impl_ = std::move(impl);
}

Runtime::Runtime(boost::asio::io_context& context, RuntimeOptions options)
    : impl_(std::make_shared<detail::AsioRuntime>(nullptr, &context, std::move(options))) {}

Runtime::~Runtime() { detail::asio_runtime(impl_).stop(); }

void Runtime::post(MoveFunction<void()> task) {
  const auto impl = impl_;  // the task may destroy this runtime before post returns
  boost::asio::post(impl->context(), [impl, task = std::move(task)]() mutable {
    impl->guard([&] { task(); });
  });
  impl->after_post();
}

Clock& Runtime::clock() const noexcept { return impl_->clock(); }

}  // namespace lavapp
