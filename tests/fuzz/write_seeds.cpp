// Writes the seeds of each fuzzer to DIRECTORY/<its name>/, a corpus for it to begin with: ./write_seeds DIRECTORY
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "deflate_fuzz.hpp"
#include "frame_fuzz.hpp"
#include "gateway_fuzz.hpp"
#include "handshake_fuzz.hpp"
#include "lavalink/samples.hpp"
#include "proxy_fuzz.hpp"
#include "rest_fuzz.hpp"
#include "track_codec_fuzz.hpp"
#include "url_fuzz.hpp"

namespace {

using namespace lavapp::test;

void write(const std::filesystem::path& directory, const std::vector<std::string>& seeds) {
  std::filesystem::create_directories(directory);
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    std::ofstream file(directory / std::to_string(i), std::ios::binary);
    file << seeds[i];
    if (!file.flush()) throw std::runtime_error("cannot write to " + directory.string());
  }
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 2) {
    std::cerr << "usage: write_seeds DIRECTORY\n";
    return 2;
  }
  const std::filesystem::path directory = arguments[1];
  write(directory / "frame_fuzzer", frame_seeds());
  write(directory / "message_fuzzer", {std::begin(sample::messages), std::end(sample::messages)});
  write(directory / "url_fuzzer", url_seeds());
  write(directory / "handshake_fuzzer", handshake_seeds());
  write(directory / "proxy_fuzzer", proxy_seeds());
  write(directory / "track_codec_fuzzer", track_codec_seeds());
  write(directory / "inflate_fuzzer", inflate_seeds());
  write(directory / "deflate_fuzzer", deflate_seeds());
  write(directory / "etf_fuzzer", etf_seeds());
  write(directory / "payload_fuzzer", payload_seeds());
  write(directory / "event_fuzzer", event_seeds());
  write(directory / "decompressor_fuzzer", decompressor_seeds());
  write(directory / "rest_body_fuzzer", rest_body_seeds());
  write(directory / "rest_error_fuzzer", rest_error_seeds());
  write(directory / "plugin_event_fuzzer", plugin_event_seeds());
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
