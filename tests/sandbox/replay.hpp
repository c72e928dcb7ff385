// Replay: sends what a recording's client sent to a sandbox node, and compares what comes back.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lavapp/sandbox/node.hpp"
#include "raw_peer.hpp"
#include "sandbox/json.hpp"

namespace lavapp::test {

using sandbox::dump;
using sandbox::Json;

/// What a replay came across, to be asserted: nothing is left out without being counted.
struct ReplayCounts {
  int requests = 0;         ///< HTTP requests sent, their answers compared
  int handshakes = 0;       ///< WebSocket handshakes, their answers compared
  int messages = 0;         ///< recorded WebSocket messages that came here too
  int missing_updates = 0;  ///< recorded playerUpdates for which none of ours was left
  int surplus_updates = 0;  ///< ours that were not recorded
  int closes = 0;           ///< closing handshakes, ends and drops
  int frames = 0;           ///< odd frames sent, and pongs that came
  int skipped = 0;          ///< left out, each with a reason in ReplayPlan::skip
};

struct ReplayPlan {
  std::string file = {};
  sandbox::NodeOptions options = {};
  /// Entries left out, by note, "t=1.5" or "conn 3": and why.
  std::map<std::string, std::string> skip = {};
  /// How tracks of the recording server behave, by identifier.
  std::map<std::string, sandbox::CatalogueTrack> manners = {};
  /// Text to put in place of other text in requests: what depended on the recording server's surroundings.
  std::vector<std::pair<std::string, std::string>> replace = {};
};

class Replay {
 public:
  explicit Replay(ReplayPlan plan);
  ~Replay();
  ReplayCounts run();

 private:
  struct Socket;
  struct Request;

  void play(const Json& entry);
  void note(const Json& entry);
  void http(const Json& entry);
  void open(const Json& entry);
  void message(const Json& entry);
  void send_odd_frame(const Json& entry);
  void pong(const Json& entry);
  void close(const Json& entry);
  void drop(const Json& entry);
  void end_of_stream(const Json& entry);

  /// Makes the catalogue have what the recording server had, as its answer shows.
  void prepare(const Json& entry);
  void add(const Json& track, const std::string& alias);
  void restart_node(sandbox::NodeOptions options);
  void move_clock(double to);
  bool skip(const Json& entry);
  std::string ours(std::string text) const;  ///< with this node's session ids
  std::string request_text(const Json& entry);
  void compare(const Json& recorded, const RawResponse& answer, const std::string& what);
  void pump(Socket& socket);
  void read_close(Socket& socket);
  std::optional<Json> take(Socket& socket, const Json& recorded);
  void count_left_over();
  Socket& socket(const Json& entry);

  ReplayPlan plan_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  Runtime runtime_;
  std::unique_ptr<sandbox::Node> node_;
  double time_ = 0;  // of the recording, in seconds
  std::map<int, std::unique_ptr<Socket>> sockets_;
  std::vector<std::pair<RawPeer, std::string>> unanswered_;
  std::map<std::string, std::string> session_ids_;
  std::set<std::string> skipped_;
  ReplayCounts counts_;
};

/// One run of a whole recording.
inline ReplayCounts replay(ReplayPlan plan) { return Replay(std::move(plan)).run(); }

}  // namespace lavapp::test
