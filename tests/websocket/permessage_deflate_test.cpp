#include "websocket/permessage_deflate.hpp"

#include <gtest/gtest.h>

namespace lavapp::websocket {
namespace {

CompressionOptions on() {
  CompressionOptions options;
  options.enabled = true;
  return options;
}

/// What is agreed upon when a server answers with `field`.
Result<std::optional<PermessageDeflate>> answered(const std::string& field, const CompressionOptions& offered = on()) {
  return accept_extensions({field}, offered);
}

bool refused(const std::string& field, const CompressionOptions& offered = on()) {
  const auto result = answered(field, offered);
  return !result && result.error() == Errc::bad_handshake;
}

}  // namespace

TEST(PermessageDeflate, OffersNothingUnlessAskedTo) {
  EXPECT_EQ(offer_extensions({}), "");
  EXPECT_EQ(offer_extensions(on()), "permessage-deflate; client_max_window_bits");
}

TEST(PermessageDeflate, OffersWhatTheOptionsSay) {
  auto options = on();
  options.client_max_window_bits = 10;
  options.server_max_window_bits = 11;
  options.client_no_context_takeover = true;
  options.server_no_context_takeover = true;
  EXPECT_EQ(offer_extensions(options),
            "permessage-deflate; client_max_window_bits=10; server_max_window_bits=11; client_no_context_takeover; "
            "server_no_context_takeover");
}

TEST(PermessageDeflate, LetsAServerDecline) {
  const auto none = accept_extensions({}, on());
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  const auto empty = answered(" ");
  ASSERT_TRUE(empty);
  EXPECT_FALSE(*empty);
}

TEST(PermessageDeflate, TakesThePlainAnswer) {
  const auto agreed = answered("permessage-deflate");
  ASSERT_TRUE(agreed && *agreed);
  EXPECT_EQ((*agreed)->sending.window_bits, 15);
  EXPECT_EQ((*agreed)->receiving.window_bits, 15);
  EXPECT_TRUE((*agreed)->sending.context_takeover);
  EXPECT_TRUE((*agreed)->receiving.context_takeover);
}

TEST(PermessageDeflate, TakesEveryParameter) {
  const auto agreed = answered(
      "permessage-deflate ; server_no_context_takeover;client_no_context_takeover; server_max_window_bits=10; "
      "client_max_window_bits=\"12\"");
  ASSERT_TRUE(agreed && *agreed);
  EXPECT_EQ((*agreed)->sending.window_bits, 12);
  EXPECT_EQ((*agreed)->receiving.window_bits, 10);
  EXPECT_FALSE((*agreed)->sending.context_takeover);
  EXPECT_FALSE((*agreed)->receiving.context_takeover);
}

TEST(PermessageDeflate, KeepsItsOwnBoundsWhereTheServerAllowsMore) {
  auto options = on();
  options.client_max_window_bits = 10;
  options.client_no_context_takeover = true;
  const auto agreed = answered("permessage-deflate; client_max_window_bits=15", options);
  ASSERT_TRUE(agreed && *agreed);
  EXPECT_EQ((*agreed)->sending.window_bits, 10);
  EXPECT_FALSE((*agreed)->sending.context_takeover);
}

TEST(PermessageDeflate, RefusesWhatWasNotOffered) {
  EXPECT_TRUE(refused("permessage-deflate", {}));
  EXPECT_TRUE(refused("x-webkit-deflate-frame"));
  EXPECT_TRUE(refused("permessage-deflate, permessage-deflate"));
  EXPECT_TRUE(refused("permessage-deflate, x-other"));
  const auto two = accept_extensions({"permessage-deflate", "permessage-deflate"}, on());
  EXPECT_FALSE(two);
}

TEST(PermessageDeflate, RefusesParametersThatRfc7692DoesNotAllow) {
  for (const auto* parameter :
       {"unknown", "unknown=1", "server_no_context_takeover=1", "client_no_context_takeover=true",
        "server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=08",
        "server_max_window_bits=1x", "client_max_window_bits", "client_max_window_bits=7", "client_max_window_bits=",
        "server_max_window_bits=10; server_max_window_bits=10", "server_no_context_takeover; server_no_context_takeover",
        "client_max_window_bits=999999999999", "server_max_window_bits=\"10", "=10"}) {
    EXPECT_TRUE(refused(std::string("permessage-deflate; ") + parameter)) << parameter;
  }
}

TEST(PermessageDeflate, InsistsOnWhatItAskedFor) {
  auto bits = on();
  bits.server_max_window_bits = 10;
  EXPECT_TRUE(refused("permessage-deflate", bits));
  EXPECT_TRUE(refused("permessage-deflate; server_max_window_bits=11", bits));
  EXPECT_FALSE(refused("permessage-deflate; server_max_window_bits=9", bits));
  auto takeover = on();
  takeover.server_no_context_takeover = true;
  EXPECT_TRUE(refused("permessage-deflate", takeover));
  EXPECT_FALSE(refused("permessage-deflate; server_no_context_takeover", takeover));
}

TEST(PermessageDeflate, NamesTheOptionThatIsOutOfRange) {
  EXPECT_TRUE(check_compression({}));
  const auto wrong = [](auto change) {
    CompressionOptions options;
    change(options);
    const auto checked = check_compression(options);
    return checked ? std::string() : checked.error().message;
  };
  EXPECT_EQ(wrong([](auto& o) { o.client_max_window_bits = 8; }), "compression.client_max_window_bits must be 9 to 15");
  EXPECT_EQ(wrong([](auto& o) { o.server_max_window_bits = 16; }), "compression.server_max_window_bits must be 8 to 15");
  EXPECT_EQ(wrong([](auto& o) { o.level = 0; }), "compression.level must be 1 to 9");
  EXPECT_EQ(wrong([](auto& o) { o.memory_level = 10; }), "compression.memory_level must be 1 to 9");
}

}  // namespace lavapp::websocket
