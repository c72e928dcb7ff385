#include "lavalink/voice_latch.hpp"

#include <utility>

#include "lavalink/next_try.hpp"
#include "lavalink/voice_close.hpp"

namespace lavapp::lavalink {
namespace {

bool found_no_session(const Error& error) { return error == Errc::no_session || error == Errc::not_open; }

/// Whether a request failed because the session's WebSocket was away (Lavalink answers 404 then): it goes out again
/// when it is back.
bool node_is_away(const Error& error) { return found_no_session(error) || error.http_status == 404; }
Clock::duration pause_before_next(const Error& error) {
  return std::max<Clock::duration>(error.retry_after.value_or(std::chrono::milliseconds(0)), VoiceLatch::kAskAgain);
}

Backoff pauses_between_destroys() {
  ReconnectOptions result;
  result.initial_delay = VoiceLatch::kAskAgain;
  result.max_delay = VoiceLatch::kLongestPause;
  result.jitter = false;
  return Backoff(result, 0);
}

}  // namespace

std::string_view to_string(LeaveReason reason) noexcept {
  switch (reason) {
    case LeaveReason::asked:
      return "asked";
    case LeaveReason::kicked:
      return "kicked";
    case LeaveReason::closed:
      return "closed";
  }
  return "unknown";
}

VoiceLatch::VoiceLatch(const VoiceOptions& options, bool node_ready)
    : options_(options), node_ready_(node_ready), destroy_pauses_(pauses_between_destroys()) {}

bool VoiceLatch::idle() const noexcept {
  return !wanted_ && !channel_id_ && token_.empty() && !destroying_ && !destroy_later_ && !destroy_again_at_ && !leave_waits_ &&
         !leaving_until_;
}

// --- what the user wants

VoiceActions VoiceLatch::join(std::uint64_t number, const VoiceJoin& join) {
  VoiceActions out;
  end_join(out, Error(Errc::cancelled, "another join() of this guild took its place"));
  const bool there = channel_id_ == join.channel_id;
  const bool as_wanted = wanted_ && wanted_->channel_id == join.channel_id && wanted_->self_mute == join.self_mute &&
                         wanted_->self_deaf == join.self_deaf;
  wanted_ = join;
  waiting_join_ = number;
  renewals_ = 0;
  paused_ = false;
  trouble_.reset();
  renew_at_.reset();
  pause_until_.reset();
  if (there && (connected_ || answer_waits_ || confirm_at_)) {
    if (!as_wanted) ask_to_join(out);
    if (connected_) end_join(out, state_);
    return out;
  }
  if (!connected_) {
    // What was told before belongs to an earlier join. Of the channel that the bot is in, the state may not be told
    // again.
    forget_server();
    forget_connection();
    if (!there) channel_id_.reset();
  }
  move_until_.reset();
  ask_to_join(out);
  return out;
}

VoiceActions VoiceLatch::join_timed_out(TimePoint now) {
  VoiceActions out;
  if (!waiting_join_) return out;
  Error error(Errc::voice_timeout, missing());
  if (trouble_) {
    error.message += "; before that: " + trouble_->what();
    error.close_code = trouble_->close_code;
  }
  out.push_back(voice_action::TellFailed{error});
  end_join(out, std::move(error));
  join_failed(out, now);
  return out;
}

VoiceActions VoiceLatch::join_cancelled(TimePoint now) {
  VoiceActions out;
  if (std::exchange(waiting_join_, std::nullopt)) join_failed(out, now);
  return out;
}

/// A move that fails leaves the bot where it is; another join leaves nothing behind, even if it is let in late.
void VoiceLatch::join_failed(VoiceActions& out, TimePoint now) {
  const bool goes_on = !token_.empty() || renew_at_;  // else it was being renewed when join() asked anew
  if (told_channel_ && channel_id_ && goes_on) {
    wanted_->channel_id = *channel_id_;
    return send_if_news(out, now);
  }
  ask_to_leave(out, now);
  if (told_channel_) out.push_back(voice_action::TellLeft{*told_channel_, LeaveReason::closed, 0});
  if (player_made_) destroy_player(out);
  forget_all();
}

VoiceActions VoiceLatch::leave(TimePoint now) {
  VoiceActions out;
  end_join(out, Error(Errc::cancelled, "leave() was called"));
  leave_waits_ = true;
  ask_to_leave(out, now);
  take_out(out, LeaveReason::asked, 0);
  return out;
}

// --- what Discord tells

VoiceActions VoiceLatch::voice_state(OwnVoiceState state, TimePoint now) {
  VoiceActions out;
  if (!state.channel_id) {
    if (leaving(now)) {  // as asked
      leaving_until_.reset();
      channel_id_.reset();
      session_id_.clear();
      forget_server();
      return out;
    }
    if (!channel_id_) return out;  // of an earlier join
    Error error(Errc::voice_disconnected, "Discord took the bot out of the channel");
    if (waiting_join_) out.push_back(voice_action::TellFailed{error});
    end_join(out, std::move(error));
    take_out(out, LeaveReason::kicked, 0);
    return out;
  }
  if (!wanted_ && !options_.adopt) return out;  // somebody else's affair
  const bool asked = wanted_ && wanted_->channel_id == *state.channel_id;
  // What was on its way before the bot left, or before this join.
  if (!asked && (leaving(now) || (waiting_join_ && !channel_id_))) return out;
  if (!wanted_) wanted_ = VoiceJoin{*state.channel_id, state.self_mute, state.self_deaf};
  if (!waiting_join_) wanted_->channel_id = *state.channel_id;
  if (channel_id_ != state.channel_id) {  // a move, then
    move_until_.reset();
    last_look_ = false;
  }
  channel_id_ = state.channel_id;
  session_id_ = std::move(state.session_id);
  const bool server_is_old = sent_ && sent_->token == token_;
  if (server_is_old && (sent_->channel_id != channel_id_ || sent_->session_id != session_id_)) {
    settle_at_ = now + kSettle;  // a new voice server is told next, as a rule
  } else {
    send_if_news(out, now);
  }
  return out;
}

VoiceActions VoiceLatch::voice_server(std::string token, Optional<std::string> endpoint, TimePoint now) {
  VoiceActions out;
  if (!wanted_ && (!options_.adopt || leaving(now))) return out;
  token_ = std::move(token);
  endpoint_ = std::move(endpoint).value_or(std::string());
  settle_at_.reset();
  send_if_news(out, now);
  return out;
}

VoiceActions VoiceLatch::gateway_session_began(TimePoint now) {
  VoiceActions out;
  if (!wanted_ || !channel_id_ || pause_until_) return out;
  renewals_ = 0;
  ask_again(out, Error(Errc::session_invalid, "the gateway has a new session"), now, kRejoin);
  return out;
}

/// The node is told when all four are there and any of them is new to it.
void VoiceLatch::send_if_news(VoiceActions& out, TimePoint now) {
  if (!wanted_ || settle_at_ || pause_until_) return;
  if (!channel_id_ || session_id_.empty() || token_.empty() || endpoint_.empty()) return;
  if (*channel_id_ != wanted_->channel_id) return;  // the state that was asked for is still to come
  renew_at_.reset();                                // Discord has answered
  if (!node_ready_ || destroying_) return;
  if (sent_ && sent_->token == token_ && sent_->endpoint == endpoint_ && sent_->session_id == session_id_ &&
      sent_->channel_id == channel_id_) {
    return;
  }
  sent_ = VoiceState{token_, endpoint_, session_id_, channel_id_};
  sent_at_ = now;
  answer_waits_ = player_made_ = true;
  superseded_ = node_connected_;
  close_awaited_ = close_awaited_ || node_connected_;
  connected_ = last_look_ = destroyed_ = false;
  confirm_at_.reset();
  stop_destroying();  // it is wanted again
  move_until_.reset();
  out.push_back(voice_action::UpdateNode{++update_, *sent_});
}

// --- what the node tells

VoiceActions VoiceLatch::node_ready(bool resumed, TimePoint now) {
  VoiceActions out;
  node_ready_ = true;
  close_may_be_lost_ = resumed && connected_;
  if (!resumed) {
    // Its players are gone, and with them what it was told.
    forget_connection();
    player_made_ = node_connected_ = close_awaited_ = destroying_ = destroy_later_ = update_in_doubt_ = false;
    stop_destroying();
    if (std::exchange(leave_waits_, false)) out.push_back(voice_action::CompleteLeave{{}});
  } else if (std::exchange(destroy_later_, false)) {
    destroy_player(out);
  } else if (sent_ && !connected_ && !answer_waits_ && !destroyed_ && !move_until_) {
    confirm_at_ = now + kConfirm;  // it was about to be asked when the node was lost
  }
  send_if_news(out, now);
  return out;
}

void VoiceLatch::node_lost() {
  node_ready_ = false;
  confirm_at_.reset();
  if (!answer_waits_) return;
  forget_connection();  // nobody knows whether it came through
}

VoiceActions VoiceLatch::player_update(const PlayerState& state, TimePoint now) {
  VoiceActions out;
  if (destroyed_) return ++late_, out;
  node_connected_ = state.connected;
  const bool close_was_lost = std::exchange(close_may_be_lost_, false) && connected_ && !state.connected;
  if (close_was_lost) confirm_at_ = now + kConfirm;
  if (!state.connected) {
    superseded_ = connected_ = false;
    state_ = state;
  } else if (superseded_) {
    ++late_;
  } else if (sent_) {
    confirm(out, state, now);
  }
  return out;
}

void VoiceLatch::destroyed_by_user() {
  if (!sent_ || waiting_join_ || answer_waits_ || destroying_) return;
  destroyed_ = true;
  connected_ = node_connected_ = superseded_ = last_look_ = false;
  confirm_at_.reset();
  move_until_.reset();
}

VoiceActions VoiceLatch::update_answered(std::uint64_t update, Result<PlayerState> result, TimePoint now) {
  VoiceActions out;
  if (update != update_ || !std::exchange(answer_waits_, false)) return out;
  const bool unknown = !result && (result.error() == Errc::request_timeout || result.error() == Errc::connection_lost ||
                                   result.error() == Errc::cancelled);
  if (!unknown) update_in_doubt_ = false;
  if (result) {
    // It says `connected` even if the token is wrong: the next playerUpdate is the truth, or what the player says
    // later.
    superseded_ = false;
    if (!connected_) confirm_at_ = now + kConfirm;
  } else if (node_is_away(result.error()) || result.error() == Errc::closed) {
    sent_.reset();
  } else if (result.error() == Errc::cancelled && !waiting_join_) {
    // The player is being destroyed: it stays so until somebody wants it again.
  } else if (!connected_) {  // else only the answer was lost
    renew(out, without_token(std::move(result.error())), now);
  }
  return out;
}

VoiceActions VoiceLatch::player_fetched(std::uint64_t update, Result<PlayerState> result, TimePoint now) {
  VoiceActions out;
  if (update != update_ || !sent_ || connected_ || destroyed_ || move_until_) return out;
  if (!result && is_held_up(result.error())) {
    confirm_at_ = now + pause_before_next(result.error());
    return out;
  }
  const bool last = std::exchange(last_look_, false);
  if (last && !result && !node_ready_) {
    move_until_ = now + options_.move_timeout;  // nothing was learnt
    return out;
  }
  if (result && result->connected) {
    node_connected_ = true;
    confirm(out, *result, now);
  } else if (last) {
    give_up(out, trouble_.value_or(Error(Errc::voice_disconnected)), now);
  } else if (result) {
    renew(out, Error(Errc::voice_closed, "the node says that it is not connected"), now);
  } else if (node_ready_ && !found_no_session(result.error())) {  // 404: it has no such player
    renew(out, without_token(std::move(result.error())), now);
  }
  return out;
}

void VoiceLatch::confirm(VoiceActions& out, const PlayerState& state, TimePoint now) {
  state_ = state;
  if (std::exchange(connected_, true)) return;
  connected_at_ = now;
  last_look_ = false;
  confirm_at_.reset();
  move_until_.reset();
  leaving_until_.reset();  // it has come back since
  const auto channel = *sent_->channel_id;
  const auto before = std::exchange(told_channel_, channel);
  if (!before) {
    out.push_back(voice_action::TellJoined{channel});
  } else if (*before != channel) {
    out.push_back(voice_action::TellMoved{*before, channel});
  }
  if (waiting_join_ && wanted_->channel_id == channel) end_join(out, state);
}

VoiceActions VoiceLatch::voice_closed(int code, const std::string& reason, bool by_remote, TimePoint now) {
  VoiceActions out;
  node_connected_ = false;
  const bool awaited = std::exchange(close_awaited_, false);
  const bool of_another = std::exchange(superseded_, false) || destroyed_ || !sent_;
  // A change of the voice state and a DELETE do this; sometimes Discord's side is the first to close.
  if (of_another || (code == 1000 && awaited && now < *sent_at_ + kOwnChange)) return ++late_, out;
  if (code == 1000 && !by_remote) {  // the player was destroyed, and not by leave()
    connected_ = false;
    return out;
  }
  if (connected_at_ && now - *connected_at_ >= kStable) {
    renewals_ = 0;
    paused_ = false;
  }
  connected_ = false;
  connected_at_.reset();
  confirm_at_.reset();
  auto error = voice_close_error(code, reason);
  switch (after_voice_close(code)) {
    case AfterVoiceClose::give_up:
      give_up(out, std::move(error), now);
      break;
    case AfterVoiceClose::wait_for_move:
      trouble_ = std::move(error);
      move_until_ = now + options_.move_timeout;
      break;
    case AfterVoiceClose::renew_later:
      error.retry_after = options_.rate_limit_pause;
      if (std::exchange(paused_, true)) {
        give_up(out, std::move(error), now);
        break;
      }
      trouble_ = error;
      forget_server();
      forget_connection();
      pause_until_ = now + options_.rate_limit_pause;
      if (waiting_join_) out.push_back(voice_action::TellFailed{error});
      out.push_back(voice_action::Warn{error});
      end_join(out, std::move(error));
      break;
    case AfterVoiceClose::renew:
      renew(out, std::move(error), now);
      break;
  }
  return out;
}

/// Asks Discord for a new voice session. Op 4 with the same channel gives a new token as a rule, and nobody sees the
/// bot leave; if that was not enough, it leaves and comes again, which always does.
void VoiceLatch::renew(VoiceActions& out, Error why, TimePoint now) {
  if (!wanted_) return;
  if (renewals_ >= options_.renewals) return give_up(out, std::move(why), now);
  ++renewals_;
  ask_again(out, std::move(why), now, options_.renew_timeout);
}

/// \param limit  for Discord's answer
void VoiceLatch::ask_again(VoiceActions& out, Error why, TimePoint now, Clock::duration limit) {
  forget_server();
  forget_connection();
  if (renewals_ > 1) ask_to_leave(out, now);
  ask_to_join(out);
  renew_at_ = now + limit;
  move_until_.reset();
  trouble_ = why;
  out.push_back(voice_action::Warn{std::move(why)});
}

void VoiceLatch::give_up(VoiceActions& out, Error why, TimePoint now) {
  const auto code = why.close_code;
  out.push_back(voice_action::TellFailed{why});
  end_join(out, std::move(why));
  ask_to_leave(out, now);
  take_out(out, LeaveReason::closed, code);
}

// --- the end

void VoiceLatch::take_out(VoiceActions& out, LeaveReason reason, int close_code) {
  if (told_channel_) out.push_back(voice_action::TellLeft{*told_channel_, reason, close_code});
  forget_all();
  destroy_player(out);
}

void VoiceLatch::destroy_player(VoiceActions& out) {
  player_made_ = false;
  destroy_again_at_.reset();
  if (node_ready_) {
    if (!std::exchange(destroying_, true)) out.push_back(voice_action::DestroyPlayer{});
  } else {
    destroy_later_ = true;
    if (std::exchange(leave_waits_, false)) out.push_back(voice_action::CompleteLeave{{}});
  }
}

/// Whatever was to be destroyed: it is, or is wanted, or cannot be.
void VoiceLatch::stop_destroying() {
  destroy_again_at_.reset();
  destroy_pauses_.reset();
  destroy_failed_ = false;
}

VoiceActions VoiceLatch::player_destroyed(Result<void> result, TimePoint now) {
  VoiceActions out;
  if (!std::exchange(destroying_, false)) return out;
  bool told = false;
  if (!result && (!node_ready_ || node_is_away(result.error()))) {
    destroy_later_ = true;
    result = {};
  } else if (!result && may_be_told_again(result.error())) {
    // The player must not stay for all that; it is told once.
    destroy_again_at_ = now + *destroy_pauses_.next(result.error().retry_after);
    if (is_held_up(result.error())) {
      result = {};
    } else {
      told = std::exchange(destroy_failed_, true);
    }
  } else {
    stop_destroying();
    // An update that was given up went another way, and may have been done behind the DELETE.
    if (result && std::exchange(update_in_doubt_, false)) destroy_again_at_ = now + kAskAgain;
  }
  if (std::exchange(leave_waits_, false)) {
    out.push_back(voice_action::CompleteLeave{std::move(result)});
  } else if (!result && !told) {
    out.push_back(voice_action::Warn{std::move(result.error())});
  }
  send_if_news(out, now);
  return out;
}

// --- time

VoiceActions VoiceLatch::timer(TimePoint now) {
  VoiceActions out;
  const auto due = [now](std::optional<TimePoint>& at) {
    if (!at || now < *at) return false;
    at.reset();
    return true;
  };
  due(leaving_until_);
  if (due(settle_at_)) send_if_news(out, now);
  if (due(destroy_again_at_)) destroy_player(out);
  if (due(confirm_at_)) out.push_back(voice_action::FetchPlayer{update_});
  if (due(renew_at_) || due(pause_until_)) renew(out, trouble_.value_or(Error(Errc::voice_closed)), now);
  if (due(move_until_)) {
    last_look_ = true;  // the node may have got over it
    out.push_back(voice_action::FetchPlayer{update_});
  }
  return out;
}

std::optional<VoiceLatch::TimePoint> VoiceLatch::next_due() const {
  std::optional<TimePoint> first;
  for (const auto& each : {leaving_until_, settle_at_, confirm_at_, renew_at_, pause_until_, move_until_, destroy_again_at_}) {
    if (each && (!first || *each < *first)) first = each;
  }
  return first;
}

// --- small steps

void VoiceLatch::ask_to_join(VoiceActions& out) {
  out.push_back(voice_action::AskDiscord{wanted_->channel_id, wanted_->self_mute, wanted_->self_deaf});
}

void VoiceLatch::ask_to_leave(VoiceActions& out, TimePoint now) {
  leaving_until_ = now + kLeave;
  out.push_back(voice_action::AskDiscord{{}, false, false});
}

void VoiceLatch::end_join(VoiceActions& out, Result<PlayerState> result) {
  if (const auto number = std::exchange(waiting_join_, std::nullopt)) {
    out.push_back(voice_action::CompleteJoin{*number, std::move(result)});
  }
}

/// A node may repeat in its error what it was sent.
Error VoiceLatch::without_token(Error error) const {
  error.body.clear();
  error.trace.clear();
  const auto& token = sent_->token;
  for (auto at = error.message.find(token); at != error.message.npos; at = error.message.find(token, at)) {
    error.message.erase(at, token.size());
  }
  return error;
}

void VoiceLatch::forget_server() {
  token_.clear();
  endpoint_.clear();
  settle_at_.reset();
}

/// What the node was told; answers that are on their way are of an older update then.
void VoiceLatch::forget_connection() {
  sent_.reset();
  ++update_;
  answer_waits_ = connected_ = superseded_ = last_look_ = destroyed_ = false;
  connected_at_.reset();
  confirm_at_.reset();
}

void VoiceLatch::forget_all() {
  wanted_.reset();
  channel_id_.reset();
  session_id_.clear();
  forget_server();
  forget_connection();
  told_channel_.reset();
  renewals_ = 0;
  paused_ = false;
  trouble_.reset();
  renew_at_.reset();
  pause_until_.reset();
  move_until_.reset();
}

std::string VoiceLatch::missing() const {
  const bool state = channel_id_ == wanted_->channel_id && !session_id_.empty();
  const bool server = !token_.empty();
  if (!state && !server) {
    return "Discord sent neither VOICE_STATE_UPDATE nor VOICE_SERVER_UPDATE: the channel may be full or forbidden, or the bot is not connected to Discord's gateway";
  }
  if (!state) return "Discord sent no VOICE_STATE_UPDATE";
  if (!server) return "Discord sent no VOICE_SERVER_UPDATE";
  if (endpoint_.empty()) return "the voice server is gone, and Discord told no other";
  if (!node_ready_) return "the node has no session";
  return "the node did not say that it is connected";
}

}  // namespace lavapp::lavalink
