#include <algorithm>

#include "lavapp/core/json_text.hpp"

namespace lavapp {
namespace {

template <class Fields>
auto position(Fields& fields, std::string_view name) noexcept {
  return std::find_if(fields.begin(), fields.end(), [name](const auto& field) { return field.name == name; });
}

}  // namespace

JsonFields::JsonFields(std::initializer_list<Field> fields) {
  for (const auto& [name, value] : fields) (*this)[name] = value;
}

JsonText& JsonFields::operator[](std::string_view name) {
  const auto found = position(fields_, name);
  if (found != fields_.end()) return found->value;
  fields_.push_back({std::string(name), {}});
  return fields_.back().value;
}

const JsonText* JsonFields::find(std::string_view name) const noexcept {
  const auto found = position(fields_, name);
  return found == fields_.end() ? nullptr : &found->value;
}

bool JsonFields::erase(std::string_view name) {
  const auto found = position(fields_, name);
  if (found == fields_.end()) return false;
  fields_.erase(found);
  return true;
}

void JsonFields::clear() noexcept { fields_.clear(); }
std::size_t JsonFields::size() const noexcept { return fields_.size(); }
const JsonFields::Field* JsonFields::begin() const noexcept { return fields_.data(); }
const JsonFields::Field* JsonFields::end() const noexcept { return fields_.data() + fields_.size(); }

}  // namespace lavapp
