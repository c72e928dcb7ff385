// TestProxy: an HTTP or SOCKS5 proxy on a runtime of its own, that remembers what it was asked.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/strand.hpp"
#include "lavapp/core/runtime.hpp"
#include "net/byte_stream.hpp"

namespace lavapp::test {

class TestProxy {
 public:
  enum class Kind { http, socks5 };

  /// \param answer  what an HTTP proxy says to CONNECT; other than 200 it opens no way
  explicit TestProxy(Kind kind, std::string answer = "HTTP/1.1 200 Connection established\r\n\r\n")
      : kind_(kind),
        answer_(std::move(answer)),
        strand_(runtime_.impl()),
        listener_(net::listen(strand_, 0, [this](auto stream) { accepted(std::move(stream)); }).value()) {}
  ~TestProxy() { listener_->close(); }

  std::string url(const std::string& login = {}) const {
    return (kind_ == Kind::http ? "http://" : "socks5://") + login + "127.0.0.1:" + std::to_string(listener_->port());
  }
  /// All that clients said before their way stood.
  std::string asked() const {
    std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  /// Reads from one side and writes to the other.
  struct Pump final : net::ByteStreamHandler, std::enable_shared_from_this<Pump> {
    Pump(std::shared_ptr<net::ByteStream> f, std::shared_ptr<net::ByteStream> t) : from(std::move(f)), to(std::move(t)) {}
    void read() { from->read_some(shared_from_this(), buffer.data(), buffer.size()); }
    void on_read(const std::error_code& error, std::size_t size) override {
      if (error) return to->close();
      to->write(shared_from_this(), {buffer.data(), size});
    }
    void on_written(const std::error_code& error) override { error ? from->close() : read(); }
    std::shared_ptr<net::ByteStream> from, to;
    std::array<char, 16 * 1024> buffer;
  };

  /// One client until its way stands.
  struct Client final : net::ByteStreamHandler, std::enable_shared_from_this<Client> {
    Client(TestProxy& p, std::shared_ptr<net::ByteStream> s) : proxy(p), stream(std::move(s)) {}
    void read() { stream->read_some(shared_from_this(), buffer.data(), buffer.size()); }
    void on_read(const std::error_code& error, std::size_t size) override {
      if (error) return;
      heard.append(buffer.data(), size);
      {
        std::lock_guard lock(proxy.mutex_);
        proxy.asked_.append(buffer.data(), size);
      }
      proxy.kind_ == Kind::http ? http() : socks();
    }
    void on_written(const std::error_code&) override {
      if (opened)
        proxy.join(stream, std::move(opened));
      else
        read();
    }
    void say(std::string bytes) {
      out = std::move(bytes);
      stream->write(shared_from_this(), out);
    }
    void http() {
      if (heard.find("\r\n\r\n") == heard.npos) return read();
      if (proxy.answer_.find(" 200 ") == std::string::npos) return say(proxy.answer_);
      const auto target = heard.substr(8, heard.find(' ', 8) - 8);
      const auto colon = target.rfind(':');
      open(target.substr(0, colon), target.substr(colon + 1), proxy.answer_);
    }
    void socks() {
      const auto text = std::exchange(heard, {});
      if (step == 0) return ++step, say(text.size() > 3 ? std::string("\x05\x02") : std::string("\x05\x00", 2));
      if (text[0] == 1) return say(std::string("\x01\x00", 2));
      const bool name = text[3] == 3;
      const std::size_t size = name ? static_cast<unsigned char>(text[4]) : 4;
      auto host = text.substr(name ? 5 : 4, size);
      if (!name) host = "127.0.0.1";
      const auto at = (name ? 5 : 4) + size;
      const auto port = static_cast<unsigned char>(text[at]) << 8 | static_cast<unsigned char>(text[at + 1]);
      open(host, std::to_string(port), std::string("\x05\x00\x00\x01\0\0\0\0\0\0", 10));
    }
    void open(const std::string& host, const std::string& port, std::string answer) {
      dialer = net::dial(proxy.strand_, {host, static_cast<std::uint16_t>(std::stoi(port)), false}, {},
                         [self = shared_from_this(), answer](auto dialled) {
                           if (!dialled) return self->stream->close();
                           self->opened = *std::move(dialled);
                           self->say(answer);
                         });
    }
    TestProxy& proxy;
    std::shared_ptr<net::ByteStream> stream, opened;
    std::shared_ptr<net::Dialer> dialer;
    std::array<char, 1024> buffer;
    std::string heard, out;
    int step = 0;
  };

  void accepted(std::shared_ptr<net::ByteStream> stream) { std::make_shared<Client>(*this, std::move(stream))->read(); }
  void join(std::shared_ptr<net::ByteStream> a, std::shared_ptr<net::ByteStream> b) {
    std::make_shared<Pump>(a, b)->read();
    std::make_shared<Pump>(b, a)->read();
  }

  Kind kind_;
  std::string answer_;
  mutable std::mutex mutex_;  // guards asked_: the test reads it
  std::string asked_;
  Runtime runtime_;
  detail::Strand strand_;
  std::shared_ptr<net::Listener> listener_;
};

}  // namespace lavapp::test
