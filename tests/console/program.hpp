// Program: the built console as a child process, with pipes or with a terminal of its own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace console_test {

struct Finished {
  int status = -1;  ///< exit status; 128 + signal if one killed it
  std::string out = {}, err = {};
};

/// Runs the console to its end with `input` on its standard input; kills it after 30 s.
Finished run_console(const std::vector<std::string>& arguments, const std::string& input = {});

/// Whether this machine has pseudo terminals.
bool has_terminals();

/// The console at a terminal of `columns` x 30.
class AtTerminal {
 public:
  AtTerminal(const std::vector<std::string>& arguments, unsigned short columns);
  AtTerminal(const AtTerminal&) = delete;
  AtTerminal& operator=(const AtTerminal&) = delete;
  ~AtTerminal();

  void type(const std::string& keys);
  void resize(unsigned short columns);
  /// Reads until `text` was shown since the last wait; false after 10 s, or if the program ended before.
  bool wait_for(const std::string& text);
  /// Reads to the end, and returns the exit status.
  int finish();
  /// Everything shown so far.
  const std::string& shown() const { return shown_; }
  /// Whether the terminal shows what is typed, line by line, as a shell expects it.
  bool cooked() const;

 private:
  bool read_some(std::chrono::steady_clock::time_point until);

  pid_t child_ = -1;
  int terminal_ = -1, keep_ = -1;
  std::string shown_;
  std::size_t seen_ = 0;
  int status_ = -1;
};

}  // namespace console_test
