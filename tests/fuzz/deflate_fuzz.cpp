#include "deflate_fuzz.hpp"

#include <algorithm>
#include <cstdlib>

#include "websocket/deflate.hpp"

namespace lavapp::test {
namespace {

using namespace websocket;

std::size_t take_byte(std::string_view& bytes) {
  if (bytes.empty()) return 0;
  const auto byte = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  return byte;
}

std::string_view take_message(std::string_view& bytes) {
  const auto low = take_byte(bytes);
  const auto size = low + 256 * take_byte(bytes);
  const auto message = bytes.substr(0, size);
  bytes.remove_prefix(message.size());
  return message;
}

struct Inflated {
  std::vector<std::string> messages;
  Inflater::Outcome outcome = Inflater::Outcome::ok;  ///< Of the last one, which is left out if it is not ok.
};

Inflater::Outcome inflate(Inflater& inflater, std::string_view payload, ByteBuffer& to, std::size_t limit,
                          std::size_t piece) {
  auto outcome = Inflater::Outcome::ok;
  while (!payload.empty() && outcome == Inflater::Outcome::ok) {
    const auto part = payload.substr(0, piece);
    payload.remove_prefix(part.size());
    outcome = inflater.feed(part, to, limit);
  }
  return outcome == Inflater::Outcome::ok ? inflater.finish(to, limit) : outcome;
}

Inflated inflate_all(DeflateParameters parameters, const std::vector<std::string>& payloads, std::size_t limit,
                     std::size_t piece) {
  Inflater inflater(parameters);
  Inflated all;
  for (const auto& payload : payloads) {
    ByteBuffer out;
    all.outcome = inflate(inflater, payload, out, limit, piece);
    // One byte more tells that there is more.
    if (out.size() > limit + 1 || out.capacity() > 2 * (limit + 1)) std::abort();
    if ((out.size() > limit) != (all.outcome == Inflater::Outcome::too_big)) std::abort();
    if (all.outcome != Inflater::Outcome::ok) break;
    all.messages.emplace_back(out.view());
  }
  return all;
}

bool begins_with(const Inflated& all, const Inflated& some) {
  return some.messages.size() <= all.messages.size() &&
         std::equal(some.messages.begin(), some.messages.end(), all.messages.begin());
}

void compare(const Inflated& a, const Inflated& b, int window_bits) {
  if (a.outcome == b.outcome && a.messages == b.messages) return;
  // zlib lets a message refer to what it has not yet put into its window too: a peer that refers further back than the
  // window is found out or not, as the payload happens to be cut. The format itself refers to no more than 2^15 bytes.
  if (window_bits < 15 && a.outcome == Inflater::Outcome::broken && begins_with(b, a)) return;
  if (window_bits < 15 && b.outcome == Inflater::Outcome::broken && begins_with(a, b)) return;
  std::abort();
}

}  // namespace

bool fuzz_inflate(std::string_view input) {
  const auto bits = take_byte(input);
  const auto piece = 1 + take_byte(input);
  const DeflateParameters parameters{static_cast<int>(8 + (bits & 7)), (bits & 8) != 0};
  const std::size_t limits[] = {100'000, 5'000, 100, 0};
  const auto limit = limits[bits >> 4 & 3];
  std::vector<std::string> payloads;
  while (!input.empty()) payloads.emplace_back(take_message(input));
  const auto whole = inflate_all(parameters, payloads, limit, SIZE_MAX);
  compare(whole, inflate_all(parameters, payloads, limit, piece), parameters.window_bits);
  compare(whole, inflate_all(parameters, payloads, limit, 1), parameters.window_bits);
  return whole.outcome == Inflater::Outcome::ok;
}

void fuzz_deflate(std::string_view input) {
  const auto bits = take_byte(input);
  const auto effort = take_byte(input);
  const auto piece = 1 + take_byte(input);
  const DeflateParameters parameters{static_cast<int>(9 + (bits & 7) % 7), (bits & 8) != 0};
  Deflater deflater(parameters, static_cast<int>(1 + effort % 9), static_cast<int>(1 + effort / 9 % 9));

  std::vector<std::string> messages, payloads;
  std::size_t total = 0, longest = 0;
  while (!input.empty() && total < 300'000) {
    const auto times = 1 + take_byte(input);
    const auto part = take_message(input);
    std::string message;
    for (std::size_t i = 0; i < times && message.size() < 100'000; ++i) message += part;
    ByteBuffer out;
    out.append("head");  // a frame's head stands there already
    deflater.compress(message, out);
    if (out.view().substr(0, 4) != "head" || out.size() == 4) std::abort();
    payloads.emplace_back(out.view().substr(4));
    total += message.size();
    longest = std::max(longest, message.size());
    messages.push_back(std::move(message));
  }

  for (const auto cut : {SIZE_MAX, piece}) {
    const auto all = inflate_all(parameters, payloads, longest, cut);
    if (all.outcome != Inflater::Outcome::ok || all.messages != messages) std::abort();
  }
  if (longest == 0) return;
  const auto short_of = inflate_all(parameters, payloads, longest - 1, piece);
  if (short_of.outcome != Inflater::Outcome::too_big || !begins_with({messages}, short_of)) std::abort();
}

}  // namespace lavapp::test
