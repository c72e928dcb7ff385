// Sends mixed messages to a server that echoes them, and checks that each comes back as it went, in order.
//   interop_client URL MESSAGES     MESSAGES in all, over every set of parameters and every seed
#include "mixed_messages.hpp"

#include <lavapp/future.hpp>
#include <lavapp/websocket.hpp>

#include <chrono>
#include <cstdio>
#include <deque>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t kSeeds[] = {1, 20'260'801, 0x9E3779B97F4A7C15};
constexpr std::size_t kInFlight = 32;

struct Parameters {
  const char* name;
  lavapp::CompressionOptions compression;
};

std::vector<Parameters> parameter_sets() {
  std::vector<Parameters> sets;
  const auto add = [&](const char* name, auto&& change) {
    lavapp::CompressionOptions options;
    options.enabled = true;
    options.threshold = 0;  // whatever can be compressed is
    change(options);
    sets.push_back({name, options});
  };
  add("default", [](auto&) {});
  add("from 1 KiB on", [](auto& o) { o.threshold = 1024; });
  add("client_no_context_takeover", [](auto& o) { o.client_no_context_takeover = true; });
  add("server_no_context_takeover", [](auto& o) { o.server_no_context_takeover = true; });
  add("no context takeover, windows of 9 and 12 bits", [](auto& o) {
    o.client_no_context_takeover = o.server_no_context_takeover = true;
    o.client_max_window_bits = 9;
    o.server_max_window_bits = 12;
  });
  add("windows of 10 and 9 bits, level 1", [](auto& o) {
    o.client_max_window_bits = 10;
    o.server_max_window_bits = 9;
    o.level = 1;
  });
  add("no compression", [](auto& o) { o.enabled = false; });
  return sets;
}

/// One connection: `count` messages there and back. Everything but construction is on the runtime's thread.
class Run {
 public:
  Run(lavapp::Runtime& runtime, const std::string& url, const lavapp::CompressionOptions& compression, std::uint64_t seed,
      std::size_t count)
      : messages_(seed), left_(count), expected_left_(count), ws_(runtime, url, options(compression)) {
    ws_.on(lavapp::WebSocket::open, [this](const lavapp::HandshakeResponse&) { send_more(); });
    ws_.on(lavapp::WebSocket::message, [this](const lavapp::WebSocket::Message& message) { came(message); });
    ws_.on(lavapp::WebSocket::error, [this](const lavapp::Error& error) { end(error.what()); });
    ws_.on(lavapp::WebSocket::closed, [this](const lavapp::WebSocket::Close& close) {
      end("closed with " + std::to_string(close.code) + " before all had come back");
    });
  }

  /// Returns the bytes that went; throws what went wrong.
  std::uint64_t finish() {
    auto over = over_.get_future();
    const auto response = ws_.connect(lavapp::use_future).get();
    const auto* extensions = lavapp::find_header(response.headers, "Sec-WebSocket-Extensions");
    agreed_ = extensions != nullptr ? *extensions : "";
    const auto problem = over.get();
    if (!problem.empty()) throw std::runtime_error(problem);
    ws_.close(1000, "", lavapp::use_future).get();
    return bytes_;
  }
  const std::string& agreed() const { return agreed_; }

 private:
  static lavapp::WebSocketOptions options(const lavapp::CompressionOptions& compression) {
    lavapp::WebSocketOptions result;
    result.compression = compression;
    result.max_queue_bytes = 64 * 1024 * 1024;
    result.idle_timeout = std::chrono::seconds(60);
    return result;
  }

  void send_more() {
    while (left_ > 0 && expected_.size() < kInFlight) {
      --left_;
      expected_.push_back(messages_.next());
      const auto& next = expected_.back();
      bytes_ += next.data.size();
      if (auto sent = next.binary ? ws_.send_binary(next.data) : ws_.send(next.data); !sent) return end(sent.error().what());
    }
  }

  void came(const lavapp::WebSocket::Message& message) {
    const auto number = std::to_string(came_++);
    if (expected_.empty()) return end("message " + number + " was never sent");
    const auto& expected = expected_.front();
    if (message.binary != expected.binary || message.data != expected.data) {
      return end("message " + number + " of " + std::to_string(expected.data.size()) + " bytes came back as another, of " +
                 std::to_string(message.data.size()));
    }
    expected_.pop_front();
    if (--expected_left_ == 0) return end("");
    send_more();
  }

  void end(const std::string& problem) {
    if (!std::exchange(ended_, true)) over_.set_value(problem);
  }

  MixedMessages messages_;
  std::deque<MixedMessage> expected_;
  std::size_t left_, expected_left_, came_ = 0;
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
  std::promise<std::string> over_;
  std::string agreed_;
  lavapp::WebSocket ws_;  // the last: its listeners use what is above
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) return std::fputs("usage: interop_client URL MESSAGES\n", stderr), 2;
  const auto sets = parameter_sets();
  const auto runs = sets.size() * std::size(kSeeds);
  const auto each = (std::stoul(argv[2]) + runs - 1) / runs;
  lavapp::Runtime runtime;
  std::printf("%-46s %9s %8s %6s  %s\n", "parameters", "messages", "MiB", "s", "agreed");
  std::size_t all = 0;
  for (const auto& set : sets) {
    std::string agreed;
    std::uint64_t bytes = 0;
    const auto began = std::chrono::steady_clock::now();
    for (const auto seed : kSeeds) {
      Run run(runtime, argv[1], set.compression, seed, each);
      try {
        bytes += run.finish();
      } catch (const std::exception& error) {
        throw std::runtime_error(std::string(set.name) + ", seed " + std::to_string(seed) + ": " + error.what());
      }
      agreed = run.agreed();
      if (set.compression.enabled != (agreed.find("permessage-deflate") != agreed.npos)) {
        throw std::runtime_error(std::string(set.name) + ": the server agreed upon \"" + agreed + "\"");
      }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    all += each * std::size(kSeeds);
    std::printf("%-46s %9zu %8.1f %6.1f  %s\n", set.name, each * std::size(kSeeds), static_cast<double>(bytes) / (1 << 20),
                took.count(), agreed.empty() ? "-" : agreed.c_str());
    std::fflush(stdout);
  }
  std::printf("%zu messages came back as they went\n", all);
} catch (const std::exception& error) {
  return std::fprintf(stderr, "interop_client: %s\n", error.what()), 1;
}
