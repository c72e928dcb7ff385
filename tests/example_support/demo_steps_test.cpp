#include "demo_steps.hpp"

#include <gtest/gtest.h>

#include <csignal>

using namespace console;
using lavapp::Errc;
using lavapp::Error;
using lavapp::Result;

namespace {

/// A demo of the steps that a test gives it.
class Sample final : public DemoSteps {
 public:
  Sample() : DemoSteps(loop, screen, true) {}

  using DemoSteps::add;
  using DemoSteps::check;
  using DemoSteps::must;
  using DemoSteps::show_for;
  using DemoSteps::until;

  DemoEnd run() {
    testing::internal::CaptureStdout();
    const auto end = run_steps([] { return Rows{{"events", "none"}}; });
    shown = testing::internal::GetCapturedStdout();
    return end;
  }
  bool shows(const std::string& text) const { return shown.find(text) != std::string::npos; }

  Loop loop;
  Screen screen{true};
  std::string shown;
};

}  // namespace

TEST(DemoSteps, PassIfEachOfThemDoes) {
  Sample demo;
  demo.add("First", [] { return "one"; });
  demo.add("Second", [] { return "two"; });
  EXPECT_EQ(demo.run(), DemoEnd::passed);
  EXPECT_TRUE(demo.shows("ok First   one")) << demo.shown;
  EXPECT_TRUE(demo.shows("events      none")) << demo.shown;
  EXPECT_TRUE(demo.shows("All 2 of 2 steps done.")) << demo.shown;
}

TEST(DemoSteps, StopAtTheFirstThatFails) {
  Sample demo;
  demo.add("First", [] { return "one"; });
  demo.add("Second", [&]() -> std::string {
    demo.check(false, "it is broken");
    return "two";
  });
  demo.add("Third", [] { return "three"; });
  EXPECT_EQ(demo.run(), DemoEnd::failed);
  EXPECT_TRUE(demo.shows("FAILED Second  it is broken")) << demo.shown;
  EXPECT_TRUE(demo.shows("-- Third   not reached")) << demo.shown;
  EXPECT_TRUE(demo.shows("Only 1 of 3 steps done.")) << demo.shown;
}

TEST(DemoSteps, FailIfWhatMustComeDoesNotComeInTime) {
  Sample demo;
  demo.add("Wait", [&] {
    demo.until(
        "the end of time", [] { return false; }, std::chrono::milliseconds(1));
    return "";
  });
  EXPECT_EQ(demo.run(), DemoEnd::failed);
  EXPECT_TRUE(demo.shows("the end of time did not happen")) << demo.shown;
}

TEST(DemoSteps, FailWithTheErrorOfAnOperation) {
  Sample demo;
  demo.add("Ask", [&] { return std::to_string(demo.must(Result<int>(Error(Errc::rate_limited, "later")))); });
  EXPECT_EQ(demo.run(), DemoEnd::failed);
  EXPECT_TRUE(demo.shows("rate limited: later")) << demo.shown;
}

TEST(DemoSteps, EndWhereTheyAreInterrupted) {
  Sample demo;
  demo.add("Show", [&] {
    std::raise(SIGINT);
    demo.show_for(std::chrono::milliseconds(1));
    return "";
  });
  EXPECT_EQ(demo.run(), DemoEnd::interrupted);
  EXPECT_TRUE(demo.shows("-- Show  not reached")) << demo.shown;
}
