// Dispatch: an event of the gateway.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lavapp::discord {

/// Any event (op 0). Views are valid while the listener runs. Nothing of the event's data has been read yet.
class Dispatch {
 public:
  /// `t`: "GUILD_CREATE"
  std::string_view name() const noexcept { return name_; }
  /// `s`
  std::uint64_t sequence() const noexcept { return sequence_; }
  /// `d` as JSON text. With Encoding::etf it is made when it is first asked for. Broken ETF gives "null".
  std::string_view data() const;
  /// `d` as it came: JSON text, or a term without its version byte.
  std::string_view raw() const noexcept { return raw_; }

  Dispatch(std::string_view name, std::uint64_t sequence, std::string_view raw, bool etf)
      : name_(name), sequence_(sequence), raw_(raw), etf_(etf) {}

 private:
  std::string_view name_;
  std::uint64_t sequence_;
  std::string_view raw_;
  bool etf_;
  mutable std::string json_;
};

}  // namespace lavapp::discord
