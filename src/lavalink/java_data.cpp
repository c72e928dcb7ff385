#include "lavalink/java_data.hpp"

#include <algorithm>

#include "lavalink/modified_utf8.hpp"

namespace lavapp::lavalink {

void DataInput::fail(DataFault::Kind kind, std::string message) {
  if (!fault_) fault_ = DataFault{kind, std::move(message)};
  bytes_ = {};
}

std::string_view DataInput::take(const char* field, std::size_t size) {
  if (size > bytes_.size()) {
    fail(DataFault::Kind::cut_off, std::string(field) + " is cut off");
    return {};
  }
  const auto taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

std::string_view DataInput::all_before(std::size_t size) {
  const auto taken = bytes_.substr(0, bytes_.size() - std::min(size, bytes_.size()));
  bytes_.remove_prefix(taken.size());
  return taken;
}

bool DataInput::boolean(const char* field) {
  const auto byte = number<std::uint8_t>(field);
  if (byte > 1) {
    fail(DataFault::Kind::bad_value,
         std::string(field) + " has the byte " + std::to_string(byte) + " where 0 or 1 must be");
  }
  return byte == 1;
}

std::string DataInput::text(const char* field) {
  auto text = from_modified_utf8(take(field, number<std::uint16_t>(field)));
  if (!text) fail(DataFault::Kind::bad_text, std::string(field) + " is not modified UTF-8");
  return std::move(text).value_or("");
}

Optional<std::string> DataInput::nullable_text(const char* field) {
  if (!boolean(field)) return {};
  return text(field);
}

void DataOutput::fail(DataFault::Kind kind, std::string message) {
  if (!fault_) fault_ = DataFault{kind, std::move(message)};
}

void DataOutput::text(const char* field, std::string_view utf8) {
  const auto bytes = to_modified_utf8(utf8);
  if (!bytes) return fail(DataFault::Kind::bad_text, std::string(field) + " is not UTF-8");
  if (bytes->size() > 0xFFFF) {
    return fail(DataFault::Kind::bad_text, std::string(field) + " takes " + std::to_string(bytes->size()) +
                                               " bytes as modified UTF-8, may take 65535");
  }
  number(static_cast<std::uint16_t>(bytes->size()));
  raw(*bytes);
}

void DataOutput::nullable_text(const char* field, const Optional<std::string>& utf8) {
  boolean(utf8.has_value());
  if (utf8) text(field, *utf8);
}

}  // namespace lavapp::lavalink
