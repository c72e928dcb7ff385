// SharedParser: simdjson's parser, one for all shards of a thread. Only readers include this: simdjson is heavy.
#pragma once

#include <simdjson.h>

#include <string_view>

#include "discord/scratch.hpp"

namespace lavapp::discord {

/// In use while it lives, one at a time. What a huge text took is given back after it.
class SharedParser {
 public:
  SharedParser() = default;
  SharedParser(const SharedParser&) = delete;
  SharedParser& operator=(const SharedParser&) = delete;
  ~SharedParser() {
    if (shared().capacity() > Scratch::kKept) shared() = simdjson::ondemand::parser();
  }
  /// \param text  with ScratchBuffer::kPadding bytes behind it that may be read
  simdjson::error_code open(std::string_view text, simdjson::ondemand::document& document) const {
    static_assert(ScratchBuffer::kPadding >= simdjson::SIMDJSON_PADDING);
    return shared().iterate(text.data(), text.size(), text.size() + ScratchBuffer::kPadding).get(document);
  }

 private:
  static simdjson::ondemand::parser& shared() {
    thread_local simdjson::ondemand::parser parser;
    return parser;
  }
};

}  // namespace lavapp::discord
