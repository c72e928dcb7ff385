#include "lavalink/queue_mark.hpp"

#include <nlohmann/json.hpp>

#include "lavapp/lavalink/queue_types.hpp"

namespace lavapp::lavalink {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMember = "lavapp";

/// The object, if it may have a mark in it.
std::optional<Json> marked_object(const JsonText& user_data) {
  if (user_data.text.find(kMember) == std::string::npos) return {};
  auto object = Json::parse(user_data.text, nullptr, false);
  if (!object.is_object() || !object.contains(kMember)) return {};
  return object;
}

}  // namespace

Result<void> check_user_data(const JsonText& user_data) {
  if (user_data.empty() || Json::parse(user_data.text, nullptr, false).is_object()) return {};
  return Error(Errc::invalid_argument, "user_data must be a JSON object");
}

JsonText with_mark(const JsonText& user_data, const QueueMark& mark) {
  Json note = Json::object();
  if (mark.play) note["play"] = *mark.play;
  if (mark.requester != 0) note["requester"] = mark.requester.to_string();
  const auto member = Json(kMember).dump() + ":" + note.dump();
  if (user_data.empty()) return JsonText("{" + member + "}");
  auto text = user_data.text;
  const auto inside = text.find('{') + 1;
  const bool alone = text[text.find_first_not_of(" \t\r\n", inside)] == '}';
  return JsonText(text.insert(inside, member + (alone ? "" : ",")));
}

QueueMark mark_in(const JsonText& user_data) {
  QueueMark mark;
  const auto object = marked_object(user_data);
  if (!object) return mark;
  const auto& note = (*object)[kMember];
  if (!note.is_object()) return mark;
  const auto play = note.find("play"), requester = note.find("requester");
  if (play != note.end() && play->is_number_unsigned()) mark.play = play->get<std::uint64_t>();
  if (requester != note.end() && requester->is_string()) {
    mark.requester = Snowflake::parse(requester->get<std::string>()).value_or(Snowflake());
  }
  return mark;
}

JsonText without_mark(const JsonText& user_data) {
  auto object = marked_object(user_data);
  if (!object) return user_data;
  object->erase(kMember);
  return JsonText(object->empty() ? std::string() : object->dump());
}

QueuedTrack read_back(Track told) {
  const auto mark = mark_in(told.user_data);
  told.user_data = without_mark(told.user_data);
  return {std::move(told), mark.requester};
}

}  // namespace lavapp::lavalink
