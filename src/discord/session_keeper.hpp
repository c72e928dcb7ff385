// SessionKeeper: tells a SessionStore what has changed since it was last told.
#pragma once

#include <chrono>
#include <memory>

#include "lavapp/discord/session_store.hpp"

namespace lavapp::discord {

class SessionKeeper {
 public:
  /// How old what is kept may be.
  static constexpr std::chrono::seconds kInterval{5};

  SessionKeeper(std::shared_ptr<SessionStore> store, Shard shard) : store_(std::move(store)), shard_(shard) {}

  Optional<GatewaySession> load() { return store_->load(shard_); }
  /// Tells at once that another session has begun, or that there is none any more.
  void update(const Optional<GatewaySession>& session) {
    const bool same = session ? kept_ && kept_->id == session->id : !kept_;
    if (!same) save(session);
  }
  /// Tells all that has changed.
  void save(const Optional<GatewaySession>& session) {
    if (session && kept_ && kept_->id == session->id && kept_->sequence == session->sequence) return;
    if (session)
      store_->save(shard_, *session);
    else if (kept_)
      store_->remove(shard_);
    kept_ = session;  // once it is kept: what throws is tried again
  }

 private:
  std::shared_ptr<SessionStore> store_;
  Shard shard_;
  Optional<GatewaySession> kept_;
};

}  // namespace lavapp::discord
