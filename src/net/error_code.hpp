// Asio's error codes as the library's own words.
#pragma once

#include <boost/asio/error.hpp>

#include <system_error>

#include "lavapp/core/error.hpp"

namespace lavapp::net {

/// The system's code, as the standard's categories. Success is always the default-constructed one: newer Boosts
/// convert theirs to a code that compares unequal to it.
inline std::error_code system_error(const boost::system::error_code& error) {
  if (!error) return {};
  return error;
}

/// What a ByteStream tells its handler: the orderly end is `connection_lost`, what close() cut `operation_canceled`.
inline std::error_code stream_error(const boost::system::error_code& error) {
  if (error == boost::asio::error::eof) return make_error_code(Errc::connection_lost);
  if (error == boost::asio::error::operation_aborted) return std::make_error_code(std::errc::operation_canceled);
  return system_error(error);
}

}  // namespace lavapp::net
