#include "sandbox/rest_error.hpp"

namespace lavapp::sandbox {

Reply error_reply(const RestError& error, const std::string& path, bool trace, std::int64_t wall) {
  Json body{{"timestamp", wall}, {"status", error.status}, {"error", reason_phrase(error.status)}};
  if (trace) body["trace"] = error.java_class + ": " + error.message + "\n\tat lavapp.sandbox.Node(sandbox)\n";
  body["message"] = error.message;
  body["path"] = path;
  auto reply = Reply::json(body, error.status);
  reply.headers.insert(reply.headers.begin(), error.headers.begin(), error.headers.end());
  reply.api_version = !error.uncaught;
  return reply;
}

}  // namespace lavapp::sandbox
