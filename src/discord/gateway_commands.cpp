// GatewayImpl's commands: what is to be sent and waits for its time, and members that are asked for.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "discord/etf.hpp"
#include "discord/gateway_impl.hpp"

namespace lavapp::discord {
namespace {

constexpr std::chrono::milliseconds kSendDeadline{120'000};
constexpr std::chrono::milliseconds kMembersDeadline{30'000};
/// Discord closes with 4002 at more.
constexpr std::size_t kMaxPayload = 4'096;

Result<Op> op_of(std::string_view payload) {
  const auto document = nlohmann::json::parse(payload, nullptr, false);
  if (document.is_discarded()) return Error(Errc::invalid_argument, "what is to be sent is no JSON");
  const auto op = document.is_object() ? document.find("op") : document.end();
  if (op == document.end() || !op->is_number_integer()) return Error(Errc::invalid_argument, "what is to be sent has no op");
  return static_cast<Op>(op->get<std::int64_t>());
}

}  // namespace

void GatewayImpl::send(std::string payload, CallOptions options, Handler<void> handler) {
  strand_.post([self = shared_from_this(), payload = std::move(payload), options = std::move(options),
                handler = std::move(handler)]() mutable { self->begin_send(std::move(payload), std::move(options), std::move(handler)); });
}

void GatewayImpl::begin_send(std::string payload, CallOptions options, Handler<void> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return handler(Error(Errc::closed));
  if (mistake_) return handler(*mistake_);
  const auto status = session_->status();
  if (status == GatewayStatus::idle || status == GatewayStatus::disconnected) {
    return handler(Error(Errc::not_open, "the shard is " + std::string(to_string(status))));
  }
  const auto op = op_of(payload);
  if (!op) return handler(op.error());
  auto bytes = encode(payload);
  if (!bytes) return handler(std::move(bytes).error());
  if (bytes->size() > kMaxPayload) {
    return handler(Error(Errc::payload_too_big, std::to_string(bytes->size()) + " bytes encoded; the gateway takes 4096"));
  }
  if (commands_.size() >= options_.max_queued_commands) return handler(Error(Errc::queue_full, "max_queued_commands"));
  auto operation = detail::Operation<void>::start(strand_, std::move(handler), std::move(options),
                                                  {kSendDeadline, Errc::write_timeout, "the command was still waiting"});
  commands_.push_back({*std::move(bytes), *op, std::move(operation)});
  pump();
}

void GatewayImpl::request_members(MembersRequest request, CallOptions options, Handler<Members> handler) {
  strand_.post([self = shared_from_this(), request = std::move(request), options = std::move(options),
                handler = std::move(handler)]() mutable { self->begin_request_members(request, std::move(options), std::move(handler)); });
}

void GatewayImpl::begin_request_members(const MembersRequest& request, CallOptions options, Handler<Members> handler) {
  auto begun = members_.begin(request);
  if (!begun) return handler(std::move(begun).error());
  const auto nonce = begun->nonce;
  CancelSource request_itself;
  const auto forget = [weak = weak_from_this(), nonce, request_itself](const Error&) mutable {
    request_itself.cancel();  // if it has not been sent yet
    const auto self = weak.lock();
    if (!self) return;
    self->members_.forget(nonce);
    self->member_requests_.erase(nonce);
  };
  const auto operation = detail::Operation<Members>::start(
      strand_, std::move(handler), std::move(options), {kMembersDeadline, Errc::request_timeout, "not all members have come"}, forget);
  member_requests_[nonce] = operation;
  begin_send(std::move(begun->payload), CallOptions{{}, request_itself.token()}, Handler<void>([operation](Result<void> sent) {
    if (!sent) operation->abort(std::move(sent).error());
  }));
}

void GatewayImpl::members_ended(std::optional<MembersBook::Ended> ended) {
  if (!ended) return;
  const auto it = member_requests_.find(ended->nonce);
  if (it == member_requests_.end()) return;
  const auto operation = std::move(it->second);
  member_requests_.erase(it);
  strand_.runtime().guard([&] { operation->complete(std::move(ended->result)); });
}

/// Their answers will not come.
void GatewayImpl::fail_members(const Error& why) {
  for (auto& [nonce, operation] : std::exchange(member_requests_, {})) {
    members_.forget(nonce);
    strand_.runtime().guard([&, &waiting = operation] { waiting->complete(why); });
  }
}

Result<std::string> GatewayImpl::encode(std::string_view json) const {
  if (options_.encoding == Encoding::etf) return etf::from_json(json);
  return std::string(json);
}

Result<void> GatewayImpl::transmit(std::string_view bytes) {
  if (!socket_ || socket_connection_ == 0) return Error(Errc::not_open);
  if (limit_) limit_->sent(now());
  return options_.encoding == Encoding::etf ? socket_->send_binary(bytes) : socket_->send(bytes);
}

/// What the shard itself has to say.
void GatewayImpl::transmit_now(const std::string& json) {
  auto bytes = encode(json);
  if (bytes) (void)transmit(*bytes);  // if it is not open any more, `closed` tells
}

void GatewayImpl::pump() {
  auto next = Clock::duration::max();
  for (auto it = commands_.begin(); commands_open_ && limit_ && it != commands_.end();) {
    if (it->operation->done()) {  // its deadline has passed, or it was cancelled
      it = commands_.erase(it);
      continue;
    }
    const bool presence = it->op == Op::presence_update;
    const auto wait = presence ? limit_->wait_for_presence(now()) : limit_->wait(now());
    if (wait > Clock::duration::zero()) {
      next = std::min(next, wait);
      if (!presence) break;
      ++it;  // others need not wait for it
      continue;
    }
    auto sent = transmit(it->bytes);
    if (!sent && sent.error() == Errc::not_open) return;  // the connection ends: it waits for the next one
    if (presence) limit_->presence_sent(now());
    const auto operation = std::move(it->operation);
    it = commands_.erase(it);
    strand_.runtime().guard([&] { operation->complete(std::move(sent)); });
  }
  if (next != Clock::duration::max()) send_timer_.start(next, [this] { pump(); });
}

void GatewayImpl::drop_commands(const Error& why) {
  for (auto& command : std::exchange(commands_, {})) {
    strand_.runtime().guard([&] { command.operation->complete(why); });
  }
}

}  // namespace lavapp::discord
