#include "lavapp/core/optional.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lavapp/core/function.hpp"
#include "lavapp/core/json_text.hpp"

namespace lavapp {
namespace {

TEST(Optional, HoldsNothingOrAValue) {
  Optional<std::string> text;
  EXPECT_FALSE(text);
  EXPECT_THROW((void)text.value(), std::bad_optional_access);
  EXPECT_EQ(text.value_or("other"), "other");
  text = "value";
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "value");
  EXPECT_EQ(text->size(), 5u);
  EXPECT_EQ(text.value_or("other"), "value");
  text.reset();
  EXPECT_FALSE(text.has_value());
}

TEST(Optional, EmptyBracesMeanNothingAndOthersAValue) {
  Optional<double> number = 1.5;
  number = {};
  EXPECT_FALSE(number);
  Optional<std::vector<int>> list;
  list = {1, 2, 3};
  EXPECT_EQ(list->size(), 3u);
  list = {};
  EXPECT_FALSE(list);
  list = std::nullopt;
  EXPECT_EQ(list, std::nullopt);
}

TEST(Optional, CopiesAndMovesItsValue) {
  const Optional<std::string> one = std::string(100, 'x');
  auto two = one;
  EXPECT_EQ(two, one);
  auto three = std::move(two);
  EXPECT_EQ(three, one);
  three = one;
  EXPECT_EQ(three, one);
  const auto& itself = three;
  three = itself;
  EXPECT_EQ(three, one);
  three = Optional<std::string>();
  EXPECT_NE(three, one);

  auto counted = std::make_shared<int>(7);
  {
    Optional<std::shared_ptr<int>> holder = counted;
    holder = *holder;
    EXPECT_EQ(counted.use_count(), 2);
  }
  EXPECT_EQ(counted.use_count(), 1);
}

TEST(Optional, ConvertsFromAndToTheStandardOne) {
  using namespace std::chrono_literals;
  Optional<std::chrono::milliseconds> time = 2s;
  std::optional<std::chrono::milliseconds> standard = time;
  EXPECT_EQ(standard, 2000ms);
  standard.reset();
  time = standard;
  EXPECT_FALSE(time);
  Optional<std::string> text = std::optional<std::string>("a");
  const std::optional<std::string> back(text);
  EXPECT_EQ(back, "a");
}

TEST(Optional, OfBoolIsAskedByName) {
  static_assert(!std::is_constructible_v<bool, Optional<bool>>);
  static_assert(std::is_constructible_v<bool, Optional<int>>);
  const Optional<bool> no = false;
  EXPECT_TRUE(no.has_value());
  EXPECT_FALSE(*no);
  const std::optional<bool> standard(no);
  EXPECT_EQ(standard, false);
}

TEST(Function, TakesWhatCanBeCalledAndSharesItWithItsCopies) {
  int calls = 0;
  const Function<int(int)> add = [&calls](int n) { return calls += n; };
  const auto copy = add;
  EXPECT_EQ(add(1), 1);
  EXPECT_EQ(copy(2), 3);
  const std::function<int(int)> standard = [](int n) { return 2 * n; };
  EXPECT_EQ(Function<int(int)>(standard)(4), 8);
}

TEST(Function, IsEmptyWhenMadeOfSomethingEmpty) {
  EXPECT_FALSE(Function<void()>());
  EXPECT_FALSE(Function<void()>(nullptr));
  EXPECT_FALSE(Function<void()>(std::function<void()>()));
  void (*none)() = nullptr;
  EXPECT_FALSE(Function<void()>(none));
  EXPECT_TRUE(Function<void()>([] {}));
}

TEST(JsonFields, CopiesAreApartAndWhatWasMovedFromIsEmpty) {
  JsonFields fields{{"a", JsonText("1")}};
  auto copy = fields;
  copy["a"] = JsonText("2");
  EXPECT_EQ(fields.find("a")->text, "1");
  fields = copy;
  EXPECT_EQ(fields.find("a")->text, "2");
  const auto& itself = fields;
  fields = itself;
  EXPECT_EQ(fields.size(), 1u);
  auto taken = std::move(fields);
  EXPECT_EQ(taken.size(), 1u);
  fields = JsonFields();
  EXPECT_TRUE(fields.empty() && !fields.find("a") && !fields.erase("a"));
  EXPECT_EQ(fields.begin(), fields.end());
  fields.clear();
  fields["b"] = JsonText("3");
  EXPECT_EQ(fields.begin()->name, "b");
}

TEST(JsonFields, KeepsEachNameOnceAndInOrder) {
  JsonFields fields{{"b", JsonText("1")}, {"a", JsonText("2")}, {"b", JsonText("3")}};
  ASSERT_EQ(fields.size(), 2u);
  EXPECT_EQ(fields.begin()->name, "b");
  EXPECT_EQ(fields["b"].text, "3");
  fields["c"] = JsonText("{}");
  ASSERT_NE(fields.find("c"), nullptr);
  EXPECT_EQ(fields.find("c")->text, "{}");
  EXPECT_TRUE(fields.erase("b"));
  EXPECT_FALSE(fields.erase("b"));
  EXPECT_EQ(fields.find("b"), nullptr);
  fields.clear();
  EXPECT_TRUE(fields.empty());
}

}  // namespace
}  // namespace lavapp
