// Fault: something that a sandbox node shall do wrong, ordered beforehand.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "lavapp/websocket.hpp"  // Headers

namespace lavapp::sandbox {

/// What to do to the next requests that match, instead of answering them as they should be.
/// `node.order(Fault::refuse(503).header("Retry-After", "2").on_handshakes().times(2));`
struct Fault {
  enum class Kind {
    answer,   ///< answer with `status`, `headers` and `body`; the request has no effect
    delay,    ///< answer as usual, but only after `delay`
    hang,     ///< never answer; the connection stays, and the request has no effect
    drop,     ///< cut the connection instead of answering; the request has no effect
    cut,      ///< do what was asked, send half of the answer, and cut the connection
    swallow,  ///< do what was asked, and never answer; the connection stays
  };
  enum class On { requests, handshakes, both };

  Kind kind = Kind::answer;
  On on = On::requests;
  /// Only requests whose target (path and query) has this in it.
  std::string part_of_target = {};
  /// Only requests with this method; empty: any.
  std::string method = {};
  /// How many times; -1: until clear_faults().
  int count = 1;
  int status = 500;
  Headers headers = {};
  std::string body = {};
  std::chrono::milliseconds delay_for{0};

  /// Refuses with a status; the body is empty unless one is given.
  static Fault refuse(int status, std::string body = {}) {
    Fault fault;
    fault.status = status;
    fault.body = std::move(body);
    return fault;
  }
  /// Answers 200 with this body, JSON or not.
  static Fault answer(std::string body) { return refuse(200, std::move(body)).header("Content-Type", "application/json"); }
  static Fault delay(std::chrono::milliseconds by) {
    Fault fault = of(Kind::delay);
    fault.delay_for = by;
    return fault;
  }
  static Fault hang() { return of(Kind::hang); }
  static Fault drop() { return of(Kind::drop); }
  static Fault cut() { return of(Kind::cut); }
  static Fault swallow() { return of(Kind::swallow); }

  Fault header(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
  Fault on_handshakes() && { return on = On::handshakes, std::move(*this); }
  Fault on_everything() && { return on = On::both, std::move(*this); }
  Fault on_target(std::string part) && { return part_of_target = std::move(part), std::move(*this); }
  Fault on_method(std::string name) && { return method = std::move(name), std::move(*this); }
  Fault times(int n) && { return count = n, std::move(*this); }
  Fault always() && { return count = -1, std::move(*this); }

 private:
  static Fault of(Kind kind) {
    Fault fault;
    fault.kind = kind;
    return fault;
  }
};

}  // namespace lavapp::sandbox
