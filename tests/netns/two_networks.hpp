// TwoNetworks: two network namespaces with a cable between them, for as long as it lives. Needs root.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace lavapp::test {

/// The calling thread, and those that it starts, are moved into a namespace of their own ("here"); a thread of this object is in
/// the other ("there"). Both vanish with the process, whatever becomes of it.
class TwoNetworks {
 public:
  static constexpr const char* kHere = "10.213.7.1";
  static constexpr const char* kThere = "10.213.7.2";

  /// Throws std::runtime_error if that is not allowed.
  TwoNetworks();
  ~TwoNetworks();

  /// Runs `task` on the thread that is there, and waits for it: a socket belongs to where it was made.
  void there(std::function<void()> task);
  enum class End { here, there };
  /// Pulls the cable out at one end, and puts it in again.
  void pull_out(End end) { set_link(end, "down"); }
  void put_in(End end) { set_link(end, "up"); }

 private:
  void stop();
  void set_link(End end, const std::string& state);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace lavapp::test
