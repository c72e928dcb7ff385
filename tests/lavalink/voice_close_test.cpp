#include "lavalink/voice_close.hpp"

#include <gtest/gtest.h>

namespace lavapp::lavalink {
namespace {

TEST(VoiceClose, EachCodeHasItsConsequence) {
  for (const int code : {1000, 1006, 4006, 4009, 4011, 4015, 4999}) {
    EXPECT_EQ(after_voice_close(code), AfterVoiceClose::renew) << code;
  }
  for (const int code : {4014, 4022}) EXPECT_EQ(after_voice_close(code), AfterVoiceClose::wait_for_move) << code;
  for (const int code : {4004, 4012, 4016, 4017}) EXPECT_EQ(after_voice_close(code), AfterVoiceClose::give_up) << code;
  EXPECT_EQ(after_voice_close(4021), AfterVoiceClose::renew_later);
}

TEST(VoiceClose, EachCodeHasItsError) {
  const std::pair<int, Errc> errors[] = {{4004, Errc::voice_authentication_failed}, {4014, Errc::voice_disconnected},
                                         {4022, Errc::voice_disconnected},          {4017, Errc::voice_dave_required},
                                         {4021, Errc::voice_rate_limited},          {4006, Errc::voice_closed}};
  for (const auto& [code, errc] : errors) {
    const auto error = voice_close_error(code, "Discord's words");
    EXPECT_TRUE(error == errc) << code;
    EXPECT_EQ(error.close_code, code);
    EXPECT_EQ(error.message, "Discord's words");
  }
}

TEST(VoiceClose, OnlyDaveCannotGetBetterByTryingAgain) {
  EXPECT_TRUE(is_fatal(voice_close_error(4017, "")));
  for (const int code : {4004, 4006, 4014, 4021}) EXPECT_FALSE(is_fatal(voice_close_error(code, ""))) << code;
}

}  // namespace
}  // namespace lavapp::lavalink
