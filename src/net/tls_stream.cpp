#include "net/tls_stream.hpp"

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <map>
#include <mutex>
#include <new>

#include "core/runtime_impl.hpp"

namespace lavapp::net {
namespace {

/// Room for two records of 16 KiB each way, between OpenSSL and the stream beneath.
constexpr std::size_t kPipe = 34 * 1024;

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

class TlsStream;

/// The TLS streams of a context. A stream holds whoever reads from it, and is held by them; Asio ends the like, with the
/// handlers of its sockets, when the context is destroyed, and so does this.
class StreamsOfContext final : public boost::asio::execution_context::service {
 public:
  static inline boost::asio::execution_context::id id;
  struct List {
    std::mutex mutex;  // guards what follows: a context may have several threads
    std::map<TlsStream*, std::weak_ptr<TlsStream>> streams;
  };
  explicit StreamsOfContext(boost::asio::execution_context& context) : service(context) {}
  std::shared_ptr<List> list() const { return list_; }

 private:
  void shutdown() override;
  std::shared_ptr<List> list_ = std::make_shared<List>();
};

/// Text above, records beneath, OpenSSL between. `advance` does all that can be done at the moment and collects what
/// has ended; handlers are told when it has returned, so that they may call anything.
class TlsStream final : public ByteStream, public ByteStreamHandler, public std::enable_shared_from_this<TlsStream> {
 public:
  TlsStream(const detail::Strand& strand, std::shared_ptr<ByteStream> beneath, TlsSession session, Dialer::Done done,
            KeyPins pins)
      : strand_(strand),
        beneath_(std::move(beneath)),
        session_(std::move(session)),
        pins_(std::move(pins)),
        shaken_(std::move(done)) {
    BIO* inner = nullptr;
    BIO* outer = nullptr;
    if (BIO_new_bio_pair(&inner, kPipe, &outer, kPipe) != 1) throw std::bad_alloc();
    SSL_set_bio(session_.get(), inner, inner);
    pipe_.reset(outer);
  }

  ~TlsStream() override {
    if (!listed_) return;
    std::lock_guard lock(listed_->mutex);
    listed_->streams.erase(this);
  }

  void start() {
    listed_ = boost::asio::use_service<StreamsOfContext>(strand_.runtime().context()).list();
    {
      std::lock_guard lock(listed_->mutex);
      listed_->streams.emplace(this, weak_from_this());
    }
    advance_within_call();
  }

  /// The context is being destroyed: nothing will be told any more.
  void let_go() {
    closed_ = true;
    const auto reader = std::move(reader_);
    const auto writer = std::move(writer_);
    const auto shaken = std::move(shaken_);
  }

  void read_some(std::shared_ptr<ByteStreamHandler> handler, char* buffer, std::size_t size) override {
    reader_ = std::move(handler);
    buffer_ = buffer;
    buffer_size_ = size;
    advance_within_call();
  }

  void write(std::shared_ptr<ByteStreamHandler> handler, std::string_view data) override {
    writer_ = std::move(handler);
    unwritten_ = data;
    advance_within_call();
  }

  void close(bool reset) override {
    if (closed_) return;
    closed_ = true;
    beneath_->close(reset);
    advance_within_call();
  }

  void shutdown_send() override {
    end_wanted_ = true;
    advance_within_call();
  }

  bool is_open() const override { return !closed_ && !failed_; }
  Clock::time_point last_progress() const override { return beneath_->last_progress(); }

  // What the stream beneath says.
  void on_read(const std::error_code& error, std::size_t size) override {
    reading_ = false;
    char* place = nullptr;
    if (error)
      read_failure_ = error;
    else
      BIO_nwrite(pipe_.get(), &place, static_cast<int>(size));
    tell(advance());
  }
  void on_written(const std::error_code& error) override {
    writing_ = false;
    char* place = nullptr;
    if (error)
      write_failure_ = error;
    else
      BIO_nread(pipe_.get(), &place, in_flight_);
    tell(advance());
  }

