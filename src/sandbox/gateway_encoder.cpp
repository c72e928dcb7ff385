#include "sandbox/gateway_encoder.hpp"

#include <zlib.h>
#include <zstd.h>

namespace lavapp::sandbox {
namespace {

class Deflater {
 public:
  Deflater() { deflateInit(&stream_, 6); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }
  std::string write(std::string_view bytes, int flush) {
    std::string out(deflateBound(&stream_, static_cast<uLong>(bytes.size())) + 64, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, flush);
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

 private:
  z_stream stream_{};
};

class Plain final : public GatewayEncoder {
  std::string encode(std::string_view bytes, bool&) override { return std::string(bytes); }
};

class ZlibStream final : public GatewayEncoder {
  std::string encode(std::string_view bytes, bool& binary) override {
    binary = true;
    return deflater_.write(bytes, Z_SYNC_FLUSH);
  }
  Deflater deflater_;
};

class ZstdStream final : public GatewayEncoder {
  std::string encode(std::string_view bytes, bool& binary) override {
    binary = true;
    std::string out(ZSTD_compressBound(bytes.size()) + 64, '\0');
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    ZSTD_compressStream2(context_.get(), &to, &in, ZSTD_e_flush);
    out.resize(to.pos);
    return out;
  }
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_{ZSTD_createCCtx(), ZSTD_freeCCtx};
};

/// The larger payloads, each a stream of its own.
class Payload final : public GatewayEncoder {
  std::string encode(std::string_view bytes, bool& binary) override {
    if (bytes.size() < 1'024) return std::string(bytes);
    binary = true;
    return Deflater().write(bytes, Z_FINISH);
  }
};

}  // namespace

std::unique_ptr<GatewayEncoder> make_encoder(discord::Compression compression) {
  switch (compression) {
    case discord::Compression::none: break;
    case discord::Compression::zlib_stream: return std::make_unique<ZlibStream>();
    case discord::Compression::zstd_stream: return std::make_unique<ZstdStream>();
    case discord::Compression::payload: return std::make_unique<Payload>();
  }
  return std::make_unique<Plain>();
}

}  // namespace lavapp::sandbox
