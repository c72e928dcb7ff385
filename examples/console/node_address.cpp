#include "node_address.hpp"

#include <algorithm>
#include <charconv>

namespace console {
namespace {

lavapp::Error wrong(std::string_view text, const std::string& why) {
  return {lavapp::Errc::invalid_argument, "\"" + std::string(text) + "\" is no node address: " + why};
}

}  // namespace

lavapp::Result<NodeAddress> parse_node_address(std::string_view text) {
  if (text.find("://") != text.npos) {
    return wrong(text, "leave out the scheme, and say --secure for wss and https");
  }
  if (text.find('/') != text.npos) return wrong(text, "a path goes into --path-prefix");
  NodeAddress address;
  std::string_view port;
  bool has_port = false;
  if (!text.empty() && text.front() == '[') {
    const auto end = text.find(']');
    if (end == text.npos) return wrong(text, "the closing bracket is missing");
    const auto rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return wrong(text, "after the bracket only :PORT may follow");
    address.host = text.substr(1, end - 1);
    has_port = !rest.empty();
    port = has_port ? rest.substr(1) : rest;
  } else if (std::count(text.begin(), text.end(), ':') > 1) {
    address.host = text;  // an IPv6 address: which colon would begin the port?
  } else {
    const auto colon = text.find(':');
    address.host = text.substr(0, colon);
    has_port = colon != text.npos;
    port = has_port ? text.substr(colon + 1) : std::string_view();
  }
  if (address.host.empty()) return wrong(text, "the host is missing");
  const auto is_odd = [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '@' || c == '?' || c == '#'; };
  if (std::any_of(address.host.begin(), address.host.end(), is_odd))
    return wrong(text, "the host has an odd character");
  if (has_port) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
    if (error != std::errc() || end != port.data() + port.size() || value < 1 || value > 65535) {
      return wrong(text, "the port must be 1 to 65535");
    }
    address.port = static_cast<std::uint16_t>(value);
  }
  return address;
}

std::string to_string(const NodeAddress& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace console
