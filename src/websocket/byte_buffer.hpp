// ByteBuffer: bytes in one piece, whose room is not cleared before it is written to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace lavapp::websocket {

class ByteBuffer {
 public:
  /// So many bytes behind the room may be read, whatever is in them: parsers that take many at a time do.
  static constexpr std::size_t kPadding = 64;

  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return size_ == 0; }
  char* data() noexcept { return bytes_.get(); }
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }

  /// Room for `more` bytes at the end; the caller fills it and then calls grow().
  char* room(std::size_t more) {
    if (capacity_ - size_ < more) reallocate(std::max(size_ + more, capacity_ * 2));
    return bytes_.get() + size_;
  }
  void grow(std::size_t by) noexcept { size_ += by; }
  /// Forgets bytes at the end, which must be there.
  void shrink(std::size_t by) noexcept { size_ -= by; }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  /// Forgets the bytes, and the memory too if it is more than `keep`.
  void clear(std::size_t keep) noexcept {
    size_ = 0;
    if (capacity_ > keep) {
      bytes_.reset();
      capacity_ = 0;
    }
  }

  void swap(ByteBuffer& other) noexcept {
    bytes_.swap(other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  void reallocate(std::size_t capacity) {
    std::unique_ptr<char[]> next(new char[capacity + kPadding]);
    if (size_ > 0) std::memcpy(next.get(), bytes_.get(), size_);
    bytes_ = std::move(next);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace lavapp::websocket
