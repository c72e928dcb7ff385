#include "lavapp/discord/dispatch.hpp"

#include "discord/etf.hpp"
#include "discord/payload.hpp"
#include "discord/scratch.hpp"

namespace lavapp::discord {
namespace {

/// What stands in for broken data, with room behind it for those who read it.
constexpr char kNull[4 + ScratchBuffer::kPadding] = "null";

}  // namespace

std::string_view Dispatch::raw() const {
  if (held_ == Holds::payload) {
    const auto d = find_d(raw_);
    raw_ = d && !d->empty() ? *d : std::string_view(kNull, 4);
    held_ = Holds::json;
  }
  return raw_;
}

std::string_view Dispatch::data() const {
  if (held_ != Holds::term) return raw();
  if (json_.empty()) {
    auto text = etf::to_json(raw_);
    json_ = text ? *std::move(text) : "null";
    json_.reserve(json_.size() + ScratchBuffer::kPadding);
  }
  return json_;
}

}  // namespace lavapp::discord
