// Our half of ./tests/erlang/run. Files hold a line for each term: TERM JSON, both in hexadecimal.
//   etf_tool check TERMS BACK     each TERM must mean its JSON; writes our terms for the same JSON to BACK
//   etf_tool compare BACK READ    READ has, line for line, what Erlang read in BACK, as JSON in hexadecimal
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "discord/etf.hpp"

namespace {

using nlohmann::json;
namespace etf = lavapp::discord::etf;

std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) bytes.push_back(static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}
std::string to_hex(const std::string& bytes) {
  static const char* const digits = "0123456789ABCDEF";
  std::string text;
  for (const char byte : bytes) {
    text.push_back(digits[static_cast<unsigned char>(byte) >> 4]);
    text.push_back(digits[static_cast<unsigned char>(byte) & 15]);
  }
  return text;
}

/// The same value, integers digit by digit. JSON libraries make a float of what exceeds 64 bits, so those are compared as text.
bool same(const std::string& a, const std::string& b) { return a == b || json::parse(a) == json::parse(b); }

int check(const char* terms_file, const char* back_file) {
  std::ifstream terms(terms_file);
  std::ofstream back(back_file);
  std::size_t count = 0;
  for (std::string term, text; terms >> term >> text; ++count) {
    const auto expected = from_hex(text);
    const auto result = etf::to_json(from_hex(term));
    if (!result) throw std::runtime_error(result.error().what() + " in " + term);
    if (!same(*result, expected)) throw std::runtime_error("read " + *result + "\nErlang says " + expected);
    // Beyond 64 bits our own commands have no integers.
    const auto value = json::parse(expected);
    const auto plain = value.dump();
    if (value != json::parse(etf::to_json(etf::from_json(plain).value()).value())) throw std::runtime_error("not the same again: " + plain);
    back << to_hex(etf::from_json(plain).value()) << ' ' << to_hex(plain) << '\n';
  }
  if (count == 0) throw std::runtime_error("no terms");
  std::cout << count << " terms of Erlang's were read\n";
  return 0;
}

int compare(const char* back_file, const char* read_file) {
  std::ifstream back(back_file), read(read_file);
  std::size_t count = 0;
  for (std::string term, text, erlang; back >> term >> text; ++count) {
    if (!(read >> erlang)) throw std::runtime_error("Erlang read fewer terms");
    if (json::parse(from_hex(text)) != json::parse(from_hex(erlang))) {
      throw std::runtime_error("wrote " + from_hex(text) + "\nErlang read " + from_hex(erlang));
    }
  }
  if (count == 0) throw std::runtime_error("no terms");
  std::cout << count << " terms of ours were read by Erlang\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string what = argc == 4 ? argv[1] : "";
  if (what == "check") return check(argv[2], argv[3]);
  if (what == "compare") return compare(argv[2], argv[3]);
  return std::cerr << "usage: etf_tool check TERMS BACK | compare BACK READ\n", 2;
} catch (const std::exception& error) {
  std::cerr << "etf_tool: " << error.what() << '\n';
  return 1;
}
