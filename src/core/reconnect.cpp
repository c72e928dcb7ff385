#include "lavapp/core/reconnect.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace lavapp {
namespace {

constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24);

/// SplitMix64: https://prng.di.unimi.it/splitmix64.c states the constants. Jitter needs spread, not secrecy.
std::uint64_t draw(std::uint64_t& state) noexcept {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

Backoff::Backoff(ReconnectOptions options, std::uint64_t seed) : options_(options), random_(seed) {
  if (options_.initial_delay.count() <= 0) throw std::invalid_argument("lavapp: initial_delay must be more than 0 ms");
  if (!(options_.factor >= 1.0) || !std::isfinite(options_.factor)) throw std::invalid_argument("lavapp: factor must be a number of at least 1");
  if (options_.max_delay < options_.initial_delay) throw std::invalid_argument("lavapp: max_delay must be at least initial_delay");
  if (options_.max_delay > kLongest) throw std::invalid_argument("lavapp: max_delay must be at most a day");
  if (options_.stable_after.count() < 0) throw std::invalid_argument("lavapp: stable_after must be at least 0 ms");
}

std::optional<Backoff::milliseconds> Backoff::next(Optional<milliseconds> retry_after) {
  if (!options_.enabled) return {};
  if (options_.max_attempts && attempts_ >= *options_.max_attempts) return {};
  const double bound = std::min(static_cast<double>(options_.max_delay.count()),
                                static_cast<double>(options_.initial_delay.count()) *
                                    std::pow(options_.factor, static_cast<double>(attempts_)));
  if (attempts_ < std::numeric_limits<std::uint32_t>::max()) ++attempts_;
  auto delay = milliseconds(static_cast<milliseconds::rep>(bound));
  if (options_.jitter) {
    const auto steps = static_cast<std::uint64_t>(delay.count()) + 1;
    delay = milliseconds(static_cast<milliseconds::rep>(draw(random_) % steps));
  }
  if (retry_after) delay = std::max(delay, std::min(*retry_after, kLongest));
  return delay;
}

void Backoff::connection_lasted(milliseconds lifetime) {
  if (lifetime >= options_.stable_after) reset();
}

}  // namespace lavapp
