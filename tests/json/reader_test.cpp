// The rules of reading by tables, on a struct that is made for this.
#include "json/reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace lavapp::json {

enum class Colour { red, unknown };
template <>
struct Spelling<Colour> {
  static constexpr std::pair<std::string_view, Colour> list[] = {{"rouge", Colour::red}};
};

struct Inner {
  int number = -1;
};
template <>
struct Table<Inner> {
  static constexpr std::tuple fields{required("number", &Inner::number)};
};

struct Outer {
  std::string name = {};
  Snowflake id = {};
  Named<Colour> colour = {};
  Optional<Inner> inner = {};
  std::vector<Inner> list = {};
  JsonText any = {};
  JsonFields rest = {};
};
template <>
struct Table<Outer> {
  static constexpr std::tuple fields{required("name", &Outer::name),     optional("id", &Outer::id),
                                     optional("colour", &Outer::colour), optional("inner", &Outer::inner),
                                     optional("list", &Outer::list),     optional("any", &Outer::any)};
  static constexpr auto unknown = &Outer::rest;
};

enum class Size : int { small = 1, large = 2 };

bool read_twice(sj::value& value, int& out, Fault& fault) {
  if (!read(value, out, fault)) return false;
  out *= 2;
  return true;
}

struct Loose {
  int number = 7;
  std::string text = "default";
  Size size = Size::small;
  int twice = 0;
  JsonText any = {};
};
template <>
struct Table<Loose> : Lenient {
  static constexpr std::tuple fields{required("number", &Loose::number), optional("text", &Loose::text),
                                     optional("size", &Loose::size), optional("twice", &Loose::twice, read_twice),
                                     optional("any", &Loose::any, read_unchecked)};
};
struct Derived : Loose {
  bool more = false;
};
template <>
struct Table<Derived> : Lenient {
  static constexpr std::tuple fields{required("number", &Derived::number), required("more", &Derived::more)};
};

