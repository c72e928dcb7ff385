// What the clients of other libraries have in common: the arguments, and the exit status for what they cannot do.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

struct PeerLoad {
  std::uint16_t port = 0;
  std::string kind, layer;
  std::size_t size = 0;
  std::uint64_t messages = 0;

  bool echo() const { return kind == "echo"; }
  bool tls() const { return layer == "tls"; }
  bool deflate() const { return layer == "deflate"; }
};

constexpr int kUnsupported = 3;

/// PROGRAM SUBJECT PORT KIND SIZE COUNT LAYER
inline PeerLoad read_arguments(int argc, char** argv) {
  if (argc != 7) std::exit(2);
  PeerLoad load;
  load.port = static_cast<std::uint16_t>(std::stoi(argv[2]));
  load.kind = argv[3];
  load.size = std::stoul(argv[4]);
  load.messages = std::stoull(argv[5]);
  load.layer = argv[6];
  if (load.kind != "echo" && load.kind != "receive") std::exit(kUnsupported);
  return load;
}
