// Dispatch: an event of the gateway.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lavapp::discord {

/// Any event (op 0). Views are valid while the listener runs. Nothing of the event's data has been read yet, so that an event
/// that nobody asks for its data costs next to nothing.
class Dispatch {
 public:
  /// `t`: "GUILD_CREATE"
  std::string_view name() const noexcept { return name_; }
  /// `s`
  std::uint64_t sequence() const noexcept { return sequence_; }
  /// `d` as JSON text. It is looked for, or with Encoding::etf made, when it is first asked for. What is broken gives "null".
  std::string_view data() const;
  /// `d` as it came: JSON text, or a term without its version byte.
  std::string_view raw() const;

  /// What a Dispatch is made of: `d` as JSON text, as a term, or the payload in JSON that it is in.
  enum class Holds { json, term, payload };
  Dispatch(std::string_view name, std::uint64_t sequence, std::string_view bytes, Holds holds)
      : name_(name), sequence_(sequence), raw_(bytes), held_(holds) {}

 private:
  std::string_view name_;
  std::uint64_t sequence_;
  mutable std::string_view raw_;
  mutable Holds held_;
  mutable std::string json_ = {};
};

}  // namespace lavapp::discord
