// Meter: CPU time of this process per message, between a warm-up and the end.
#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <cstdio>

namespace bench {

/// User and system time of the process so far, in microseconds.
inline double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

/// Count each message with hit(); it answers true at the last one. The first tenth only warms up.
class Meter {
 public:
  explicit Meter(std::uint64_t messages) : messages_(messages), warm_(messages / 10) {}

  bool hit(std::uint64_t bytes) {
    bytes_ += bytes;
    if (++seen_ == warm_) start_ = cpu_us();
    if (seen_ < messages_) return false;
    end_ = cpu_us();
    return true;
  }
  std::uint64_t seen() const { return seen_; }

  /// One line for the driver: microseconds of CPU per message, messages and bytes seen.
  void report() const {
    std::printf("%.6f %llu %llu\n", (end_ - start_) / static_cast<double>(messages_ - warm_),
                static_cast<unsigned long long>(seen_), static_cast<unsigned long long>(bytes_));
    std::fflush(stdout);
  }

 private:
  std::uint64_t messages_, warm_, seen_ = 0, bytes_ = 0;
  double start_ = 0, end_ = 0;
};

}  // namespace bench
