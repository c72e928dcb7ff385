#include "lavalink/load_tracks.hpp"

#include <memory>
#include <utility>

#include "lavalink/decode.hpp"
#include "lavalink/node_impl.hpp"
#include "lavalink/search_plan.hpp"

namespace lavapp::lavalink {
namespace {

/// NodeLink has its own names for some.
Requirements requirements_of(const Optional<SearchSource>& source) {
  const auto name = source ? source_manager_of(*source) : "";
  if (name.empty()) return {};
  return {{Requirement::source_manager, std::string(name), kNodeLink}};
}

void load(NodeImpl& node, std::string identifier, Requirements requirements, CallOptions options,
          Handler<LoadResult> handler) {
  node.start<LoadResult>(route::load_tracks, Needs::nothing, std::move(options), std::move(handler),
                         [identifier = std::move(identifier), requirements = std::move(requirements)](NodeImpl& impl) {
                           RestPlan<LoadResult> plan{impl.routes().load_tracks(identifier)};
                           plan.decode = [identifier](std::string body) {
                             auto result = decode_load_result(std::move(body));
                             if (result) result->identifier = identifier;
                             return result;
                           };
                           plan.deadline = impl.options().load_timeout;
                           plan.requirements = requirements;
                           plan.in_doubt = InDoubt::send;
                           return plan;
                         });
}

/// A search under way. Glue: it asks the node what SearchPlan wants to know. Each load has its share of the deadline,
/// so that the whole needs no timer, and is cancelled as the whole is. It is kept alive by the load that it waits for.
class Searching : public std::enable_shared_from_this<Searching> {
 public:
  Searching(NodeImpl& node, SearchPlan plan, CancelToken cancel, Handler<SearchAnswer> handler)
      : node_(node.shared_from_this()),
        plan_(std::move(plan)),
        cancel_(std::move(cancel)),
        handler_(std::move(handler)),
        began_(node.now()) {}

  void go_on() {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(node_->now() - began_);
    auto step = plan_.next(elapsed);
    if (!step) return end(plan_.outcome());
    auto token = handler_.cancel();
    Handler<LoadResult> loaded(
        [self = shared_from_this()](Result<LoadResult> answer) {
          self->plan_.answered(std::move(answer));
          self->go_on();
        },
        std::move(token));
    load(*node_, std::move(step->identifier), requirements_of(step->source), {step->deadline, cancel_}, std::move(loaded));
  }

 private:
  /// Of the loads each told its route; that no time was left for one did not.
  void end(Result<SearchAnswer> answer) {
    if (!answer && answer.error().route.empty()) answer.error().route = node_->routes().name_of(route::load_tracks);
    handler_(std::move(answer));
  }

  const std::shared_ptr<NodeImpl> node_;
  SearchPlan plan_;
  const CancelToken cancel_;
  Handler<SearchAnswer> handler_;
  const Clock::time_point began_;
};

}  // namespace

void load_tracks(NodeImpl& node, std::string identifier, CallOptions options, Handler<LoadResult> handler) {
  load(node, std::move(identifier), {}, std::move(options), std::move(handler));
}

void search(NodeImpl& node, std::string_view query, const std::vector<SearchSource>& sources, CallOptions options,
            Handler<SearchAnswer> handler) {
  const auto deadline = options.deadline.value_or(node.options().load_timeout);
  auto plan = SearchPlan::make(query, sources, deadline);
  if (auto checked = detail::check_deadline(options); !checked) plan = std::move(checked.error());
  if (!plan) {
    plan.error().route = node.routes().name_of(route::load_tracks);
    return node.strand().post(
        [error = std::move(plan.error()), handler = std::move(handler)]() mutable { handler(std::move(error)); });
  }
  std::make_shared<Searching>(node, std::move(*plan), std::move(options.cancel), std::move(handler))->go_on();
}

}  // namespace lavapp::lavalink
