#include "two_networks.hpp"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <future>
#include <stdexcept>

namespace lavapp::test {
namespace {

void enter_new_namespace() {
  if (unshare(CLONE_NEWNET) == 0) return;
  throw std::runtime_error(std::string("no network namespace can be made (root may): ") + std::strerror(errno));
}

/// In the namespace of the calling thread.
void ip(const std::string& arguments) {
  if (std::system(("ip " + arguments).c_str()) != 0) throw std::runtime_error("failed: ip " + arguments);
}

}  // namespace

TwoNetworks::TwoNetworks() {
  enter_new_namespace();
  std::promise<long> ready;
  auto id = ready.get_future();
  thread_ = std::thread([this, &ready] {
    try {
      enter_new_namespace();
      ready.set_value(syscall(SYS_gettid));
    } catch (...) {
      return ready.set_exception(std::current_exception());
    }
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return over_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  });
  const auto set_up = [&] {
    ip("link add cable type veth peer name cable netns " + std::to_string(id.get()));
    ip("address add " + std::string(kHere) + "/24 dev cable");
    put_in(End::here);
    there([] { ip("address add " + std::string(kThere) + "/24 dev cable"); });
    put_in(End::there);
  };
  try {
    set_up();
  } catch (...) {
    stop();  // a thread that nobody joins ends the program
    throw;
  }
}

TwoNetworks::~TwoNetworks() { stop(); }

void TwoNetworks::stop() {
  {
    std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TwoNetworks::there(std::function<void()> task) {
  std::packaged_task<void()> packaged(std::move(task));
  auto done = packaged.get_future();
  {
    std::lock_guard lock(mutex_);
    tasks_.emplace_back([&packaged] { packaged(); });
  }
  changed_.notify_all();
  done.get();
}

void TwoNetworks::set_link(End end, const std::string& state) {
  const auto command = "link set cable " + state;
  if (end == End::here)
    ip(command);
  else
    there([&] { ip(command); });
}

}  // namespace lavapp::test
