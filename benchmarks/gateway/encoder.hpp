// Encoder: payloads as a connection's frames, in its compression. What it is restarted at can be sent again and again.
#pragma once

#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "../frame.hpp"
#include "../load.hpp"

namespace bench {

class GatewayEncoder {
 public:
  explicit GatewayEncoder(Layer layer) : layer_(layer), zstd_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
    if (deflateInit(&zlib_, 6) != Z_OK || !zstd_) throw std::runtime_error("no memory to compress");
    ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel, 6);  // as Discord does
    ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_windowLog, 18);
  }
  GatewayEncoder(const GatewayEncoder&) = delete;
  GatewayEncoder& operator=(const GatewayEncoder&) = delete;
  ~GatewayEncoder() { deflateEnd(&zlib_); }

  /// \param restart  nothing that follows refers to this or what was before
  void append(std::string& frames, const std::string& payload, bool restart) {
    if (layer_ == Layer::zlib)
      append_frame(frames, FirstByte::binary, deflated(payload, restart ? Z_FULL_FLUSH : Z_SYNC_FLUSH));
    else if (layer_ == Layer::zstd)
      append_frame(frames, FirstByte::binary, compressed(payload, restart ? ZSTD_e_end : ZSTD_e_flush));
    else
      append_frame(frames, FirstByte::text, payload);
  }

 private:
  std::string deflated(const std::string& text, int flush) {
    std::string out(deflateBound(&zlib_, static_cast<uLong>(text.size())) + 16, '\0');
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    zlib_.avail_in = static_cast<uInt>(text.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib_.avail_out = static_cast<uInt>(out.size());
    deflate(&zlib_, flush);
    out.resize(out.size() - zlib_.avail_out);
    return out;
  }
  std::string compressed(const std::string& text, ZSTD_EndDirective end) {
    std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    ZSTD_compressStream2(zstd_.get(), &to, &in, end);
    out.resize(to.pos);
    return out;
  }

  Layer layer_;
  z_stream zlib_{};
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> zstd_;
};

}  // namespace bench
