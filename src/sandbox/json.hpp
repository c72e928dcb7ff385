// Json: the sandbox's JSON tree; it keeps the order of keys, so that answers look like Lavalink's.
#pragma once

#include <nlohmann/json.hpp>

namespace lavapp::sandbox {

using Json = nlohmann::ordered_json;

/// One line of JSON; what is no UTF-8 in it is replaced rather than refused.
inline std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace lavapp::sandbox
