// Fields as Java's DataOutput writes them: numbers with the highest byte first, strings as modified UTF-8 behind their
// size. https://docs.oracle.com/javase/8/docs/api/java/io/DataOutput.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lavapp/core/optional.hpp"

namespace lavapp::lavalink {

/// Why a field could not be read or written.
struct DataFault {
  enum class Kind { cut_off, bad_text, bad_value };
  Kind kind;
  std::string message;  ///< begins with the field's name
};

/// Reads one field after the other. From the first fault on, all of them are empty.
class DataInput {
 public:
  explicit DataInput(std::string_view bytes) : bytes_(bytes) {}

  template <class Integer>
  Integer number(const char* field) {
    std::uint64_t value = 0;
    for (const char byte : take(field, sizeof(Integer))) value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<Integer>(value);
  }
  bool boolean(const char* field);
  std::string text(const char* field);
  Optional<std::string> nullable_text(const char* field);
  /// What lies before the last `size` bytes.
  std::string_view all_before(std::size_t size);

  std::size_t left() const { return bytes_.size(); }
  const std::optional<DataFault>& fault() const { return fault_; }
  void fail(DataFault::Kind kind, std::string message);

 private:
  std::string_view take(const char* field, std::size_t size);

  std::string_view bytes_;
  std::optional<DataFault> fault_;
};

/// Writes one field after the other, and keeps the first fault.
class DataOutput {
 public:
  template <class Integer>
  void number(Integer value) {
    for (int shift = static_cast<int>(sizeof(Integer)) * 8 - 8; shift >= 0; shift -= 8) {
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xFF);
    }
  }
  void boolean(bool value) { bytes_ += value ? '\1' : '\0'; }
  void text(const char* field, std::string_view utf8);
  void nullable_text(const char* field, const Optional<std::string>& utf8);
  void raw(std::string_view bytes) { bytes_ += bytes; }

  const std::string& bytes() const { return bytes_; }
  const std::optional<DataFault>& fault() const { return fault_; }
  void fail(DataFault::Kind kind, std::string message);

 private:
  std::string bytes_;
  std::optional<DataFault> fault_;
};

}  // namespace lavapp::lavalink
