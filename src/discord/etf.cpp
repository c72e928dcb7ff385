#include "discord/etf.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "websocket/utf8.hpp"

namespace lavapp::discord::etf {
namespace {

enum Tag : unsigned char {
  kNewFloat = 70,
  kSmallInteger = 97,
  kInteger = 98,
  kOldFloat = 99,
  kAtom = 100,
  kSmallTuple = 104,
  kLargeTuple = 105,
  kNil = 106,
  kString = 107,
  kList = 108,
  kBinary = 109,
  kSmallBig = 110,
  kLargeBig = 111,
  kSmallAtom = 115,
  kMap = 116,
  kAtomUtf8 = 118,
  kSmallAtomUtf8 = 119,
  kVersion = 131,
};

struct Broken {
  std::size_t at;
  const char* what;
};

Error bad(const Broken& broken) {
  return Error(Errc::bad_payload, "ETF, byte " + std::to_string(broken.at) + ": " + broken.what);
}

/// Reads big-endian numbers and runs of bytes; throws Broken, which does not leave this file.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {
    if (!bytes_.empty() && static_cast<unsigned char>(bytes_.front()) == kVersion) at_ = 1;
  }
  std::size_t at() const { return at_; }
  bool at_end() const { return at_ == bytes_.size(); }
  [[noreturn]] void fail(const char* what) const { throw Broken{at_, what}; }

