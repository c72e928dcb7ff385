// JsonText, JsonFields: pieces of JSON that are handed on as they came.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace lavapp {

/// JSON as text, unparsed: `pluginInfo`, `userData`, plugin filters. It is exactly what the wire carried or will carry.
/// <lavapp/json.hpp> turns it into a `nlohmann::json` and back.
struct JsonText {
  std::string text = {};

  JsonText() = default;
  explicit JsonText(std::string json) : text(std::move(json)) {}
  bool empty() const noexcept { return text.empty(); }
  friend bool operator==(const JsonText& a, const JsonText& b) noexcept { return a.text == b.text; }
  friend bool operator!=(const JsonText& a, const JsonText& b) noexcept { return a.text != b.text; }
};

/// The members of a JSON object, by name, in their order; a small map.
/// (Not a std::map, whose header and instances would cost every user 35 ms of compile time.)
class JsonFields {
 public:
  struct Field {
    std::string name = {};
    JsonText value = {};
  };

  JsonFields() = default;
  JsonFields(std::initializer_list<Field> fields);
  JsonFields(const JsonFields& other);
  JsonFields(JsonFields&& other) noexcept;
  JsonFields& operator=(const JsonFields& other);
  JsonFields& operator=(JsonFields&& other) noexcept;
  ~JsonFields();

  /// The value called `name`; a new and empty one if there was none.
  JsonText& operator[](std::string_view name);
  /// The value called `name`, or nullptr.
  const JsonText* find(std::string_view name) const noexcept;
  /// False if there was none.
  bool erase(std::string_view name);
  void clear() noexcept;

  bool empty() const noexcept { return size() == 0; }
  std::size_t size() const noexcept;
  const Field* begin() const noexcept;
  const Field* end() const noexcept;

 private:
  // Behind a pointer, null while there are none: the vector in here would cost every user 2 ms of compile time.
  struct Fields;
  Fields* fields_ = nullptr;
};

}  // namespace lavapp
