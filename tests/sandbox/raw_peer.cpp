#include "raw_peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace lavapp::test {
namespace {

bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] | 0x20) != (b[i] | 0x20)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> RawResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same(key, name)) return value;
  }
  return std::nullopt;
}

RawPeer::RawPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval limit{10, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  ::close(socket_);
  throw std::runtime_error("connection refused");
}

RawPeer::~RawPeer() {
  if (socket_ >= 0) ::close(socket_);
}

void RawPeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // A server may refuse before it has read everything, and reset.
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawPeer::fill() {
  char bytes[65536];
  const auto size = ::recv(socket_, bytes, sizeof bytes, 0);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("nothing came for ten seconds");
  if (size <= 0) return false;
  input_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

std::string RawPeer::take_until(std::string_view end) {
  auto at = input_.find(end);
  for (; at == std::string::npos; at = input_.find(end)) {
    if (!fill()) throw std::runtime_error("the stream ended in mid-answer: " + input_.substr(0, 200));
  }
  auto taken = input_.substr(0, at);
  input_.erase(0, at + end.size());
  return taken;
}

std::string RawPeer::take(std::size_t size) {
  while (input_.size() < size) {
    if (!fill()) throw std::runtime_error("the stream ended in mid-answer: " + input_.substr(0, 200));
  }
  auto taken = input_.substr(0, size);
  input_.erase(0, size);
  return taken;
}

RawResponse RawPeer::read_response(bool head_only) {
  RawResponse response;
  const auto line = take_until("\r\n");
  response.status = std::stoi(line.substr(9, 3));
  response.reason = line.size() > 13 ? line.substr(13) : "";
  for (auto field = take_until("\r\n"); !field.empty(); field = take_until("\r\n")) {
    const auto colon = field.find(':');
    const auto value = field.find_first_not_of(' ', colon + 1);
    response.headers.emplace_back(field.substr(0, colon), value == std::string::npos ? "" : field.substr(value));
  }
  if (head_only || response.status < 200 || response.status == 204) return response;
  if (response.header("Transfer-Encoding") == "chunked") {
    for (auto size = std::stoul(take_until("\r\n"), nullptr, 16); size > 0; size = std::stoul(take_until("\r\n"), nullptr, 16)) {
      response.body += take(size);
      take(2);
    }
    take(2);
  } else {
    response.body = take(std::stoul(response.header("Content-Length").value_or("0")));
  }
  return response;
}

std::optional<RawFrame> RawPeer::read_frame() {
  while (input_.empty()) {
    if (!fill()) return std::nullopt;
  }
  const auto head = take(2);
  RawFrame frame;
  frame.opcode = head[0] & 0x0F;
  std::size_t size = head[1] & 0x7F;
  if (size >= 126) {
    const auto bytes = take(size == 126 ? 2 : 8);
    size = 0;
    for (const auto c : bytes) size = size << 8 | static_cast<unsigned char>(c);
  }
  frame.payload = take(size);
  return frame;
}

bool RawPeer::silent() {
  char byte;
  if (!input_.empty()) return false;
  const auto size = ::recv(socket_, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
  return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void RawPeer::read_to_end() {
  while (fill()) input_.clear();
}

void RawPeer::finish() { ::shutdown(socket_, SHUT_WR); }

void RawPeer::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

}  // namespace lavapp::test
