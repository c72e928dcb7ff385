// SessionStore: keeps the sessions of shards, so that a restarted process resumes them and misses no event.
#pragma once

#include <string>

#include "lavapp/core/optional.hpp"
#include "lavapp/discord/gateway_options.hpp"

namespace lavapp::discord {

/// Derive from it to keep sessions where you like. What is kept of an earlier number of shards is not asked for.
/// A session is saved when it begins and when it ends, each 5 s while events come, and when the shard is left with its
/// session alive. After a crash the events since the last save come a second time.
/// Threading: a shard's calls come one after the other, those of different shards at the same time. They should be quick: the
/// shard waits. What they throw goes to the runtime's exception handler.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  /// Before the first connection.
  virtual Optional<GatewaySession> load(Shard shard) = 0;
  virtual void save(Shard shard, const GatewaySession& session) = 0;
  virtual void remove(Shard shard) = 0;
};

/// One small JSON file a shard, replaced as a whole, so that a crash leaves the old one or the new.
class FileSessionStore final : public SessionStore {
 public:
  /// \param folder  in UTF-8; made if it is not there
  explicit FileSessionStore(std::string folder);
  /// Nothing if there is no file, or it is none of ours.
  Optional<GatewaySession> load(Shard shard) override;
  /// \throws std::filesystem::filesystem_error (a std::system_error) if it cannot be written.
  void save(Shard shard, const GatewaySession& session) override;
  void remove(Shard shard) override;

 private:
  std::string folder_;
};

}  // namespace lavapp::discord
