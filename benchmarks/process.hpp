// Process: a child whose standard output is read line by line.
#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

namespace bench {

class Process {
 public:
  enum class Errors { shown, captured };
  /// Starts `arguments[0]`, found on the PATH. \throws std::system_error
  explicit Process(const std::vector<std::string>& arguments, Errors errors = Errors::shown);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// The next line of its standard output (and of its errors, if captured), empty at the end.
  std::string line();
  /// All that is left of it.
  std::string rest();
  /// Waits for its end; its exit status, or -1 if a signal ended it.
  int wait();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace bench