namespace {

/// What is wrong with `text`; empty if it could be read.
template <class T>
std::string fault_of(std::string text, T& out) {
  pad(text);
  sj::parser parser;
  sj::document document;
  sj::object object;
  Fault fault;
  if (parser.iterate(text).get(document)) return "no JSON";
  const bool read = root_object(document, object, fault) && read_object(object, out, fault) && read_end(document, fault);
  return read ? "" : fault.message("it");
}
std::string fault_of(std::string text) {
  Outer out;
  return fault_of(std::move(text), out);
}
Outer read_good(std::string text) {
  Outer out;
  EXPECT_EQ(fault_of(std::move(text), out), "");
  return out;
}

TEST(ReadByTable, TakesFieldsInAnyOrder) {
  std::vector<std::string> members{R"("name":"n")", R"("id":"5")", R"("colour":"rouge")", R"("inner":{"number":1})", R"("list":[{"number":2}])"};
  std::sort(members.begin(), members.end());
  do {
    std::string text;
    for (const auto& each : members) text += (text.empty() ? "{" : ",") + each;
    const auto out = read_good(text + "}");
    EXPECT_EQ(out.name, "n");
    EXPECT_EQ(out.id, Snowflake(5));
    EXPECT_EQ(out.colour, Colour::red);
    EXPECT_EQ(out.inner->number, 1);
    ASSERT_EQ(out.list.size(), 1u);
    EXPECT_EQ(out.list[0].number, 2);
  } while (std::next_permutation(members.begin(), members.end()));
}

TEST(ReadByTable, KeepsWhatItDoesNotKnow) {
  const auto out = read_good(R"({"name":"n","colour":"bleu","any":{ "x" : 1 },"new":[1, 2],"\u006eewer":"y"})");
  EXPECT_EQ(out.colour, Colour::unknown);
  EXPECT_EQ(out.colour.text, "bleu");
  EXPECT_EQ(out.any.text, R"({ "x" : 1 })");
  ASSERT_EQ(out.rest.size(), 2u);
  EXPECT_EQ(out.rest.find("new")->text, "[1, 2]");
  EXPECT_EQ(out.rest.find("newer")->text, R"("y")");
}

TEST(ReadByTable, GivesWhatIsAbsentItsDefault) {
  auto out = read_good(R"({"name":"n","id":"5","colour":"rouge","inner":{"number":1},"list":[{"number":2}],"any":1,"new":1})");
  EXPECT_EQ(fault_of(R"({"name":"m"})", out), "");
  EXPECT_EQ(out.name, "m");
  EXPECT_EQ(out.id, Snowflake());
  EXPECT_EQ(out.colour, Colour::unknown);
  EXPECT_FALSE(out.inner);
  EXPECT_TRUE(out.list.empty());
  EXPECT_TRUE(out.any.empty());
  EXPECT_TRUE(out.rest.empty());
}

TEST(ReadByTable, UnderstandsEscapedNames) {
  EXPECT_EQ(read_good(R"({"n\u0061me":"n"})").name, "n");
  EXPECT_EQ(fault_of(R"({"name":"n","\x":1})"), "it has a field whose name has an escape that JSON does not know");
}

TEST(ReadByTable, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(fault_of("{}"), "name is missing");
  EXPECT_EQ(fault_of("[]"), "it must be an object, is an array");
  EXPECT_EQ(fault_of(R"({"name":null})"), "name must be a string, is null");
  EXPECT_EQ(fault_of(R"({"name":"n","id":"x"})"), "id must be an id, in digits");
  EXPECT_EQ(fault_of(R"({"name":"n","inner":{"number":1.5}})"), "inner.number must be an integer, has a fraction");
  EXPECT_EQ(fault_of(R"({"name":"n","list":[{"number":1},{}]})"), "list[1].number is missing");
  EXPECT_EQ(fault_of(R"({"name":"n"}{})"), "it is malformed JSON (something stands behind its end)");
  EXPECT_NE(fault_of(R"({"name":"n","new":[tru]})"), "");
}

TEST(ReadByTable, ReadsAFieldInItsOwnWay) {
  Loose out;
  EXPECT_EQ(fault_of(R"({"number":1,"twice":21})", out), "");
  EXPECT_EQ(out.twice, 42);
  EXPECT_EQ(fault_of(R"({"number":1,"twice":"x"})", out), "twice must be an integer, is a string");
}

TEST(ReadByTable, KeepsNumbersThatAnEnumHasNoNameFor) {
  Loose out;
  EXPECT_EQ(fault_of(R"({"number":1,"size":2})", out), "");
  EXPECT_EQ(out.size, Size::large);
  EXPECT_EQ(fault_of(R"({"number":1,"size":77})", out), "");
  EXPECT_EQ(static_cast<int>(out.size), 77);
  EXPECT_EQ(fault_of(R"({"number":1,"size":"large"})", out), "size must be an integer, is a string");
}

TEST(ReadByTable, ReadsFieldsOfABase) {
  Derived out;
  EXPECT_EQ(fault_of(R"({"number":1,"more":true})", out), "");
  EXPECT_EQ(out.number, 1);
  EXPECT_TRUE(out.more);
}

TEST(ReadByLenientTable, TakesNullForAbsence) {
  Loose out;
  EXPECT_EQ(fault_of(R"({"number":1,"text":"t","twice":1,"any":1})", out), "");
  EXPECT_EQ(fault_of(R"({"number":1,"text":null,"twice":null,"any":null})", out), "");
  EXPECT_EQ(out.text, "");
  EXPECT_EQ(out.twice, 0);
  EXPECT_TRUE(out.any.empty());
  EXPECT_EQ(fault_of(R"({"number":null})", out), "number must be an integer, is null");
}

TEST(ReadByLenientTable, SkipsWhatItDoesNotName) {
  Loose out;
  EXPECT_EQ(fault_of(R"({"new":[tru,{"\x":1e}],"number":1,"any":{"a": [nul] },"newer":"\x"})", out), "");
  EXPECT_EQ(out.any.text, R"({"a": [nul] })");
  EXPECT_EQ(fault_of(R"({"number":1,"any" : 12 ,"new":1})", out), "");
  EXPECT_EQ(out.any.text, "12");
  EXPECT_NE(fault_of(R"({"number":1,"new":[)", out), "");
  EXPECT_NE(fault_of("{\"number\":1,\"new\":\"\xFF\"}", out), "");
}

}  // namespace
}  // namespace lavapp::json
