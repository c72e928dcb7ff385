#include "signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace console {
namespace {

constexpr int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP};
volatile std::sig_atomic_t write_end = -1;

// Runs in signal context: nothing but write(2) is allowed here.
void on_signal(int number) {
  const auto saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const auto written = ::write(write_end, &byte, 1);
  errno = saved;
}

}  // namespace

Signals::Signals() {
  if (::pipe2(pipe_.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
  write_end = pipe_[1];
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : caught) ::sigaction(number, &action, nullptr);
}

Signals::~Signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (const int number : caught) ::sigaction(number, &action, nullptr);
  ::close(pipe_[0]);
  ::close(pipe_[1]);
}

int Signals::take() const {
  unsigned char byte = 0;
  return ::read(pipe_[0], &byte, 1) == 1 ? byte : -1;
}

void Signals::wake() const {
  const unsigned char byte = 0;
  [[maybe_unused]] const auto written = ::write(pipe_[1], &byte, 1);
}

}  // namespace console
