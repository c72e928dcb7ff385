// NodeState: everything that a sandbox node is, but for sockets, timers and locks. Pure: the time is an argument.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lavapp/sandbox/node_options.hpp"
#include "sandbox/catalogue.hpp"
#include "sandbox/session.hpp"

namespace lavapp::sandbox {

class NodeState {
 public:
  /// \param epoch  milliseconds since the Unix epoch at `now`
  NodeState(NodeOptions options, Time now, std::int64_t epoch);
  NodeState(const NodeState&) = delete;
  NodeState& operator=(const NodeState&) = delete;

  /// A WebSocket opened that named this session, or none: resumes it, or begins a new one.
  std::shared_ptr<Session> open(const std::optional<std::string>& session_id, SessionOwner owner, Time now);
  /// Its WebSocket is gone.
  void close(Session& session, Time now);
  /// A session with an open WebSocket: the only ones that REST knows.
  Session* connected(const std::string& id);
  /// Any session, connected or away.
  Session* find(const std::string& id);
  const std::map<std::string, std::shared_ptr<Session>>& sessions() const { return sessions_; }

  /// Lets happen what is due until `now`, in order of time over all sessions.
  void advance(Time now);
  std::optional<Time> next_due() const;
  /// Starts anew, as after the process ended: no sessions, uptime 0.
  void reset(Time now);

  NodeStats stats(Time now, bool with_frames) const;
  std::int64_t wall(Time at) const;
  WallTime wall() const {
    return [this](Time at) { return wall(at); };
  }

  const NodeOptions& options() const { return options_; }
  const std::vector<std::string>& plugin_filters() const { return plugin_filters_; }

  Catalogue catalogue;
  bool hang_voice = false;
  /// Something was loaded since the start: only then a rotating routeplanner has an address.
  bool has_loaded = false;

 private:
  std::string new_session_id();

  NodeOptions options_;
  PlayerRules rules_;
  std::vector<std::string> plugin_filters_;
  Time started_;
  Time epoch_at_;
  std::int64_t epoch_;
  std::map<std::string, std::shared_ptr<Session>> sessions_;
  std::mt19937_64 random_{std::random_device{}()};
};

/// \throws Exception (`invalid_argument`) that names the option
void check(const NodeOptions& options);

}  // namespace lavapp::sandbox
