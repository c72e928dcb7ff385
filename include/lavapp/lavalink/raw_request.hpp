// RawRequest: any REST route of a node, for those that have no operation here: a plugin's, a newer node's.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lavapp/core/json_text.hpp"

namespace lavapp::lavalink {

/// What Node::request sends. What is wrong with it gives `invalid_argument`, which names the field; nothing is sent then.
struct RawRequest {
  /// "GET", "PUT" and so on: 1 to 16 capital letters.
  std::string method = "GET";
  /// From the node's address (and its `path_prefix`) on: "/v4/loadsearch". Its characters are those of RFC 3986 3.3, others
  /// percent-encoded; no query, no "//" at its beginning, no segments "." and "..".
  /// `{sessionId}`, as the docs of Lavalink and of its plugins write it, stands for the present session:
  /// "/v4/sessions/{sessionId}/players/7/sponsorblock/categories". Such a request needs a session.
  std::string path = {};
  /// Names and values, in this order; they are percent-encoded here.
  std::vector<std::pair<std::string, std::string>> query = {};
  /// JSON; empty: no body.
  JsonText body = {};
};

}  // namespace lavapp::lavalink
