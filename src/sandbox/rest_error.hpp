// RestError: why a route refuses, in the words of Spring and Lavalink.
#pragma once

#include <optional>
#include <string>

#include "sandbox/reply.hpp"

namespace lavapp::sandbox {

/// Thrown by routes, caught where they are called.
struct RestError {
  int status = 400;
  std::string message = {};
  std::string java_class = "org.springframework.web.server.ResponseStatusException";
  Headers headers = {};
  /// Java threw it and nobody caught it: the answer then lacks the headers that Lavalink had set.
  bool uncaught = false;

  /// A body or a parameter that does not have the form that the route asks for.
  static RestError undecodable() { return {400, "Bad Request", "org.springframework.http.converter.HttpMessageNotReadableException"}; }
  static RestError not_found(std::string what) { return {404, std::move(what)}; }
  static RestError bad_request(std::string why) { return {400, std::move(why)}; }
  /// An exception that nobody in Lavalink caught.
  static RestError internal(const std::string& java_class, const std::string& message) {
    // Spring tells nothing of an exception without a message.
    if (message.empty()) return {500, "No message available", java_class, {}, true};
    return {500, "Request processing failed: " + java_class + ": " + message, java_class, {}, true};
  }
};

/// \param trace  `?trace=true`: the body has a Java stack trace too
Reply error_reply(const RestError& error, const std::string& path, bool trace, std::int64_t wall);

}  // namespace lavapp::sandbox
