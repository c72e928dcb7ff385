#include "checklist.hpp"

#include <gtest/gtest.h>

#include "text.hpp"

using namespace console;

namespace {

const Look plain{.colour = false, .unicode = true};

Checklist sample() {
  Checklist list;
  list.add("Connect");
  list.add("Play");
  list.add("Shut down");
  list.pass(0, "in 3 ms");
  list.fail(1, "nothing was heard");
  return list;
}

}  // namespace

TEST(Checklist, MarksEachStep) {
  EXPECT_EQ(sample().render(0, plain),
            (std::vector<std::string>{"  ✓ Connect    in 3 ms", "  ✗ Play       nothing was heard",
                                      "  – Shut down  not reached"}));
}

TEST(Checklist, IsPassedOnlyIfEveryStepIs) {
  auto list = sample();
  EXPECT_EQ(list.passed(), 1u);
  EXPECT_FALSE(list.all_passed());
  list.pass(1);
  EXPECT_FALSE(list.all_passed());
  list.pass(2);
  EXPECT_TRUE(list.all_passed());
  EXPECT_FALSE(Checklist().all_passed());
}

TEST(Checklist, KeepsWithinTheTerminal) {
  for (std::size_t columns = 6; columns < 60; ++columns) {
    for (const auto& line : sample().render(columns, plain)) EXPECT_LT(display_width(line), columns);
  }
}
