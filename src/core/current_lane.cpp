#include "core/current_lane.hpp"

#include <utility>

namespace lavapp::detail {
namespace {

thread_local LaneHolder* current = nullptr;

}  // namespace

CurrentLane::CurrentLane(LaneHolder& holder) noexcept : before_(std::exchange(current, &holder)) {}
CurrentLane::~CurrentLane() { current = before_; }

LaneHolder* current_lane() noexcept { return current; }

std::shared_ptr<LaneHold> hold_lane() { return current != nullptr ? current->hold() : nullptr; }

}  // namespace lavapp::detail