  template <class Unsigned>
  Unsigned number() {
    const auto bytes = take(sizeof(Unsigned));
    Unsigned value = 0;
    for (const char byte : bytes) value = static_cast<Unsigned>(value << 8 | static_cast<unsigned char>(byte));
    return value;
  }
  unsigned char byte() { return number<std::uint8_t>(); }
  std::string_view take(std::size_t size) {
    if (size > bytes_.size() - at_) fail("it ends within a term");
    const auto taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }
  /// A number of elements of at least `least` bytes each: more than can be there is no reason to reserve or loop.
  std::size_t count(std::size_t number, std::size_t least) const {
    if (number > (bytes_.size() - at_) / least) fail("it announces more elements than it has bytes");
    return number;
  }
  std::string_view between(std::size_t from, std::size_t to) const { return bytes_.substr(from, to - from); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

bool is_atom(unsigned char tag) { return tag == kAtom || tag == kSmallAtom || tag == kAtomUtf8 || tag == kSmallAtomUtf8; }

std::string_view atom(Cursor& in, unsigned char tag) {
  return in.take(tag == kAtom || tag == kAtomUtf8 ? in.number<std::uint16_t>() : in.byte());
}

/// The decimal digits of a little-endian number of any length.
std::string decimal(std::string_view bytes) {
  // Schoolbook division by 10^9, the number as 32-bit digits with the highest first.
  std::vector<std::uint32_t> digits((bytes.size() + 3) / 4);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    digits[digits.size() - 1 - i / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * (i % 4));
  }
  std::string text;
  auto first = digits.begin();
  while (true) {
    first = std::find_if(first, digits.end(), [](auto digit) { return digit != 0; });
    if (first == digits.end()) break;
    std::uint64_t rest = 0;
    for (auto digit = first; digit != digits.end(); ++digit) {
      const auto value = rest << 32 | *digit;
      *digit = static_cast<std::uint32_t>(value / 1'000'000'000);
      rest = value % 1'000'000'000;
    }
    for (int i = 0; i < 9; ++i, rest /= 10) text.push_back(static_cast<char>('0' + rest % 10));
  }
  while (!text.empty() && text.back() == '0') text.pop_back();
  std::reverse(text.begin(), text.end());
  return text.empty() ? "0" : text;
}

/// A longer one is beyond what a double can hold, and JSON libraries refuse its digits.
constexpr std::size_t kMaxBignum = 127;

class ToJson {
 public:
  ToJson(std::string_view term, Limits limits) : in_(term), limits_(limits) {}

  std::string run() {
    term(0);
    if (!in_.at_end()) in_.fail("more follows behind the term");
    return std::move(out_);
  }

 private:
  void term(int depth) {
    if (depth > limits_.max_depth) in_.fail("it is nested too deeply");
    if (out_.size() > limits_.max_size) in_.fail("it is too long as JSON");
    const auto tag = in_.byte();
    if (is_atom(tag)) return atom_value(atom(in_, tag));
    switch (tag) {
      case kSmallInteger: out_ += std::to_string(in_.byte()); break;
      case kInteger: out_ += std::to_string(static_cast<std::int32_t>(in_.number<std::uint32_t>())); break;
      case kSmallBig: bignum(in_.byte()); break;
      case kLargeBig: bignum(in_.number<std::uint32_t>()); break;
      case kNewFloat: {
        const auto bits = in_.number<std::uint64_t>();
        double value = 0;
        std::memcpy(&value, &bits, sizeof(value));
        real(value);
        break;
      }
      case kOldFloat: old_float(); break;
      case kNil: out_ += "[]"; break;
      case kString: bytes(in_.take(in_.number<std::uint16_t>())); break;
      case kBinary: text(in_.take(in_.number<std::uint32_t>())); break;
      case kList:
        elements(in_.count(in_.number<std::uint32_t>(), 1), depth);
        if (in_.byte() != kNil) in_.fail("a list with a tail");
        break;
      case kSmallTuple: elements(in_.count(in_.byte(), 1), depth); break;
      case kLargeTuple: elements(in_.count(in_.number<std::uint32_t>(), 1), depth); break;
      case kMap: members(in_.count(in_.number<std::uint32_t>(), 2), depth); break;
      default: in_.fail("a tag that Discord does not send");
    }
  }

  void atom_value(std::string_view name) {
    if (name == "true" || name == "false" || name == "null")
      out_ += name;
    else if (name == "nil")
      out_ += "null";
    else
      text(name);
  }

  void bignum(std::size_t size) {
    const auto sign = in_.byte();
    if (size > kMaxBignum) in_.fail("an integer of more than 127 bytes");
    const auto digits = decimal(in_.take(size));
    if (sign != 0 && digits != "0") out_ += '-';
    out_ += digits;
  }

  void real(double value) {
    if (!std::isfinite(value)) in_.fail("a float that is no number");
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    const std::string_view shortest(digits, static_cast<std::size_t>(end - digits));
    out_ += shortest;
    if (shortest.find_first_of(".e") == shortest.npos) out_ += ".0";
  }

  /// FLOAT_EXT: 31 bytes of "%.20e", filled up with zero bytes.
  void old_float() {
    auto digits = in_.take(31);
    digits = digits.substr(0, digits.find('\0'));
    // Not by std::from_chars, which not all standard libraries have for floats.
    const auto value = nlohmann::json::parse(digits, nullptr, false);
    if (!value.is_number()) in_.fail("a float that is no number");
    real(value.get<double>());
  }

  void bytes(std::string_view list) {
    out_ += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_ += ',';
      out_ += std::to_string(static_cast<unsigned char>(list[i]));
    }
    out_ += ']';
  }

  void text(std::string_view value) {
    if (!websocket::valid_utf8(value)) in_.fail("a string that is not UTF-8");
    const auto plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
    if (std::all_of(value.begin(), value.end(), plain)) {
      out_ += '"';
      out_ += value;
      out_ += '"';
    } else {
      out_ += nlohmann::json(std::string(value)).dump();
    }
  }

  void elements(std::size_t count, int depth) {
    out_ += '[';
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      term(depth + 1);
    }
    out_ += ']';
  }

