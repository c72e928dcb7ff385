#include "discord/decompressor.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <new>
#include <string>

namespace lavapp::discord {
namespace {

constexpr std::size_t kLeastRoom = 16 * 1024;

Error bad(const std::string& what) { return Error(Errc::bad_payload, what); }
Error too_large(std::size_t limit) {
  return bad("a payload that becomes more than " + std::to_string(limit) + " bytes");
}

/// Room for more, up to one byte over the limit: whoever fills that is over it.
bool make_room(ScratchBuffer& out, std::size_t limit) {
  if (out.size() > limit) return false;
  if (out.size() == out.capacity()) out.reserve(std::min(std::max(out.capacity() * 2, kLeastRoom), limit + 1));
  return out.size() < out.capacity();
}

/// What came of a payload that is not whole: kept until the rest is there.
class Pending {
 public:
  void restore(ScratchBuffer& out) {
    out.append(bytes_.data(), bytes_.size());
    std::string().swap(bytes_);
  }
  void keep(ScratchBuffer& out) {
    bytes_.assign(out.data(), out.size());
    out.resize(0);
  }

 private:
  std::string bytes_;
};

class Inflater {
 public:
  enum class Checksum { verified, unused };
  explicit Inflater(Checksum checksum) {
    if (inflateInit(&stream_) != Z_OK) throw std::bad_alloc();
    if (checksum == Checksum::unused) inflateValidate(&stream_, 0);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  void reset() { inflateReset(&stream_); }
  bool ended() const { return ended_; }

  Result<void> feed(std::string_view bytes, ScratchBuffer& out, std::size_t limit) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    ended_ = false;
    while (true) {
      if (!make_room(out, limit)) return too_large(limit);
      const auto room = static_cast<uInt>(std::min<std::size_t>(out.capacity() - out.size(), 1u << 30));
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + out.size());
      stream_.avail_out = room;
      const int result = inflate(&stream_, Z_SYNC_FLUSH);
      out.resize(out.size() + (room - stream_.avail_out));
      if (result == Z_STREAM_END) {
        ended_ = true;
        if (stream_.avail_in > 0) return bad("zlib: more follows behind the end");
        break;
      }
      if (result != Z_OK && result != Z_BUF_ERROR) return bad(std::string("zlib: ") + (stream_.msg ? stream_.msg : "corrupt data"));
      if (stream_.avail_in == 0 && stream_.avail_out > 0) break;
      if (result == Z_BUF_ERROR && stream_.avail_out > 0) break;
    }
    if (out.size() > limit) return too_large(limit);
    return {};
  }

 private:
  z_stream stream_{};
  bool ended_ = false;
};

/// A payload ends where the bytes of a flush do, 00 00 FF FF; they, too, may come in several messages.
class ZlibStream final : public Decompressor {
 public:
  explicit ZlibStream(std::size_t limit) : limit_(limit) {}

  Result<bool> feed(std::string_view bytes, ScratchBuffer& out) override {
    pending_.restore(out);
    if (auto fed = inflater_.feed(bytes, out, limit_); !fed) return std::move(fed).error();
    if (inflater_.ended()) return bad("zlib: the stream has ended");
    last_ += bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 4));
    last_.erase(0, last_.size() - std::min<std::size_t>(last_.size(), 4));
    if (last_ == std::string_view("\x00\x00\xFF\xFF", 4)) {
      last_.clear();
      return true;
    }
    pending_.keep(out);
    return false;
  }

 private:
  std::size_t limit_;
  Inflater inflater_{Inflater::Checksum::unused};  // it comes at the end of a stream, and this one has none
  Pending pending_;
  std::string last_;  ///< Of the payload, four bytes at most.
};

/// A message is a payload; it need not end a frame of zstd's.
class ZstdStream final : public Decompressor {
 public:
  explicit ZstdStream(std::size_t limit) : limit_(limit), stream_(ZSTD_createDStream()) {
    if (!stream_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
  }

  Result<bool> feed(std::string_view bytes, ScratchBuffer& out) override {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (true) {
      if (!make_room(out, limit_)) return too_large(limit_);
      ZSTD_outBuffer to{out.data(), out.capacity(), out.size()};
      const auto result = ZSTD_decompressStream(stream_.get(), &to, &in);
      out.resize(to.pos);
      if (ZSTD_isError(result)) return bad(std::string("zstd: ") + ZSTD_getErrorName(result));
      // Room is left: all that could come has.
      if (in.pos == in.size && to.pos < to.size) break;
    }
    if (out.size() > limit_) return too_large(limit_);
    return true;
  }

 private:
  static constexpr int kMaxWindowLog = 24;
  struct Free {
    void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
  };
  std::size_t limit_;
  std::unique_ptr<ZSTD_DStream, Free> stream_;
};

/// Each binary message is a zlib stream of its own.
class PayloadZlib final : public Decompressor {
 public:
  explicit PayloadZlib(std::size_t limit) : limit_(limit) {}

  Result<bool> feed(std::string_view bytes, ScratchBuffer& out) override {
    inflater_.reset();
    if (auto fed = inflater_.feed(bytes, out, limit_); !fed) return std::move(fed).error();
    if (!inflater_.ended()) return bad("zlib: a message that is cut short");
    return true;
  }

 private:
  std::size_t limit_;
  Inflater inflater_{Inflater::Checksum::verified};
};

}  // namespace

std::unique_ptr<Decompressor> make_decompressor(Compression compression, std::size_t limit) {
  switch (compression) {
    case Compression::none: return nullptr;
    case Compression::zlib_stream: return std::make_unique<ZlibStream>(limit);
    case Compression::zstd_stream: return std::make_unique<ZstdStream>(limit);
    case Compression::payload: return std::make_unique<PayloadZlib>(limit);
  }
  return nullptr;
}

}  // namespace lavapp::discord