 private:
  struct Ended {
    Dialer::Done shaken = {};
    Error why_not = {};
    std::shared_ptr<ByteStreamHandler> reader = {}, writer = {};
    std::error_code read_error = {}, write_error = {};
    std::size_t size = 0;
    bool any() const { return shaken || reader || writer; }
  };

  void advance_within_call() {
    auto ended = advance();
    if (!ended.any()) return;
    strand_.post([self = shared_from_this(), ended = std::move(ended)]() mutable { self->tell(std::move(ended)); });
  }

  void tell(Ended ended) {
    auto& runtime = strand_.runtime();
    const auto canceled = std::make_error_code(std::errc::operation_canceled);
    if (ended.shaken) {
      runtime.guard([&] {
        if (ended.why_not.code)
          ended.shaken(std::move(ended.why_not));
        else if (closed_)
          ended.shaken(Error(Errc::cancelled));
        else
          ended.shaken(std::shared_ptr<ByteStream>(shared_from_this()));
      });
    }
    if (ended.reader) {
      runtime.guard([&] {
        if (closed_)
          ended.reader->on_read(canceled, 0);
        else
          ended.reader->on_read(ended.read_error, ended.size);
      });
    }
    if (ended.writer) runtime.guard([&] { ended.writer->on_written(closed_ ? canceled : ended.write_error); });
  }

  Ended advance() {
    Ended ended;
    if (closed_) read_failure_ = write_failure_ = std::make_error_code(std::errc::operation_canceled);
    wants_input_ = false;
    if (shaken_) step_handshake(ended);
    if (!shaken_ && !failed_) {
      if (reader_) step_read(ended);
      if (writer_) step_write(ended);
    }
    exchange();
    if (writer_ && unwritten_.empty() && !writing_) end_write(ended, {});
    if (end_wanted_ && !end_sent_ && !shaken_ && !writer_ && !failed_ && !closed_) {
      end_sent_ = true;
      ERR_clear_error();
      SSL_shutdown(session_.get());  // the alert is in the pipe now; the peer's own comes by reading
      exchange();
    }
    if (failed_ && !writing_) beneath_->close();
    return ended;
  }

  void step_handshake(Ended& ended) {
    ERR_clear_error();
    const int result = closed_ ? -1 : SSL_do_handshake(session_.get());
    const int reason = closed_ ? SSL_ERROR_WANT_READ : SSL_get_error(session_.get(), result);
    if (result != 1) {
      const bool waits = reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
      wants_input_ = reason == SSL_ERROR_WANT_READ;
      // If writing failed, the peer may have left a reason to read.
      if (waits && !read_failure_ && (wants_input_ || !write_failure_)) return;
      ended.why_not = waits ? cut_short() : refusal();
      failed_ = true;
      wants_input_ = false;
    } else if (!pins_.allow(*session_)) {
      ended.why_not = Error(Errc::certificate_rejected, "the public key is none of pinned_public_keys");
      failed_ = true;
    }
    ended.shaken = std::move(shaken_);
  }

  Error cut_short() const {
    if (closed_) return Error(Errc::cancelled);
    return {Errc::tls_failed, "the connection ended within the handshake",
            read_failure_ ? read_failure_ : write_failure_};
  }

  Error refusal() const {
    const auto cause = take_tls_error();
    const auto verdict = SSL_get_verify_result(session_.get());
    const bool checks = (SSL_get_verify_mode(session_.get()) & SSL_VERIFY_PEER) != 0;
    if (checks && verdict != X509_V_OK)
      return {Errc::certificate_rejected, X509_verify_cert_error_string(verdict), cause};
    return {Errc::tls_failed, {}, cause};
  }