  void members(std::size_t count, int depth) {
    out_ += '{';
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      key();
      out_ += ':';
      term(depth + 1);
    }
    out_ += '}';
  }

  /// A name, whatever kind of term it is: ids are keys, too.
  void key() {
    const auto tag = in_.byte();
    if (is_atom(tag)) return text(atom(in_, tag));
    if (tag == kBinary) return text(in_.take(in_.number<std::uint32_t>()));
    if (tag != kSmallInteger && tag != kInteger && tag != kSmallBig) in_.fail("a key that is no name");
    out_ += '"';
    if (tag == kSmallInteger)
      out_ += std::to_string(in_.byte());
    else if (tag == kInteger)
      out_ += std::to_string(static_cast<std::int32_t>(in_.number<std::uint32_t>()));
    else
      bignum(in_.byte());
    out_ += '"';
  }

  Cursor in_;
  Limits limits_;
  std::string out_;
};

/// Walks over a term.
void skip(Cursor& in, int depth = 0) {
  if (depth > Limits{}.max_depth) in.fail("it is nested too deeply");
  const auto several = [&](std::size_t count, std::size_t terms_each) {
    for (std::size_t i = 0; i < count * terms_each; ++i) skip(in, depth + 1);
  };
  const auto tag = in.byte();
  if (is_atom(tag)) return (void)atom(in, tag);
  switch (tag) {
    case kSmallInteger: in.take(1); break;
    case kInteger: in.take(4); break;
    case kNewFloat: in.take(8); break;
    case kOldFloat: in.take(31); break;
    case kNil: break;
    case kString: in.take(in.number<std::uint16_t>()); break;
    case kBinary: in.take(in.number<std::uint32_t>()); break;
    case kSmallBig: in.take(std::size_t{1} + in.byte()); break;
    case kLargeBig: in.take(std::size_t{1} + in.number<std::uint32_t>()); break;
    case kList:
      several(in.count(in.number<std::uint32_t>(), 1), 1);
      skip(in, depth + 1);
      break;
    case kSmallTuple: several(in.count(in.byte(), 1), 1); break;
    case kLargeTuple: several(in.count(in.number<std::uint32_t>(), 1), 1); break;
    case kMap: several(in.count(in.number<std::uint32_t>(), 2), 2); break;
    default: in.fail("a tag that Discord does not send");
  }
}

std::string_view name(Cursor& in) {
  const auto tag = in.byte();
  if (is_atom(tag)) return atom(in, tag);
  if (tag == kBinary) return in.take(in.number<std::uint32_t>());
  in.fail("a key that is no name");
}

/// A non-negative integer of 64 bits at most, or nothing for nil.
std::optional<std::uint64_t> integer(Cursor& in) {
  const auto tag = in.byte();
  if (is_atom(tag)) {
    const auto word = atom(in, tag);
    if (word != "nil" && word != "null") in.fail("an atom where a number should be");
    return {};
  }
  if (tag == kSmallInteger) return in.byte();
  if (tag == kInteger) {
    const auto value = in.number<std::uint32_t>();
    if (value > std::uint32_t{std::numeric_limits<std::int32_t>::max()}) in.fail("a negative number");
    return value;
  }
  if (tag == kSmallBig) {
    const std::size_t size = in.byte();
    if (in.byte() != 0 || size > 8) in.fail("a number out of range");
    std::uint64_t value = 0;
    const auto bytes = in.take(size);
    for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  in.fail("no number where one should be");
}

// --- from JSON

using nlohmann::json;

template <class Unsigned>
void put(std::string& out, Unsigned value) {
  for (int shift = static_cast<int>(sizeof(Unsigned)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
  }
}
void put_tag(std::string& out, Tag tag) { out.push_back(static_cast<char>(tag)); }

void put_atom(std::string& out, std::string_view word) {
  put_tag(out, kSmallAtomUtf8);
  put(out, static_cast<std::uint8_t>(word.size()));
  out += word;
}
void put_binary(std::string& out, std::string_view text) {
  put_tag(out, kBinary);
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}
void put_big(std::string& out, bool negative, std::uint64_t magnitude) {
  put_tag(out, kSmallBig);
  const auto size_at = out.size();
  put(out, std::uint8_t{0});
  put(out, static_cast<std::uint8_t>(negative));
  std::uint8_t size = 0;
  for (; magnitude != 0; magnitude >>= 8, ++size) put(out, static_cast<std::uint8_t>(magnitude & 0xFF));
  out[size_at] = static_cast<char>(size);
}
void put_integer(std::string& out, const json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number <= 255) return put_tag(out, kSmallInteger), put(out, static_cast<std::uint8_t>(number));
    if (number <= 0x7FFFFFFF) return put_tag(out, kInteger), put(out, static_cast<std::uint32_t>(number));
    return put_big(out, false, number);
  }
  const auto number = value.get<std::int64_t>();
  if (number >= std::numeric_limits<std::int32_t>::min()) return put_tag(out, kInteger), put(out, static_cast<std::uint32_t>(number));
  put_big(out, true, ~static_cast<std::uint64_t>(number) + 1);
}

