#include "discord/scratch.hpp"

#include <algorithm>
#include <cstring>

namespace lavapp::discord {
namespace {

thread_local ScratchBuffer kept;

}  // namespace

void ScratchBuffer::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  capacity = std::max(capacity, capacity_ * 2);
  std::unique_ptr<char[]> next(new char[capacity + kPadding]);
  if (size_ > 0) std::memcpy(next.get(), bytes_.get(), size_);
  bytes_ = std::move(next);
  capacity_ = capacity;
}

void ScratchBuffer::append(const char* data, std::size_t size) {
  reserve(size_ + size);
  if (size > 0) std::memcpy(bytes_.get() + size_, data, size);
  size_ += size;
}

Scratch::Scratch() : buffer_(std::exchange(kept, {})) { buffer_.resize(0); }

Scratch::~Scratch() {
  if (buffer_.capacity() <= kKept && buffer_.capacity() > kept.capacity()) kept = std::move(buffer_);
}

}  // namespace lavapp::discord
