// Program: a built program as a child process, with pipes or with a terminal of its own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace lavapp::test {

struct Program {
  std::string path;
  std::vector<std::string> arguments = {};
  /// Beside what is the same wherever the tests run.
  std::vector<std::pair<std::string, std::string>> environment = {};
};

struct Finished {
  int status = -1;  ///< exit status; 128 + signal if one killed it
  std::string out = {}, err = {};
};

/// Runs it to its end with `input` on its standard input; kills it after 30 s.
/// \param interrupt_at  when it has printed this, it gets SIGINT; empty: never
Finished run(const Program& program, const std::string& input = {}, const std::string& interrupt_at = {});

/// Whether this machine has pseudo terminals.
bool has_terminals();

/// A program at a terminal of `columns` x 30.
class AtTerminal {
 public:
  AtTerminal(const Program& program, unsigned short columns);
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

}  // namespace lavapp::test
