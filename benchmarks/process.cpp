#include "process.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace bench {

Process::Process(const std::vector<std::string>& arguments, Errors errors) {
  int ends[2];
  if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    if (errors == Errors::captured) dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
}

Process::~Process() {
  if (output_ >= 0) close(output_);
  if (pid_ > 0) {
    kill(pid_, SIGTERM);
    wait();
  }
}

std::string Process::line() {
  std::string text;
  for (char c; read(output_, &c, 1) == 1 && c != '\n';) text.push_back(c);
  return text;
}

std::string Process::rest() {
  std::string text;
  char block[4'096];
  for (ssize_t n; (n = read(output_, block, sizeof block)) > 0;) text.append(block, static_cast<std::size_t>(n));
  return text;
}

int Process::wait() {
  if (pid_ <= 0) return -1;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace bench
