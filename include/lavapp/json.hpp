// JsonText to nlohmann::json and back. Include <nlohmann/json.hpp> where you use the value.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/result.hpp"

namespace lavapp {

/// Parses the text. \throws Exception with `Errc::invalid_argument` if it is no JSON; an empty text is null.
nlohmann::json parse(const JsonText& text);

/// Writes the value without white space.
JsonText to_json_text(const nlohmann::json& value);

}  // namespace lavapp
