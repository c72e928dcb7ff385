// Meters: CPU time of this process per message, between a warm-up and the end; memory per connection at rest.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

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

/// Of this process, in KiB: what is in memory now.
inline double resident_kib() {
  long total = 0, resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

/// For connections at rest: begin() when a few are open, open() when all are, report() after a while. So with players.
class IdleMeter {
 public:
  explicit IdleMeter(std::uint64_t connections) : connections_(connections) {}
  void begin() { kib_ = resident_kib(); }
  void open() {
    kib_ = resident_kib() - kib_;
    cpu_ = cpu_us();
  }
  /// One line for the driver: KiB for each, and microseconds of CPU for all in a second.
  void report(double seconds) const {
    std::printf("%.6f %.6f\n", kib_ / static_cast<double>(connections_), (cpu_us() - cpu_) / seconds);
    std::fflush(stdout);
  }

 private:
  std::uint64_t connections_;
  double kib_ = 0, cpu_ = 0;
};

}  // namespace bench
