#include "websocket/permessage_deflate.hpp"

#include <algorithm>
#include <utility>

#include "websocket/text.hpp"

namespace lavapp::websocket {
namespace {

constexpr std::string_view kName = "permessage-deflate";

Error refuse(std::string_view what) {
  return {Errc::bad_handshake, "the answer's Sec-WebSocket-Extensions: " + std::string(what)};
}

struct Parameter {
  std::string name;
  std::optional<std::string> value;
};
struct Extension {
  std::string name;
  std::vector<Parameter> parameters;
};

/// Reads extension-list of RFC 6455 9.1 from one field's value.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  /// Nothing if the text breaks the grammar. Empty elements of a list are passed over (RFC 9110 5.6.1.2).
  std::optional<std::vector<Extension>> list() {
    std::vector<Extension> all;
    while (true) {
      while (take(',')) continue;
      if (at_end()) return all;
      Extension extension;
      extension.name = token();
      if (extension.name.empty()) return {};
      while (take(';')) {
        Parameter parameter{token(), {}};
        if (parameter.name.empty()) return {};
        if (take('=')) {
          parameter.value = value();
          if (!parameter.value) return {};
        }
        extension.parameters.push_back(std::move(parameter));
      }
      if (!at_end() && rest_.front() != ',') return {};
      all.push_back(std::move(extension));
    }
  }

 private:
  void skip_space() { rest_ = trim(rest_); }
  bool at_end() {
    skip_space();
    return rest_.empty();
  }
  bool take(char wanted) {
    skip_space();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string token() {
    skip_space();
    std::size_t size = 0;
    while (size < rest_.size() && is_token(rest_.substr(size, 1))) ++size;
    std::string found(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return found;
  }
  /// A token, or a quoted string that holds one (RFC 6455 9.1).
  std::optional<std::string> value() {
    if (!take('"')) {
      auto found = token();
      if (found.empty()) return {};
      return found;
    }
    std::string found;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty()) return {};
      found += rest_.front();
      rest_.remove_prefix(1);
    }
    if (rest_.empty() || !is_token(found)) return {};
    rest_.remove_prefix(1);
    return found;
  }

  std::string_view rest_;
};

/// A decimal number of 8 to 15 without leading zeros (RFC 7692 7.1.2).
std::optional<int> window_bits(const std::optional<std::string>& text) {
  if (!text || text->empty() || text->size() > 2 || text->front() == '0') return {};
  int bits = 0;
  for (const char c : *text) {
    if (c < '0' || c > '9') return {};
    bits = bits * 10 + (c - '0');
  }
  if (bits < 8 || bits > 15) return {};
  return bits;
}

/// One parameter of the answer, taken into `agreed`; what is wrong with it, or nullptr.
const char* take(const Parameter& parameter, const CompressionOptions& offered, PermessageDeflate& agreed) {
  if (parameter.name == "server_no_context_takeover") {
    if (parameter.value) return "server_no_context_takeover has a value";
    agreed.receiving.context_takeover = false;
  } else if (parameter.name == "client_no_context_takeover") {
    if (parameter.value) return "client_no_context_takeover has a value";
    agreed.sending.context_takeover = false;
  } else if (parameter.name == "server_max_window_bits") {
    const auto bits = window_bits(parameter.value);
    if (!bits) return "server_max_window_bits is not a number from 8 to 15";
    if (*bits > offered.server_max_window_bits) return "server_max_window_bits is more than was offered";
    agreed.receiving.window_bits = *bits;
  } else if (parameter.name == "client_max_window_bits") {
    const auto bits = window_bits(parameter.value);
    if (!bits) return "client_max_window_bits is not a number from 8 to 15";
    agreed.sending.window_bits = std::min(*bits, offered.client_max_window_bits);
  } else {
    return "permessage-deflate has a parameter that does not exist";
  }
  return nullptr;
}

Result<PermessageDeflate> agree(const Extension& extension, const CompressionOptions& offered) {
  PermessageDeflate agreed;
  agreed.sending = {offered.client_max_window_bits, !offered.client_no_context_takeover};
  agreed.receiving = {offered.server_max_window_bits, true};
  std::vector<std::string> seen;
  for (const auto& parameter : extension.parameters) {
    if (std::find(seen.begin(), seen.end(), parameter.name) != seen.end()) {
      return refuse("permessage-deflate has a parameter twice");
    }
    seen.push_back(parameter.name);
    if (const auto* wrong = take(parameter, offered, agreed)) return refuse(wrong);
  }
  // RFC 7692 7.1.1.1 and 7.1.2.1: whoever accepts the offer must confirm these two.
  const auto confirmed = [&](const char* name) { return std::find(seen.begin(), seen.end(), name) != seen.end(); };
  if (offered.server_no_context_takeover && !confirmed("server_no_context_takeover")) {
    return refuse("server_no_context_takeover was asked for and is not confirmed");
  }
  if (offered.server_max_window_bits < 15 && !confirmed("server_max_window_bits")) {
    return refuse("server_max_window_bits was asked for and is not confirmed");
  }
  return agreed;
}

}  // namespace

Result<void> check_compression(const CompressionOptions& options) {
  const auto within = [](const char* name, int value, int low, int high) -> Result<void> {
    if (value >= low && value <= high) return {};
    return Error(Errc::invalid_argument, "compression." + std::string(name) + " must be " + std::to_string(low) +
                                             " to " + std::to_string(high));
  };
  for (auto checked : {within("client_max_window_bits", options.client_max_window_bits, 9, 15),
                       within("server_max_window_bits", options.server_max_window_bits, 8, 15),
                       within("level", options.level, 1, 9), within("memory_level", options.memory_level, 1, 9)}) {
    if (!checked) return checked;
  }
  return {};
}

std::string offer_extensions(const CompressionOptions& options) {
  if (!options.enabled) return {};
  std::string text(kName);
  // Without a value it says that the server may set the bound; ours is kept besides (RFC 7692 7.1.2.2).
  text += "; client_max_window_bits";
  if (options.client_max_window_bits < 15) text += "=" + std::to_string(options.client_max_window_bits);
  if (options.server_max_window_bits < 15) {
    text += "; server_max_window_bits=" + std::to_string(options.server_max_window_bits);
  }
  if (options.client_no_context_takeover) text += "; client_no_context_takeover";
  if (options.server_no_context_takeover) text += "; server_no_context_takeover";
  return text;
}

Result<std::optional<PermessageDeflate>> accept_extensions(const std::vector<std::string>& fields,
                                                           const CompressionOptions& offered) {
  std::vector<Extension> extensions;
  for (const auto& field : fields) {
    auto some = Reader(field).list();
    if (!some) return refuse("not a list of extensions (RFC 6455 9.1)");
    std::move(some->begin(), some->end(), std::back_inserter(extensions));
  }
  if (extensions.empty()) return std::optional<PermessageDeflate>();
  if (!offered.enabled || extensions.front().name != kName) return refuse("an extension that was not offered");
  if (extensions.size() > 1) return refuse("more than the one extension that was offered");
  auto agreed = agree(extensions.front(), offered);
  if (!agreed) return std::move(agreed).error();
  return std::optional<PermessageDeflate>(*agreed);
}

}  // namespace lavapp::websocket
