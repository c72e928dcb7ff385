#include <zlib.h>
#include <zstd.h>

#include "discord/etf.hpp"
#include "discord/event_samples.hpp"
#include "gateway_fuzz.hpp"

namespace lavapp::test {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

std::string deflated(const std::string& text, int flush) {
  z_stream stream{};
  deflateInit(&stream, 6);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, flush);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

}  // namespace

std::vector<std::string> payload_seeds() {
  return {
      R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250,"_trace":["x"]}})",
      R"({"t":"READY","s":1,"op":0,"d":{"v":10,"user":{"id":"1","username":"u"},"guilds":[{"id":"2","unavailable":true}],)"
      R"("session_id":"s","resume_gateway_url":"wss://r","application":{"id":"3"}}})",
      R"({"t":"VOICE_STATE_UPDATE","s":2,"op":0,"d":{"guild_id":"1","channel_id":null,"user_id":"2","session_id":"s"}})",
      R"({"t":"VOICE_SERVER_UPDATE","s":3,"op":0,"d":{"token":"t","guild_id":"1","endpoint":null}})",
      R"({"op":11})",
      R"({"op":9,"d":false})",
      R"({ "d" : [ 1 , { "a" : "b\u00e9\"" } ] , "s" : 18446744073709551615 , "t" : "A\nB" , "op" : 0 })",
      R"({"op":1,"d":12345678901234567890})",
      R"({"op":-1})",
      R"({"op":"0"})",
      R"([])",
      R"({"op":0,"d":)",
      R"({"op":0,"s":-1})",
      R"({"t":5,"op":0})",
      "",
  };
}

std::vector<std::string> event_seeds() {
  using namespace discord;
  // In the order in which the first byte chooses them.
  const std::string samples[] = {sample::hello,   sample::guild_delete, sample::ready,       sample::voice_state, sample::voice_server,
                                 sample::voice_channel_status, sample::guild_create, sample::guild_delete, sample::message,
                                 sample::interaction};
  std::vector<std::string> seeds;
  for (const auto& text : samples) seeds.push_back(static_cast<char>(seeds.size()) + text);
  const auto interaction = seeds.back().substr(0, 1);
  for (const auto& text : {sample::component, sample::form, std::string("{}"), std::string("null")}) seeds.push_back(interaction + text);
  return seeds;
}

std::vector<std::string> etf_seeds() {
  std::vector<std::string> seeds{
      bytes({131, 97, 255}),
      bytes({131, 107, 0, 2, 0, 255}),
      bytes({131, 108, 0, 0, 0, 1, 98, 0, 0, 1, 0, 106}),
      bytes({131, 110, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
      bytes({131, 111, 0, 0, 0, 2, 0, 1, 1}),
      bytes({131, 70, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0}),
      bytes({131, 99}) + std::string("1.50000000000000000000e+00") + std::string(5, '\0'),
      bytes({131, 104, 2, 119, 3}) + "nil" + bytes({115, 4}) + "true",
      bytes({131, 105, 0, 0, 0, 1, 106}),
      bytes({131, 100, 0, 4}) + "null",
      bytes({131, 200}),
      bytes({131, 116, 255, 255, 255, 255}),
  };
  for (const auto& text : payload_seeds()) {
    if (auto term = discord::etf::from_json(text)) seeds.push_back(*std::move(term));
  }
  return seeds;
}

std::vector<std::string> decompressor_seeds() {
  std::vector<std::string> seeds;
  for (const auto& text : payload_seeds()) {
    seeds.push_back(bytes({0, 5}) + deflated(text, Z_SYNC_FLUSH));
    seeds.push_back(bytes({1, 0}) + zstd(text));
    seeds.push_back(bytes({2, 0}) + deflated(text, Z_FINISH));
  }
  seeds.push_back(bytes({0, 1}) + deflated(std::string(1'000'000, 'x'), Z_SYNC_FLUSH));
  seeds.push_back(bytes({1, 1}) + zstd(std::string(1'000'000, 'x')));
  return seeds;
}

}  // namespace lavapp::test
