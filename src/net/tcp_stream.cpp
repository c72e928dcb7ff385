#include "net/tcp_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>

#include "core/runtime_impl.hpp"
#include "net/error_code.hpp"

namespace lavapp::net {
namespace {

namespace asio = boost::asio;

/// Memory for the one operation of a direction that may be under way: reading and writing allocate nothing.
class OperationMemory {
 public:
  void* take(std::size_t size) {
    if (used_ || size > sizeof(block_)) return ::operator new(size);
    used_ = true;
    return block_.data();
  }
  void give_back(void* pointer) noexcept {
    if (pointer == block_.data())
      used_ = false;
    else
      ::operator delete(pointer);
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, 256> block_;  ///< What Asio takes is 208 bytes at most (64 bits).
  bool used_ = false;
};

/// Asio takes an operation's memory from its handler's associated allocator.
template <class T>
struct OperationAllocator {
  using value_type = T;
  explicit OperationAllocator(OperationMemory& m) noexcept : memory(&m) {}
  template <class U>
  OperationAllocator(const OperationAllocator<U>& other) noexcept : memory(other.memory) {}
  T* allocate(std::size_t count) { return static_cast<T*>(memory->take(sizeof(T) * count)); }
  void deallocate(T* pointer, std::size_t) noexcept { memory->give_back(pointer); }
  friend bool operator==(const OperationAllocator& a, const OperationAllocator& b) { return a.memory == b.memory; }
  friend bool operator!=(const OperationAllocator& a, const OperationAllocator& b) { return !(a == b); }
  OperationMemory* memory;
};

template <class Socket>
class SocketStream final : public ByteStream, public std::enable_shared_from_this<SocketStream<Socket>> {
 public:
  SocketStream(detail::Strand strand, Socket socket) : strand_(std::move(strand)), socket_(std::move(socket)) {}

  void read_some(std::shared_ptr<ByteStreamHandler> handler, char* buffer, std::size_t size) override {
    socket_.async_read_some(asio::buffer(buffer, size), ReadDone{{this->shared_from_this(), std::move(handler)}});
  }

  void write(std::shared_ptr<ByteStreamHandler> handler, std::string_view data) override {
    // Asio asks before each part of a write whether to go on, and with how much: so it tells that the part before has gone.
    const auto go_on = [this, whole = data.size()](const boost::system::error_code& error, std::size_t gone) {
      if (gone > 0) last_progress_ = strand_.runtime().clock().now();
      return error ? 0 : whole - gone;  // at once: transfer_all() would cut it at 64 KiB
    };
    asio::async_write(socket_, asio::buffer(data.data(), data.size()), go_on,
                      WriteDone{{this->shared_from_this(), std::move(handler)}});
  }

  void close(bool reset) override {
    boost::system::error_code ignored;
    if (reset && socket_.is_open()) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  void shutdown_send() override {
    boost::system::error_code ignored;  // it fails when the peer is gone already: reading tells
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  }

  bool is_open() const override { return socket_.is_open(); }
  Clock::time_point last_progress() const override { return last_progress_; }

 private:
  struct Done {
    std::shared_ptr<SocketStream> stream;
    std::shared_ptr<ByteStreamHandler> handler;

    /// After close() nothing arrives but its own word, even if the operation had succeeded just before.
    std::error_code code(const boost::system::error_code& error) const {
      if (!stream->is_open()) return std::make_error_code(std::errc::operation_canceled);
      return stream_error(error);
    }
  };
  struct ReadDone : Done {
    using allocator_type = OperationAllocator<char>;
    allocator_type get_allocator() const noexcept { return allocator_type(this->stream->read_memory_); }
    void operator()(const boost::system::error_code& error, std::size_t size) {
      this->stream->strand_.runtime().guard([&] {
        const auto code = this->code(error);
        this->handler->on_read(code, code ? 0 : size);
      });
    }
  };
  struct WriteDone : Done {
    using allocator_type = OperationAllocator<char>;
    allocator_type get_allocator() const noexcept { return allocator_type(this->stream->write_memory_); }
    void operator()(const boost::system::error_code& error, std::size_t) {
      this->stream->strand_.runtime().guard([&] { this->handler->on_written(this->code(error)); });
    }
  };

  detail::Strand strand_;
  Socket socket_;
  OperationMemory read_memory_, write_memory_;
  Clock::time_point last_progress_{};
};

}  // namespace

std::shared_ptr<ByteStream> make_tcp_stream(const detail::Strand& strand, TcpSocket socket) {
  boost::system::error_code ignored;  // small frames must not wait for each other; if it fails, they do
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  return std::make_shared<SocketStream<TcpSocket>>(strand, std::move(socket));
}

#if defined(BOOST_ASIO_HAS_LOCAL_SOCKETS)
std::shared_ptr<ByteStream> make_local_stream(const detail::Strand& strand, LocalSocket socket) {
  return std::make_shared<SocketStream<LocalSocket>>(strand, std::move(socket));
}
#endif

}  // namespace lavapp::net
