// What the last of several attempts ended with, put behind what ended them all.
#pragma once

#include <utility>

#include "lavapp/core/error.hpp"

namespace lavapp::lavalink {

inline void add_last_attempt(Error& error, Error last) {
  error.cause = std::exchange(last.cause, {});  // told once, at the end
  error.http_status = last.http_status;
  error.message += "; the last attempt: " + last.what();
}

}  // namespace lavapp::lavalink