/// Deeper than anything that the gateway takes.
constexpr int kMaxDepth = 256;

/// \throws std::length_error if it is nested too deeply
void put_term(std::string& out, const json& value, int depth = 0) {
  if (depth > kMaxDepth) throw std::length_error("it is nested too deeply");
  switch (value.type()) {
    case json::value_t::null: return put_atom(out, "nil");
    case json::value_t::boolean: return put_atom(out, value.get<bool>() ? "true" : "false");
    case json::value_t::string: return put_binary(out, value.get_ref<const std::string&>());
    case json::value_t::number_integer:
    case json::value_t::number_unsigned: return put_integer(out, value);
    case json::value_t::number_float: {
      put_tag(out, kNewFloat);
      const auto number = value.get<double>();
      std::uint64_t bits = 0;
      std::memcpy(&bits, &number, sizeof(bits));
      return put(out, bits);
    }
    case json::value_t::array:
      if (value.empty()) return put_tag(out, kNil);
      put_tag(out, kList);
      put(out, static_cast<std::uint32_t>(value.size()));
      for (const auto& each : value) put_term(out, each, depth + 1);
      return put_tag(out, kNil);
    case json::value_t::object:
      put_tag(out, kMap);
      put(out, static_cast<std::uint32_t>(value.size()));
      for (const auto& [key, each] : value.items()) {
        put_binary(out, key);
        put_term(out, each, depth + 1);
      }
      return;
    default: return;
  }
}

}  // namespace

Result<std::string> to_json(std::string_view term, Limits limits) {
  try {
    return ToJson(term, limits).run();
  } catch (const Broken& broken) {
    return bad(broken);
  }
}

Result<std::string> from_json(std::string_view text) {
  const auto value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return Error(Errc::invalid_argument, "what is to be sent is no JSON");
  std::string out;
  put_tag(out, kVersion);
  try {
    put_term(out, value);
  } catch (const std::length_error& problem) {
    return Error(Errc::invalid_argument, std::string("what is to be sent: ") + problem.what());
  }
  return out;
}

Result<Envelope> scan(std::string_view term) {
  try {
    Cursor in(term);
    if (in.byte() != kMap) in.fail("the payload is no map");
    const auto members = in.count(in.number<std::uint32_t>(), 2);
    Envelope envelope;
    for (std::size_t i = 0; i < members; ++i) {
      const auto key = name(in);
      if (key == "op") {
        const auto op = integer(in);
        if (!op || *op > 0x7FFFFFFF) in.fail("no opcode");
        envelope.op = static_cast<std::int64_t>(*op);
      } else if (key == "s") {
        envelope.s = integer(in);
      } else if (key == "t") {
        envelope.t = name(in);
        if (envelope.t == "nil" || envelope.t == "null") envelope.t = {};
      } else {
        const auto begin = in.at();
        skip(in);
        if (key == "d") envelope.d = in.between(begin, in.at());
      }
    }
    if (envelope.op < 0) in.fail("no opcode");
    if (!in.at_end()) in.fail("more follows behind the term");
    return envelope;
  } catch (const Broken& broken) {
    return bad(broken);
  }
}

}  // namespace lavapp::discord::etf
