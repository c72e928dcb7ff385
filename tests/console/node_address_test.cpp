#include "node_address.hpp"

#include <gtest/gtest.h>

using namespace console;

namespace {

std::string parsed(std::string_view text) {
  const auto address = parse_node_address(text);
  return address ? address->host + " " + std::to_string(address->port) : "error: " + address.error().message;
}

}  // namespace

TEST(NodeAddress, ReadsHostsAndPorts) {
  EXPECT_EQ(parsed("localhost"), "localhost 2333");
  EXPECT_EQ(parsed("lavalink.example.org:443"), "lavalink.example.org 443");
  EXPECT_EQ(parsed("127.0.0.1:1"), "127.0.0.1 1");
  EXPECT_EQ(parsed("node:65535"), "node 65535");
}

TEST(NodeAddress, ReadsIpv6WithAndWithoutBrackets) {
  EXPECT_EQ(parsed("[::1]:2444"), "::1 2444");
  EXPECT_EQ(parsed("[2001:db8::7]"), "2001:db8::7 2333");
  EXPECT_EQ(parsed("::1"), "::1 2333");
  EXPECT_EQ(to_string(NodeAddress{"::1", 2333}), "[::1]:2333");
  EXPECT_EQ(to_string(NodeAddress{"localhost", 80}), "localhost:80");
}

TEST(NodeAddress, SaysWhatIsWrong) {
  EXPECT_NE(parsed("").find("the host is missing"), std::string::npos);
  EXPECT_NE(parsed(":2333").find("the host is missing"), std::string::npos);
  EXPECT_NE(parsed("[]:1").find("the host is missing"), std::string::npos);
  EXPECT_NE(parsed("[::1").find("bracket"), std::string::npos);
  EXPECT_NE(parsed("[::1]2333").find("bracket"), std::string::npos);
  EXPECT_NE(parsed("wss://host").find("--secure"), std::string::npos);
  EXPECT_NE(parsed("host/lavalink").find("--path-prefix"), std::string::npos);
  EXPECT_NE(parsed("ho st").find("odd character"), std::string::npos);
  EXPECT_NE(parsed("user@host").find("odd character"), std::string::npos);
  for (const auto* text : {"host:", "host:0", "host:65536", "host:x", "host:-1", "host:80x", "host:99999999999"}) {
    EXPECT_NE(parsed(text).find("1 to 65535"), std::string::npos) << text;
  }
}
