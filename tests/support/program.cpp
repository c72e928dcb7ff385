#include "support/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

namespace lavapp::test {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

[[noreturn]] void become(const Program& program) {
  // The same surroundings wherever the tests run.
  ::setenv("TERM", "xterm-256color", 1);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  ::unsetenv("NO_COLOR");
  ::unsetenv("LAVALINK_PASSWORD");
  ::unsetenv("DISCORD_TOKEN");
  for (const auto& [name, value] : program.environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv{const_cast<char*>(program.path.c_str())};
  for (const auto& argument : program.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(program.path.c_str(), argv.data());
  ::_exit(127);
}

int exit_status(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int left(Clock::time_point until) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  return ms > 0 ? static_cast<int>(ms) : 0;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  return ends;
}

}  // namespace

Finished run(const Program& program, const std::string& input, const std::string& interrupt_at) {
  const auto in = make_pipe(), out = make_pipe(), err = make_pipe();
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    become(program);
  }
  for (const int fd : {in[0], out[1], err[1]}) ::close(fd);
  [[maybe_unused]] const auto written = ::write(in[1], input.data(), input.size());  // short: it fits into the pipe
  ::close(in[1]);

  Finished finished;
  std::array<pollfd, 2> waiting{pollfd{out[0], POLLIN, 0}, pollfd{err[0], POLLIN, 0}};
  bool interrupted = interrupt_at.empty();
  const auto until = Clock::now() + 30s;
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    if (::poll(waiting.data(), 2, left(until)) <= 0) {
      ::kill(child, SIGKILL);
      break;
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (!waiting[i].revents) continue;
      std::array<char, 4096> buffer{};
      const auto size = ::read(waiting[i].fd, buffer.data(), buffer.size());
      if (size > 0) {
        (i == 0 ? finished.out : finished.err).append(buffer.data(), static_cast<std::size_t>(size));
      } else {
        waiting[i].fd = -1;
      }
    }
    if (!interrupted && finished.out.find(interrupt_at) != std::string::npos) {
      ::kill(child, SIGINT);
      interrupted = true;
    }
  }
  ::close(out[0]);
  ::close(err[0]);
  finished.status = exit_status(child);
  return finished;
}

bool has_terminals() {
  int ours = -1, theirs = -1;
  if (::openpty(&ours, &theirs, nullptr, nullptr, nullptr) != 0) return false;
  ::close(ours);
  ::close(theirs);
  return true;
}

AtTerminal::AtTerminal(const Program& program, unsigned short columns) {
  winsize size{};
  size.ws_col = columns;
  size.ws_row = 30;
  int child_side = -1;
  if (::openpty(&terminal_, &child_side, nullptr, nullptr, &size) != 0) throw std::runtime_error("openpty");
  keep_ = ::fcntl(child_side, F_DUPFD_CLOEXEC, 3);  // so that its modes can be read after the child has ended
  ::fcntl(terminal_, F_SETFD, FD_CLOEXEC);
  child_ = ::fork();
  if (child_ == 0) {
    ::login_tty(child_side);
    become(program);
  }
  ::close(child_side);
}

AtTerminal::~AtTerminal() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    exit_status(child_);
  }
  ::close(terminal_);
  ::close(keep_);
}

void AtTerminal::type(const std::string& keys) {
  [[maybe_unused]] const auto written = ::write(terminal_, keys.data(), keys.size());
}

void AtTerminal::resize(unsigned short columns) {
  winsize size{};
  size.ws_col = columns;
  size.ws_row = 30;
  ::ioctl(terminal_, TIOCSWINSZ, &size);
}

bool AtTerminal::read_some(Clock::time_point until) {
  // keep_ holds the terminal open, so there is no end of file: whether the child lives is asked for instead.
  while (Clock::now() < until) {
    pollfd waiting{terminal_, POLLIN, 0};
    if (::poll(&waiting, 1, std::min(left(until), 50)) > 0) {
      std::array<char, 4096> buffer{};
      const auto size = ::read(terminal_, buffer.data(), buffer.size());
      if (size <= 0) return false;
      shown_.append(buffer.data(), static_cast<std::size_t>(size));
      return true;
    }
    int status = 0;
    if (child_ > 0 && ::waitpid(child_, &status, WNOHANG) == child_) {
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      child_ = -1;
    } else if (child_ < 0) {
      return false;
    }
  }
  return false;
}

bool AtTerminal::wait_for(const std::string& text) {
  const auto until = Clock::now() + 10s;
  for (;;) {
    const auto found = shown_.find(text, seen_);
    if (found != std::string::npos) {
      seen_ = found + text.size();
      return true;
    }
    if (!read_some(until)) return false;
  }
}

int AtTerminal::finish() {
  const auto until = Clock::now() + 10s;
  while (read_some(until)) {
  }
  return status_;
}

bool AtTerminal::cooked() const {
  termios mode{};
  return ::tcgetattr(keep_, &mode) == 0 && (mode.c_lflag & ICANON) && (mode.c_lflag & ECHO);
}

}  // namespace lavapp::test