  void step_read(Ended& ended) {
    std::size_t got = 0;
    // More than one record fits into a read: small messages come many at a time.
    while (got < buffer_size_ && !read_failure_) {
      std::size_t more = 0;
      ERR_clear_error();
      if (SSL_read_ex(session_.get(), buffer_ + got, buffer_size_ - got, &more) == 1) {
        got += more;
        continue;
      }
      const int reason = SSL_get_error(session_.get(), 0);
      if (reason == SSL_ERROR_WANT_READ)
        wants_input_ = got == 0;
      else if (reason == SSL_ERROR_ZERO_RETURN)
        read_failure_ = make_error_code(Errc::connection_lost);
      else if (reason != SSL_ERROR_WANT_WRITE)
        read_failure_ = tls_error();
      break;
    }
    if (got == 0 && !read_failure_) return;
    ended.reader = std::move(reader_);
    ended.size = got;
    if (got == 0) ended.read_error = read_failure_;
  }

  void step_write(Ended& ended) {
    while (!unwritten_.empty() && !write_failure_) {
      std::size_t taken = 0;
      ERR_clear_error();
      if (SSL_write_ex(session_.get(), unwritten_.data(), unwritten_.size(), &taken) == 1) {
        unwritten_.remove_prefix(taken);
        continue;
      }
      const int reason = SSL_get_error(session_.get(), 0);
      if (reason == SSL_ERROR_WANT_READ)
        wants_input_ = true;
      else if (reason != SSL_ERROR_WANT_WRITE)
        write_failure_ = tls_error();
      break;
    }
    if (write_failure_) end_write(ended, write_failure_);
  }

  void end_write(Ended& ended, std::error_code error) {
    ended.writer = std::move(writer_);
    ended.write_error = error;
    unwritten_ = {};
  }

  /// Moves records between the pipe and the stream beneath.
  void exchange() {
    if (closed_) return;
    if (!writing_ && !write_failure_) {
      char* place = nullptr;
      const int size = BIO_nread0(pipe_.get(), &place);
      if (size > 0) {
        writing_ = true;
        in_flight_ = size;
        beneath_->write(shared_from_this(), {place, static_cast<std::size_t>(size)});
      } else if (end_sent_ && !end_passed_) {
        end_passed_ = true;
        beneath_->shutdown_send();
      }
    }
    if (wants_input_ && !reading_ && !read_failure_) {
      char* place = nullptr;
      const int size = BIO_nwrite0(pipe_.get(), &place);
      if (size <= 0) return;
      reading_ = true;
      beneath_->read_some(shared_from_this(), place, static_cast<std::size_t>(size));
    }
  }

  static std::error_code tls_error() {
    const auto error = take_tls_error();
    return error ? error : make_error_code(Errc::connection_lost);
  }

  detail::Strand strand_;
  std::shared_ptr<ByteStream> beneath_;
  TlsSession session_;
  KeyPins pins_;
  std::unique_ptr<BIO, FreeBio> pipe_;  // the outer end; the inner one is the session's
  Dialer::Done shaken_;

  std::shared_ptr<ByteStreamHandler> reader_, writer_;
  char* buffer_ = nullptr;
  std::size_t buffer_size_ = 0;
  std::string_view unwritten_;

  bool reading_ = false, writing_ = false;  // beneath
  int in_flight_ = 0;
  bool wants_input_ = false;
  bool end_wanted_ = false, end_sent_ = false, end_passed_ = false;
  bool failed_ = false, closed_ = false;
  std::error_code read_failure_, write_failure_;
  std::shared_ptr<StreamsOfContext::List> listed_;
};

void StreamsOfContext::shutdown() {
  std::map<TlsStream*, std::weak_ptr<TlsStream>> streams;
  {
    std::lock_guard lock(list_->mutex);
    streams.swap(list_->streams);
  }
  for (const auto& [place, weak] : streams) {
    if (const auto stream = weak.lock()) stream->let_go();
  }
}

}  // namespace

void shake_hands(const detail::Strand& strand, std::shared_ptr<ByteStream> beneath, TlsSession session,
                 Dialer::Done done, KeyPins pins) {
  std::make_shared<TlsStream>(strand, std::move(beneath), std::move(session), std::move(done), std::move(pins))->start();
}

}  // namespace lavapp::net
