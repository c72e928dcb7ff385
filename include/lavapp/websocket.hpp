// WebSocket: a client connection (RFC 6455) as an event emitter, with heartbeat and latency.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/function.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/runtime.hpp"
#include "lavapp/core/tls.hpp"

namespace lavapp {

namespace detail {
class WebSocketImpl;
class Strand;
}  // namespace detail

/// Header fields in their order; names are compared without case.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first field called `name`, or nullptr.
const std::string* find_header(const Headers& headers, std::string_view name) noexcept;

/// The WHATWG states, with their numbers.
enum class ReadyState { connecting = 0, open = 1, closing = 2, closed = 3 };

/// permessage-deflate (RFC 7692). Offered to the server, which may decline.
struct CompressionOptions {
  /// Off by default: it takes CPU time and up to 300 KiB a connection once messages are compressed, and compressing what an
  /// attacker can add to beside a secret tells of the secret by its length.
  bool enabled = false;
  /// Shorter messages go out as they are, in bytes.
  std::size_t threshold = 1024;
  /// 1 (fast) to 9 (small).
  int level = 6;
  /// How much memory zlib may take besides the window to compress, 1 to 9: 2^(memory_level + 9) bytes.
  int memory_level = 8;
  /// Windows of 2^n bytes for what we send (9 to 15) and for what the server sends (8 to 15).
  int client_max_window_bits = 15;
  int server_max_window_bits = 15;
  /// Each message is compressed for itself: larger, but no memory is kept between messages by whom it concerns.
  bool client_no_context_takeover = false;
  bool server_no_context_takeover = false;
};

/// Told before each further attempt to connect, and asked about it.
struct ReconnectAttempt {
  std::uint32_t attempt = 1;  ///< Counted since the last connection that was stable.
  std::chrono::milliseconds delay{0};
  Error reason = {};  ///< `closed_by_peer` after a closing handshake.
};

struct WebSocketOptions {
  /// Sent with the handshake, every one as given. CR, LF or NUL, a name that is no token (RFC 9110 5.1), or one that the
  /// handshake itself sets (Host, Upgrade, Connection, Sec-WebSocket-*) fails connect() with `Errc::invalid_header`.
  Headers headers = {};
  /// Subprotocols offered, most wanted first (RFC 6455 1.9).
  std::vector<std::string> subprotocols = {};
  TlsOptions tls = {};
  CompressionOptions compression = {};
  /// `http://[user[:password]@]host[:port]` (HTTP CONNECT) or `socks5://...`; empty: none. Host names are resolved by the
  /// proxy. User and password are percent-encoded, and never told in errors or `debug`.
  std::string proxy = {};
  /// Path of a Unix domain socket to connect to instead of the URL's host, which is still named in the handshake and in
  /// TLS. Not together with `proxy`.
  std::string unix_socket = {};
  /// How many redirects (301, 302, 303, 307, 308) connect() follows, one after the other. To another origin (scheme, host
  /// or port) nothing of `headers` goes, nor the client certificate; never from wss:// to ws://.
  std::uint32_t max_redirects = 0;

