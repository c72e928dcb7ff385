#include "table.hpp"

#include <gtest/gtest.h>

#include "text.hpp"

using namespace console;

namespace {

const Look plain{.colour = false, .unicode = true};

Table sample(std::size_t columns) {
  Table table(columns, plain);
  table.row("events", "12 of one kind and 7 of another").row("took", "3.0 s");
  return table;
}

}  // namespace

TEST(Table, SetsTextsBeneathEachOther) {
  EXPECT_EQ(sample(0).lines(),
            (std::vector<std::string>{"  events      12 of one kind and 7 of another", "  took        3.0 s"}));
}

TEST(Table, BreaksTextsWhereTheTerminalEnds) {
  EXPECT_EQ(sample(30).lines(), (std::vector<std::string>{"  events      12 of one kind", "              and 7 of",
                                                          "              another", "  took        3.0 s"}));
  for (std::size_t columns = 20; columns < 60; ++columns) {
    for (const auto& line : sample(columns).lines()) EXPECT_LT(display_width(line), columns);
  }
}
