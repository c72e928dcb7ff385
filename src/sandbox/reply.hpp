// Reply: an HTTP answer in the forms that Lavalink's server gives it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lavapp/websocket.hpp"  // Headers
#include "sandbox/json.hpp"

namespace lavapp::sandbox {

struct Reply {
  enum class Form {
    nothing,  ///< 204: no body and no word about one
    empty,    ///< Content-Length: 0
    text,     ///< with its length
    chunked,  ///< JSON, in chunks
    bare,     ///< what the server below Lavalink answers to what is no proper request: empty, and the end
    never,    ///< no answer at all
  };
  Form form = Form::empty;
  int status = 200;
  Headers headers = {};
  std::string body = {};
  bool api_version = true;  ///< with Lavalink-Api-Version

  static Reply json(const Json& body, int status = 200);
  static Reply empty(int status) { return {Form::empty, status, {}, {}}; }
  static Reply no_content() { return {Form::nothing, 204, {}, {}}; }
  static Reply text(std::string body) { return {Form::text, 200, {{"Content-Type", "text/plain;charset=ISO-8859-1"}}, std::move(body)}; }
  static Reply bad_request() { return {Form::bare, 400, {}, {}}; }
  static Reply never() { return {Form::never, 0, {}, {}}; }
};

/// \param head_only  the answer to HEAD: everything but the body
std::string serialize(const Reply& reply, bool keep_alive, bool head_only, std::int64_t wall);
std::string_view reason_phrase(int status);
/// IMF-fixdate (RFC 9110 5.6.7) of milliseconds since the epoch.
std::string http_date(std::int64_t wall);
/// The same as Java prints a date.
std::string java_date(std::int64_t wall);

}  // namespace lavapp::sandbox