  /// Time limits of the steps of connect(), each more than 0; each has an error code of its own.
  std::chrono::milliseconds resolve_timeout{5'000};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds proxy_timeout{10'000};
  std::chrono::milliseconds tls_timeout{5'000};
  std::chrono::milliseconds handshake_timeout{10'000};

  /// Time between heartbeat pings; 0 turns the heartbeat off.
  std::chrono::milliseconds heartbeat_interval{30'000};
  /// A heartbeat ping unanswered for so long ends the connection with `Errc::pong_timeout`; 0: never.
  std::chrono::milliseconds pong_timeout{5'000};
  /// How long a write may make no progress before the connection counts as dead (`Errc::write_timeout`); 0: for ever.
  std::chrono::milliseconds write_timeout{30'000};
  /// Time limit of the closing handshake; then the connection is cut. More than 0.
  std::chrono::milliseconds close_timeout{5'000};
  /// No message, nor a part of one, has come for so long: the connection ends with `Errc::idle_timeout`; 0: never. Pings
  /// and Pongs do not count: a server may answer them and do nothing else any more.
  std::chrono::milliseconds idle_timeout{0};

  /// What becomes of a connection that is lost or closed by the peer, and of an attempt that fails. Off: nothing. On: it is
  /// tried again, unless the error is fatal (is_fatal) or close(), terminate() or the destructor ended it.
  ReconnectOptions reconnect = ReconnectOptions::off();
  /// Asked before each further attempt, on the runtime; false gives up. Empty: yes to all.
  Function<bool(const ReconnectAttempt&)> reconnect_if = {};
  /// What was queued, or on its way, when a connection was lost is sent by the next one, and send() queues between the two.
  /// A message may arrive twice. Off: it is lost, as `error` tells.
  bool keep_queue = false;

  /// The longest message accepted, in bytes, over all its fragments; a longer one ends the connection with 1009.
  std::size_t max_message_size = 16 * 1024 * 1024;
  /// The longest payload of one frame accepted, in bytes; 0: as long as a message may be. Beyond it: 1009.
  std::size_t max_frame_size = 0;
  /// The longest head of the handshake's response accepted, in bytes; a longer one is `Errc::bad_handshake`.
  std::size_t max_header_size = 64 * 1024;
  /// Messages are not put together: `fragment` tells their pieces as they arrive, and `message` nothing.
  bool stream_messages = false;
  /// Bounds of what waits to be sent. A single message larger than max_queue_bytes is refused too.
  std::size_t max_queue_bytes = 1024 * 1024;
  std::size_t max_queue_messages = 1'000;
};

/// What a server answered to the handshake.
struct HandshakeResponse {
  int status = 0;
  Headers headers = {};
  std::string subprotocol = {};  ///< The one the server chose; empty if none.
};

/// Round trips of this connection, measured with Ping and Pong on the monotonic clock. Zero until the first Pong.
struct Latency {
  std::chrono::nanoseconds last{0};
  /// Smoothed as TCP does (RFC 6298: 7/8 old, 1/8 new).
  std::chrono::nanoseconds smoothed{0};
  std::chrono::nanoseconds minimum{0};
  /// The latest ones, oldest first, 128 at most.
  std::vector<std::chrono::nanoseconds> recent;

  /// The round trip that so many percent (0 to 100) of the recent ones do not exceed (nearest rank); 0 if there are none.
  std::chrono::nanoseconds percentile(double percent) const;
};

/// What a WebSocket has done since it was made, over all its connections.
struct Counters {
  std::uint64_t messages_sent = 0;  ///< Handed to the operating system.
  std::uint64_t messages_received = 0;
  std::uint64_t bytes_sent = 0;  ///< Of payloads, as they went over the wire.
  std::uint64_t bytes_received = 0;  ///< Of payloads, decompressed.
  std::uint64_t pings_sent = 0;
  std::uint64_t pings_received = 0;
  std::uint64_t pongs_received = 0;  ///< Those that answered a Ping of ours.
  std::uint64_t attempts = 0;        ///< Those of connect() and of `reconnect`.
  std::uint64_t connections = 0;     ///< Attempts that succeeded.
  /// Attempts of `reconnect`, by the kind of error that made them necessary.
  std::vector<std::pair<Errc, std::uint64_t>> reconnects;
  /// Time spent in each ReadyState, the present one included.
  std::chrono::nanoseconds connecting{0}, open{0}, closing{0}, closed{0};
};

/// A WebSocket client. It connects when told to; after `closed` it may be told again.
///
/// Events, by the names that browsers and Node.js gave them: open is `open`, message is `message`, ping is
/// `ping_received`, pong is `pong`, error is `error`, close is `closed`, debug is `debug`. A connection that opened, or
/// failed to, ends with exactly one `closed`, after one `error` if something went wrong.
/// Listeners run one after the other on the runtime; a view that they receive is valid while they run.
/// Threading: every member may be called from any thread, inside listeners too, unless its text says otherwise.
/// Lifetime: the destructor cuts the connection; no listener starts after it has returned, one that runs on another
/// thread may still finish (close_and_wait() for those who need more). What is pending completes with `Errc::closed`.
class WebSocket : public EventEmitter<WebSocket> {
 public:
  struct Message {
    std::string_view data;
    bool binary = false;
    /// When its last bytes were read, by the runtime's clock: the same for all messages that one read brought.
    Clock::time_point received = {};
  };
  /// A piece of a message, as long as what has arrived of it.
  struct Fragment {
    std::string_view data;  ///< Of text, checked to be UTF-8 so far; it may end within a character.
    bool binary = false;
    bool first = false;
    bool last = false;  ///< The message ends with this, which may be empty then.
  };
  struct Close {
    /// What the peer's Close frame said; 1005 if it held no code, 1006 if the connection was lost without one
    /// (RFC 6455 7.1.5).
    int code = 1006;
    std::string reason = {};
    /// Both sides sent a Close frame.
    bool clean = false;
  };

  /// The handshake succeeded.
  static constexpr Event<WebSocket, 0, HandshakeResponse> open{};
  /// A whole message; text has been checked to be UTF-8. None comes once close() or terminate() has been called.
  static constexpr Event<WebSocket, 1, Message> message{};
  /// A Ping with this payload came; it has been answered.
  static constexpr Event<WebSocket, 2, std::string_view> ping_received{};
  /// A Pong came that answers a Ping of ours: the round trip. Other Pongs are ignored (RFC 6455 5.5.3).
  static constexpr Event<WebSocket, 3, std::chrono::nanoseconds> pong{};
  /// Why the connection failed or ended; `closed` follows.
  static constexpr Event<WebSocket, 4, Error> error{};
  /// The connection is gone, or the attempt has failed; nothing follows but `reconnecting`, if it will be tried again.
  static constexpr Event<WebSocket, 5, Close> closed{};
  /// What happens, step by step, in words, with credentials left out.
  static constexpr Event<WebSocket, 6, std::string_view> debug{};
  /// With `stream_messages`: the next piece of a message.
  static constexpr Event<WebSocket, 7, Fragment> fragment{};
  /// All messages that were queued have been handed to the operating system.
  static constexpr Event<WebSocket, 8> drain{};
  /// With `reconnect`: another attempt begins after the delay; it ends with an `open` or a `closed` of its own.
  static constexpr Event<WebSocket, 9, ReconnectAttempt> reconnecting{};

  /// Nothing is sent yet. What is wrong with `url` (ws:// or wss://, a host, no fragment) or with `options` is told by
  /// connect().
  WebSocket(Runtime& runtime, std::string url, WebSocketOptions options = {});
  WebSocket(WebSocket&&) noexcept = default;
  WebSocket& operator=(WebSocket&&) noexcept;
  ~WebSocket();

  /// Resolves, connects, and shakes hands. Completes with the server's answer; deadline 30 s unless `options` say
  /// otherwise.
  /// Errors: `invalid_url`, `invalid_header`, `invalid_argument`, `already_connecting`, a timeout by its step,
  /// `resolve_failed`, `connect_failed`, `proxy_refused`, `proxy_unauthorized`, `tls_failed`, `certificate_rejected`,
  /// `connection_lost`, `handshake_refused` (with status and body), `bad_handshake`, `cancelled`, `closed`. The `error` and `closed` events tell the same, once
  /// each; mistakes in the arguments, and `already_connecting`, raise no event.
  /// With `reconnect` it completes when an attempt succeeds, or fails for good. At its deadline it fails while trying goes
  /// on; cancelled, it ends all attempts.
  template <class Token>
  auto connect(Token&& token, CallOptions options = {}) {
    return initiate_with<HandshakeResponse>(std::forward<Token>(token), &WebSocket::start_connect, impl_, std::move(options));
  }

  /// Puts a text message into the send queue; it must be UTF-8. Messages are sent in this order.
  /// Errors: `not_open`; `queue_full`, and nothing is queued; `invalid_utf8`.
  Result<void> send(std::string_view text);
  /// Puts a binary message into the send queue. Errors: as send().
  Result<void> send_binary(std::string_view bytes);

  /// As send(), and completes when the message has been handed to the operating system. Deadline 30 s.
  /// It may have been sent in part when the deadline passes: it stays queued.
  template <class Token>
  auto send(std::string text, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &WebSocket::start_send, impl_, std::move(text), false,
                               std::move(options));
  }
  template <class Token>
  auto send_binary(std::string bytes, Token&& token, CallOptions options = {}) {
    return initiate_with<void>(std::forward<Token>(token), &WebSocket::start_send, impl_, std::move(bytes), true,
                               std::move(options));
  }

  /// Sends a Ping and completes with the round trip when the Pong with its payload comes. Deadline: `pong_timeout`, or
  /// 5 s if that is 0; missing it fails this operation with `pong_timeout` and leaves the connection alone.
  /// \param payload  at most 125 bytes (RFC 6455 5.5), else `invalid_argument`. Empty: one of our own is chosen.
  template <class Token>
  auto ping(std::string payload, Token&& token, CallOptions options = {}) {
    return initiate_with<std::chrono::nanoseconds>(std::forward<Token>(token), &WebSocket::start_ping, impl_,
                                                   std::move(payload), std::move(options));
  }

  /// Starts the closing handshake: what is queued is sent first, then a Close frame; `closed` follows when the peer has
  /// answered or `close_timeout` has passed. While connecting, it ends the attempt. Again or when closed: nothing.
  /// \param code    1000 to 1003, 1007 to 1014 or 3000 to 4999 (RFC 6455 7.4)
  /// \param reason  UTF-8, at most 123 bytes
  /// Errors: `invalid_argument`, and nothing is sent.
  Result<void> close(int code = 1000, std::string_view reason = {});

  /// As close(), and completes when the connection is gone, with what `closed` told. At once if it is closed already.
  /// Deadline: `close_timeout` and one second more.
  template <class Token>
  auto close(int code, std::string reason, Token&& token, CallOptions options = {}) {
    return initiate_with<Close>(std::forward<Token>(token), &WebSocket::start_close, impl_, code, std::move(reason),
                                std::move(options));
  }

  /// Cuts the connection without a closing handshake; `closed` tells 1006. What is queued is lost.
  void terminate();

  /// terminate(), and waits until no listener runs any more. Not to be called on the runtime's threads: it would wait
  /// for itself, so there it only terminates. An adopted io_context must be running meanwhile.
  void close_and_wait();

  /// Stops receiving: the server is held up by TCP's flow control once the buffers are full. Called within a listener, no
  /// message follows; from elsewhere, one may be under way. Pings are not answered meanwhile, the heartbeat and
  /// `idle_timeout` rest, and the loss of the connection is noticed late. It holds for later connections too; close() ends it.
  void pause();
  /// Goes on receiving.
  void resume();
  bool is_paused() const noexcept;

  /// Between an attempt that failed and the next one of `reconnect`: connecting.
  ReadyState ready_state() const noexcept;
  Latency latency() const;
  Counters counters() const;
  /// Bytes of messages that are queued and not yet handed to the operating system.
  std::size_t buffered_amount() const noexcept;
  const std::string& url() const noexcept;

  /// For the library's own parts: on a strand that the owner has already, so that both share one order.
  WebSocket(const detail::Strand& strand, std::string url, WebSocketOptions options);

 private:
  using ImplPtr = std::shared_ptr<detail::WebSocketImpl>;
  explicit WebSocket(ImplPtr impl);
  static void start_connect(const ImplPtr&, CallOptions, Handler<HandshakeResponse>);
  static void start_send(const ImplPtr&, std::string data, bool binary, CallOptions, Handler<void>);
  static void start_ping(const ImplPtr&, std::string payload, CallOptions, Handler<std::chrono::nanoseconds>);
  static void start_close(const ImplPtr&, int code, std::string reason, CallOptions, Handler<Close>);

  ImplPtr impl_;
};

}  // namespace lavapp
