#include "websocket/send_queue.hpp"

#include <algorithm>
#include <cstring>

namespace lavapp::websocket {
namespace {

/// One write takes at most so much, and so does a fragment: for so long a Pong may have to wait.
constexpr std::size_t kPiece = 128 * 1024;
constexpr std::size_t kFragment = kPiece - kMaxHeaderSize;
constexpr std::size_t kMaxControlBytes = 16 * 1024;
/// Memory that an empty buffer may hold on to.
constexpr std::size_t kKept = 128 * 1024;

}  // namespace

void SendQueue::collect(std::vector<Entry>& entries, std::size_t from, std::vector<Unsent>& to) const {
  for (auto i = from; i < entries.size(); ++i) {
    if (entries[i].last && (limits_.keep || entries[i].unsent.sent)) to.push_back(std::move(entries[i].unsent));
  }
  entries.clear();
}

void SendQueue::encode(ByteBuffer& to, Opcode opcode, std::string_view payload) {
  FrameHeader header;
  header.opcode = opcode;
  encode(to, header, payload);
}

void SendQueue::encode(ByteBuffer& to, FrameHeader header, std::string_view payload) {
  header.payload_size = payload.size();
  if (role_ == Role::client) header.mask = keys_.next();
  char* const out = to.room(kMaxHeaderSize + payload.size());
  const auto head = encode_header(out, header);
  if (header.mask)
    mask_copy(out + head, payload.data(), payload.size(), *header.mask);
  else if (!payload.empty())
    std::memcpy(out + head, payload.data(), payload.size());
  to.grow(head + payload.size());
}

SendQueue::Push SendQueue::message(Opcode opcode, std::string_view payload, Sent sent) {
  if (closed_) return Push::closed;
  if (messages_ >= limits_.messages || payload.size() > limits_.bytes - std::min(buffered_, limits_.bytes)) {
    return Push::full;
  }
  FrameHeader header;
  header.opcode = opcode;
  Unsent unsent{opcode, limits_.keep ? std::string(payload) : std::string(), {}};
  if (deflater_ && payload.size() >= threshold_) {
    compressed_.clear(kKept);
    deflater_->compress(payload, compressed_);
    payload = compressed_.view();
    header.compressed = true;
  }
  data_.room(payload.size() + (payload.size() / kFragment + 1) * kMaxHeaderSize);  // no half message if there is none
  buffered_ += payload.size();
  ++messages_;
  while (payload.size() > kFragment) {
    header.fin = false;
    encode(data_, header, payload.substr(0, kFragment));
    waiting_.push_back({data_.size(), kFragment, false, {}});
    payload.remove_prefix(kFragment);
    header.opcode = Opcode::continuation;
    header.compressed = false;
  }
  header.fin = true;
  encode(data_, header, payload);
  unsent.sent = std::move(sent);
  waiting_.push_back({data_.size(), payload.size(), true, std::move(unsent)});
  return Push::queued;
}

SendQueue::Push SendQueue::ping(std::string_view payload) {
  if (closed_) return Push::closed;
  if (pings_.size() > kMaxControlBytes) return Push::full;
  encode(pings_, Opcode::ping, payload);
  return Push::queued;
}

void SendQueue::pong(std::string_view payload) {
  if (closed_) return;
  if (pongs_.size() > kMaxControlBytes) pongs_.clear(kKept);
  encode(pongs_, Opcode::pong, payload);
}

void SendQueue::close(int code, std::string_view reason) {
  if (closed_) return;
  encode(data_, Opcode::close, encode_close(code, reason));
  closed_ = true;
  close_waits_ = true;
}

std::vector<SendQueue::Unsent> SendQueue::drop_waiting() {
  std::vector<Unsent> dropped;
  for (const auto& entry : waiting_) {
    buffered_ -= entry.payload;
    if (entry.last) --messages_;
  }
  collect(waiting_, 0, dropped);
  data_.clear(kKept);
  return dropped;
}

std::vector<SendQueue::Unsent> SendQueue::drop_all() {
  closed_ = true;
  std::vector<Unsent> dropped;
  collect(flying_, landed_, dropped);
  collect(waiting_, 0, dropped);
  buffered_ = messages_ = landed_ = 0;
  return dropped;  // the bytes stay: a write may be reading them
}

void SendQueue::load() {
  batch_.clear(kKept);
  flying_.clear();
  landed_ = batch_done_ = 0;
  // Behind a Close frame nothing may follow; in front of it a Pong is still welcome.
  if (pongs_.empty() && pings_.empty()) {
    batch_.swap(data_);
    flying_.swap(waiting_);
  } else {
    batch_.append(pongs_.view());
    batch_.append(pings_.view());
    const auto shift = batch_.size();
    batch_.append(data_.view());
    flying_.swap(waiting_);
    for (auto& entry : flying_) entry.end += shift;
    pongs_.clear(kKept);
    pings_.clear(kKept);
    data_.clear(kKept);
  }
  close_in_batch_ = std::exchange(close_waits_, false);
}

bool SendQueue::at_frame_boundary() const noexcept {
  return batch_done_ == 0 || (landed_ > 0 && flying_[landed_ - 1].end == batch_done_);
}

/// As many whole frames as make one write; of a frame that is longer, a part.
std::size_t SendQueue::next_piece() const noexcept {
  const auto left = batch_.size() - batch_done_;
  if (left <= kPiece) return left;
  std::size_t end = 0;
  for (auto i = landed_; i < flying_.size() && flying_[i].end - batch_done_ <= kPiece; ++i) end = flying_[i].end;
  return end > batch_done_ ? end - batch_done_ : kPiece;
}

std::string_view SendQueue::next() {
  if (batch_done_ == batch_.size()) {
    load();
  } else if (!(pongs_.empty() && pings_.empty()) && at_frame_boundary()) {
    between_.append(pongs_.view());
    between_.append(pings_.view());
    pongs_.clear(kKept);
    pings_.clear(kKept);
    return between_.view();
  }
  piece_ = next_piece();
  return batch_.view().substr(batch_done_, piece_);
}

SendQueue::Landed SendQueue::written(std::vector<Sent>& done) {
  Landed result;
  if (!between_.empty()) {
    between_.clear(kKept);
    return result;
  }
  batch_done_ += std::exchange(piece_, 0);
  for (; landed_ < flying_.size() && flying_[landed_].end <= batch_done_; ++landed_) {
    auto& entry = flying_[landed_];
    buffered_ -= entry.payload;
    result.bytes += entry.payload;
    if (entry.last) {
      --messages_;
      ++result.messages;
    }
    if (entry.unsent.sent) done.push_back(std::move(entry.unsent.sent));
  }
  if (batch_done_ == batch_.size() && std::exchange(close_in_batch_, false)) close_written_ = true;
  return result;
}

}  // namespace lavapp::websocket
