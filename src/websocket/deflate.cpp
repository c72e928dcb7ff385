#include "websocket/deflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace lavapp::websocket {
namespace {

/// What a compressed message ends with, and what is not sent (RFC 7692 7.2.1): the empty block of a flush.
constexpr char kTail[] = {'\x00', '\x00', '\xFF', '\xFF'};

constexpr std::size_t kStep = 4 * 1024;

/// zlib counts in 32 bits.
uInt count(std::size_t size) noexcept {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

/// zlib reads through a pointer to what is not const, and does not write there.
Bytef* bytes(const char* data) noexcept { return reinterpret_cast<Bytef*>(const_cast<char*>(data)); }

void check(int result) {
  if (result != Z_OK) throw std::bad_alloc();  // the parameters are right: only memory can be missing
}

/// All of `payload` and a flush behind it, appended to `to`.
void flush(z_stream& z, std::string_view payload, ByteBuffer& to) {
  // A flush is at its end when it leaves room in the output (zlib.h on deflate()).
  bool flushed = false;
  while (!flushed) {
    z.next_in = bytes(payload.data());
    z.avail_in = count(payload.size());
    const auto offered = z.avail_in;
    const auto room = std::max<std::size_t>(kStep, payload.size() / 2);
    z.next_out = bytes(to.room(room));
    z.avail_out = count(room);
    const auto given = z.avail_out;
    const bool last = offered == payload.size();
    deflate(&z, last ? Z_SYNC_FLUSH : Z_NO_FLUSH);
    to.grow(given - z.avail_out);
    payload.remove_prefix(offered - z.avail_in);
    flushed = last && z.avail_out > 0;
  }
}

}  // namespace

// --- compressing

struct Deflater::Stream {
  Stream(int window_bits, int level, int memory_level) {
    check(deflateInit2(&z, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY));
  }
  ~Stream() { deflateEnd(&z); }
  z_stream z{};
};

Deflater::Deflater(DeflateParameters parameters, int level, int memory_level) noexcept
    : parameters_(parameters), level_(level), memory_level_(memory_level) {}
Deflater::~Deflater() = default;

void Deflater::compress(std::string_view payload, ByteBuffer& to) {
  if (payload.empty()) return to.append({kTail, 1});  // RFC 7692 7.2.3.6: an empty block without its length
  if (!stream_) stream_ = std::make_unique<Stream>(parameters_.window_bits, level_, memory_level_);
  auto& z = stream_->z;
  try {
    flush(z, payload, to);
  } catch (...) {
    deflateReset(&z);  // what the peer never gets must not be referred to
    throw;
  }
  to.shrink(sizeof(kTail));
  if (!parameters_.context_takeover) deflateReset(&z);
}
// --- decompressing

struct Inflater::Stream {
  explicit Stream(int window_bits) { check(inflateInit2(&z, -window_bits)); }
  ~Stream() { inflateEnd(&z); }
  z_stream z{};
};

// Peers that call a window of 9 bits one of 8 (zlib once did) are understood too.
Inflater::Inflater(DeflateParameters parameters) noexcept : parameters_(parameters) {
  parameters_.window_bits = std::max(parameters_.window_bits, 9);
}
Inflater::~Inflater() = default;

Inflater::Outcome Inflater::feed(std::string_view piece, ByteBuffer& to, std::size_t limit) {
  if (!stream_) stream_ = std::make_unique<Stream>(parameters_.window_bits);
  auto& z = stream_->z;
  bool more_out = false;
  while (!piece.empty() || more_out) {
    // One byte over the limit is enough to know that there is more.
    const auto room = std::min(std::max<std::size_t>(kStep, piece.size() * 4), limit - std::min(limit, to.size()) + 1);
    z.next_in = bytes(piece.data());
    z.avail_in = count(piece.size());
    const auto offered = z.avail_in;
    z.next_out = bytes(to.room(room));
    z.avail_out = count(room);
    const auto given = z.avail_out;
    const int result = inflate(&z, Z_SYNC_FLUSH);
    to.grow(given - z.avail_out);
    piece.remove_prefix(offered - z.avail_in);
    if (to.size() > limit) return Outcome::too_big;
    more_out = z.avail_out == 0;
    if (result == Z_STREAM_END) {
      // A block with BFINAL set ends the stream for zlib, not for RFC 7692 (7.2.3.4): the window must be kept.
      inflateResetKeep(&z);
      more_out = false;
    } else if (result == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (result == Z_BUF_ERROR) {
      more_out = false;  // it wanted more input than there is
      if (!piece.empty()) return Outcome::broken;
    } else if (result != Z_OK) {
      return Outcome::broken;
    }
  }
  return Outcome::ok;
}

Inflater::Outcome Inflater::finish(ByteBuffer& to, std::size_t limit) {
  const auto outcome = feed({kTail, sizeof(kTail)}, to, limit);
  if (outcome != Outcome::ok) return outcome;
  // Behind a whole flush zlib stands at the beginning of a block, between bytes (zlib.h on inflate(), data_type).
  const auto state = static_cast<unsigned>(stream_->z.data_type);
  const bool between_blocks = (state & 128u) != 0 && (state & 7u) == 0;
  if (!between_blocks) return Outcome::broken;
  if (!parameters_.context_takeover) inflateReset(&stream_->z);
  return Outcome::ok;
}

}  // namespace lavapp::websocket
