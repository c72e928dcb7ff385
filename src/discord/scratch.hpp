// Scratch: a large buffer that all shards of a thread share, so that one at rest holds none.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace lavapp::discord {

/// Bytes that grow; what is behind their end may be read for kPadding bytes, which simdjson does.
class ScratchBuffer {
 public:
  static constexpr std::size_t kPadding = 64;

  char* data() noexcept { return bytes_.get(); }
  std::size_t size() const noexcept { return size_; }
  void resize(std::size_t size) noexcept { size_ = size; }
  std::size_t capacity() const noexcept { return capacity_; }
  /// Keeps what is there.
  void reserve(std::size_t capacity);
  void append(const char* data, std::size_t size);

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0, capacity_ = 0;
};

/// Borrows the thread's buffer, empty; a new one if that is lent already. Given back when it goes; at most kKept bytes stay.
class Scratch {
 public:
  static constexpr std::size_t kKept = 1024 * 1024;

  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  ScratchBuffer& operator*() noexcept { return buffer_; }
  ScratchBuffer* operator->() noexcept { return &buffer_; }

 private:
  ScratchBuffer buffer_;
};

}  // namespace lavapp::discord
