#include "discord/payload.hpp"

#include <simdjson.h>

#include "discord/etf.hpp"

namespace lavapp::discord {
namespace {

namespace sj = simdjson::ondemand;

Error bad(std::string what) { return Error(Errc::bad_payload, std::move(what)); }

/// From the first byte of a value to its last.
simdjson::error_code extent(sj::value& value, std::string_view& out) {
  const std::string_view first = value.raw_json_token();
  sj::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type == sj::json_type::object) {
    sj::object object;
    if (const auto error = value.get_object().get(object)) return error;
    return object.raw_json().get(out);
  }
  if (type == sj::json_type::array) {
    sj::array array;
    if (const auto error = value.get_array().get(array)) return error;
    return array.raw_json().get(out);
  }
  out = first;  // up to the next token: spaces, at worst
  while (!out.empty() && (out.back() == ' ' || out.back() == '\n' || out.back() == '\r' || out.back() == '\t')) out.remove_suffix(1);
  return simdjson::SUCCESS;
}

}  // namespace

struct PayloadReader::Impl {
  sj::parser parser;
  std::string t;

  Result<Payload> read_json(const ScratchBuffer& bytes);
};

PayloadReader::PayloadReader() : impl_(std::make_unique<Impl>()) {}
PayloadReader::~PayloadReader() = default;

Result<Payload> PayloadReader::Impl::read_json(const ScratchBuffer& bytes) {
  auto& buffer = const_cast<ScratchBuffer&>(bytes);
  if (buffer.size() == 0) return bad("an empty payload");
  sj::document document;
  sj::object object;
  const auto broken = [](simdjson::error_code error) { return bad(std::string("malformed JSON: ") + simdjson::error_message(error)); };
  if (const auto error = parser.iterate(buffer.data(), buffer.size(), buffer.size() + ScratchBuffer::kPadding).get(document)) return broken(error);
  if (const auto error = document.get_object().get(object)) return broken(error);
  Payload payload;
  bool has_op = false;
  for (auto field : object) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return broken(error);
    sj::value value;
    if (const auto error = field.value().get(value)) return broken(error);
    if (key == "d") {
      if (const auto error = extent(value, payload.d)) return broken(error);
    } else if (key == "op") {
      std::int64_t op = 0;
      if (value.get_int64().get(op) || op < 0) return bad("op must be a number");
      payload.op = static_cast<Op>(op);
      has_op = true;
    } else if (key == "s") {
      std::uint64_t s = 0;
      bool null = false;
      if (!value.is_null().get(null) && null) continue;
      if (value.get_uint64().get(s)) return bad("s must be a number");
      payload.s = s;
    } else if (key == "t") {
      std::string_view text;
      bool null = false;
      if (!value.is_null().get(null) && null) continue;
      if (value.get_string().get(text)) return bad("t must be a string");
      t.assign(text);
      payload.t = t;
    }
  }
  if (!has_op) return bad("op is missing");
  return payload;
}

Result<Payload> PayloadReader::read(const ScratchBuffer& bytes, Encoding encoding) {
  if (encoding == Encoding::json) return impl_->read_json(bytes);
  auto& buffer = const_cast<ScratchBuffer&>(bytes);
  auto envelope = etf::scan({buffer.data(), buffer.size()});
  if (!envelope) return std::move(envelope).error();
  return Payload{static_cast<Op>(envelope->op), envelope->s, envelope->t, envelope->d};
}

std::string_view Dispatch::data() const {
  if (!etf_) return raw_;
  if (json_.empty()) {
    auto text = etf::to_json(raw_);
    json_ = text ? *std::move(text) : "null";
    json_.reserve(json_.size() + ScratchBuffer::kPadding);
  }
  return json_;
}

}  // namespace lavapp::discord
