#include <algorithm>
#include <utility>
#include <vector>

#include "lavapp/core/json_text.hpp"

namespace lavapp {

struct JsonFields::Fields {
  std::vector<Field> all;

  auto position(std::string_view name) noexcept {
    return std::find_if(all.begin(), all.end(), [name](const Field& field) { return field.name == name; });
  }
};

JsonFields::JsonFields(std::initializer_list<Field> fields) : JsonFields() {
  for (const auto& [name, value] : fields) (*this)[name] = value;
}
JsonFields::JsonFields(const JsonFields& other) : fields_(other.empty() ? nullptr : new Fields(*other.fields_)) {}
JsonFields::JsonFields(JsonFields&& other) noexcept : fields_(std::exchange(other.fields_, nullptr)) {}
JsonFields& JsonFields::operator=(const JsonFields& other) { return *this = JsonFields(other); }
JsonFields& JsonFields::operator=(JsonFields&& other) noexcept {
  JsonFields taken(std::move(other));
  std::swap(fields_, taken.fields_);
  return *this;
}
JsonFields::~JsonFields() { delete fields_; }

JsonText& JsonFields::operator[](std::string_view name) {
  if (!fields_) fields_ = new Fields;
  const auto found = fields_->position(name);
  if (found != fields_->all.end()) return found->value;
  fields_->all.push_back({std::string(name), {}});
  return fields_->all.back().value;
}

const JsonText* JsonFields::find(std::string_view name) const noexcept {
  if (!fields_) return nullptr;
  const auto found = fields_->position(name);
  return found == fields_->all.end() ? nullptr : &found->value;
}

bool JsonFields::erase(std::string_view name) {
  if (!fields_) return false;
  const auto found = fields_->position(name);
  if (found == fields_->all.end()) return false;
  fields_->all.erase(found);
  return true;
}

void JsonFields::clear() noexcept {
  if (fields_) fields_->all.clear();
}
std::size_t JsonFields::size() const noexcept { return fields_ ? fields_->all.size() : 0; }
const JsonFields::Field* JsonFields::begin() const noexcept { return fields_ ? fields_->all.data() : nullptr; }
const JsonFields::Field* JsonFields::end() const noexcept { return begin() + size(); }

}  // namespace lavapp
