// Signals: as bytes on a pipe, so that a loop can wait for them beside everything else.
#pragma once

#include <array>

namespace console {

/// Catches SIGINT, SIGTERM, SIGHUP, SIGWINCH and SIGTSTP; one object at a time.
class Signals {
 public:
  /// \throws std::system_error if there is no pipe to be had.
  Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();

  /// Readable when a signal has come, or after wake().
  int fd() const { return pipe_[0]; }
  /// The next signal's number; 0 for a wake(), -1 if there is none.
  int take() const;
  /// Makes fd() readable. Any thread.
  void wake() const;

 private:
  std::array<int, 2> pipe_{-1, -1};
};

}  // namespace console
