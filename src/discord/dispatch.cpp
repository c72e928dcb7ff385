#include "lavapp/discord/dispatch.hpp"

#include "discord/etf.hpp"
#include "discord/payload.hpp"

namespace lavapp::discord {

std::string_view Dispatch::raw() const {
  if (held_ == Holds::payload) {
    const auto d = find_d(raw_);
    raw_ = d ? *d : "null";
    held_ = Holds::json;
  }
  return raw_;
}

std::string_view Dispatch::data() const {
  if (held_ != Holds::term) return raw();
  if (json_.empty()) {
    auto text = etf::to_json(raw_);
    json_ = text ? *std::move(text) : "null";
  }
  return json_;
}

}  // namespace lavapp::discord
