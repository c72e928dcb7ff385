// RecordedCall: a request of the recordings as a call of Node's public API, if that can say it at all.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "lavapp/lavalink/node.hpp"
#include "net/http_message.hpp"

namespace lavapp::test {

namespace call {
struct Version {};
struct Info {};
struct Stats {};
struct LoadTracks {
  std::string identifier;
};
struct DecodeTrack {
  std::string encoded;
};
struct DecodeTracks {
  std::vector<std::string> encoded;
};
struct UpdateSession {
  lavalink::SessionUpdate update;
};
struct Players {};
struct GetPlayer {
  Snowflake guild_id;
};
struct UpdatePlayer {
  Snowflake guild_id;
  lavalink::PlayerUpdateRequest update;
  lavalink::Replace replace = lavalink::Replace::yes;
};
struct DestroyPlayer {
  Snowflake guild_id;
};
struct RouteplannerStatus {};
struct FreeAddress {
  std::string address;
};
struct FreeAllAddresses {};
}  // namespace call

using Call = std::variant<call::Version, call::Info, call::Stats, call::LoadTracks, call::DecodeTrack,
                          call::DecodeTracks, call::UpdateSession, call::Players, call::GetPlayer, call::UpdatePlayer,
                          call::DestroyPlayer, call::RouteplannerStatus, call::FreeAddress, call::FreeAllAddresses>;

struct RecordedCall {
  Call call;
  /// Of the path; empty if the route has none.
  std::string session_id;
  std::string password;
  bool trace = false;
};

/// Why the API cannot say a request; thrown by read_call().
struct Unsayable {
  std::string reason;
};

/// \param request  `request` of an http entry. \throws Unsayable
RecordedCall read_call(const nlohmann::json& request);

/// What makes two requests the same: method, path and query with their escapes undone, and the body as JSON. That
/// `noReplace=false` is the default makes no difference.
struct Meaning {
  std::string line;
  nlohmann::json body;
  friend bool operator==(const Meaning& a, const Meaning& b) { return a.line == b.line && a.body == b.body; }
};
Meaning meaning_of(const nlohmann::json& recorded_request);
Meaning meaning_of(const net::HttpRequest& request);

}  // namespace lavapp::test
