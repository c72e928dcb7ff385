// ScriptedPeer: the other end of a TCP connection, which does what the test says and remembers what it got.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "net/byte_stream.hpp"

namespace lavapp::test {

class ScriptedPeer final : public net::ByteStreamHandler, public std::enable_shared_from_this<ScriptedPeer> {
 public:
  explicit ScriptedPeer(std::shared_ptr<net::ByteStream> stream) : stream_(std::move(stream)), buffer_(64 * 1024) {}

  /// From now on everything is read; a peer that is never told so lets its side of TCP fill up.
  void read() {
    once_ = false;
    read_some();
  }
  /// Reads what comes first, and then no more.
  void read_once() {
    once_ = true;
    read_some();
  }
  void write(std::string bytes) {
    waiting_ += bytes;
    if (writing_.empty()) next();
  }
  void close(bool reset = false) { stream_->close(reset); }
  void end_sending() { stream_->shutdown_send(); }

  std::string received;
  bool ended = false;  ///< The client ended TCP, or it is cut.
  std::error_code end_reason;

 private:
  void read_some() { stream_->read_some(shared_from_this(), buffer_.data(), buffer_.size()); }
  void next() {
    writing_.swap(waiting_);
    if (!writing_.empty()) stream_->write(shared_from_this(), writing_);
  }
  void on_read(const std::error_code& error, std::size_t size) override {
    if (error) {
      ended = true;
      end_reason = error;
      return;
    }
    received.append(buffer_.data(), size);
    if (!once_) read_some();
  }
  void on_written(const std::error_code& error) override {
    writing_.clear();
    if (!error) next();
  }

  std::shared_ptr<net::ByteStream> stream_;
  std::vector<char> buffer_;
  bool once_ = false;
  std::string writing_, waiting_;
};

}  // namespace lavapp::test
