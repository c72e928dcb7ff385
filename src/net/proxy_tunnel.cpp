#include "net/proxy_tunnel.hpp"

#include <array>
#include <utility>

namespace lavapp::net {
namespace {

class Tunnel final : public ByteStreamHandler, public std::enable_shared_from_this<Tunnel> {
 public:
  Tunnel(std::shared_ptr<ByteStream> stream, std::unique_ptr<ProxyTalk> talk, Dialer::Done done)
      : stream_(std::move(stream)), talk_(std::move(talk)), done_(std::move(done)) {}

  void start() {
    say(talk_->begin());
    read();
  }

 private:
  void read() { stream_->read_some(shared_from_this(), buffer_.data(), buffer_.size()); }

  void say(std::string text) {
    waiting_ += text;
    if (writing_.empty()) write();
  }
  void write() {
    writing_ = std::exchange(waiting_, {});
    if (!writing_.empty()) stream_->write(shared_from_this(), writing_);
  }

  void on_read(const std::error_code& error, std::size_t size) override {
    if (error) {
      const bool orderly = error == make_error_code(Errc::connection_lost);
      return finish(Error(Errc::connection_lost, "the proxy ended it", orderly ? std::error_code() : error));
    }
    auto step = talk_->hear({buffer_.data(), size});
    if (!step) return finish(std::move(step).error());
    say(std::move(step->send));
    if (!step->done) return read();
    stands_ = true;
    if (writing_.empty()) finish(std::move(stream_));
  }

  void on_written(const std::error_code& error) override {
    writing_.clear();
    if (error) return;  // reading tells
    write();
    if (stands_ && writing_.empty()) finish(std::move(stream_));
  }

  void finish(Result<std::shared_ptr<ByteStream>> result) {
    if (auto done = std::exchange(done_, {})) done(std::move(result));
  }

  std::shared_ptr<ByteStream> stream_;
  std::unique_ptr<ProxyTalk> talk_;
  Dialer::Done done_;
  std::array<char, 2048> buffer_;
  std::string writing_, waiting_;
  bool stands_ = false;
};

}  // namespace

void open_tunnel(std::shared_ptr<ByteStream> stream, const Proxy& proxy, const std::string& host, std::uint16_t port,
                 Dialer::Done done) {
  std::make_shared<Tunnel>(std::move(stream), make_proxy_talk(proxy, host, port), std::move(done))->start();
}

}  // namespace lavapp::net
