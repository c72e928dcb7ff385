// The Asio side of Strand: for core/runtime.cpp and net only.
#pragma once

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include "core/strand.hpp"

namespace lavapp::detail {

using AsioStrand = boost::asio::strand<boost::asio::io_context::executor_type>;

struct Strand::Impl {
  explicit Impl(boost::asio::io_context& context) : executor(boost::asio::make_strand(context)) {}
  AsioStrand executor;
};

}  // namespace lavapp::detail
