#include "discord/members_book.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "websocket/utf8.hpp"

namespace lavapp::discord {
namespace {

using nlohmann::json;

Error wrong(const std::string& what) { return Error(Errc::invalid_argument, what); }

std::optional<Snowflake> id_in(const json& value) {
  if (value.is_number_unsigned()) return Snowflake(value.get<std::uint64_t>());
  if (!value.is_string()) return {};
  return Snowflake::parse(value.get_ref<const std::string&>());
}

std::vector<JsonText> texts(const json& object, const char* name) {
  std::vector<JsonText> all;
  const auto it = object.find(name);
  if (it == object.end() || !it->is_array()) return all;
  for (const auto& each : *it) all.emplace_back(each.dump());
  return all;
}

void append(Members& to, Members& from) {
  const auto move = [](auto& a, auto& b) { a.insert(a.end(), std::make_move_iterator(b.begin()), std::make_move_iterator(b.end())); };
  move(to.members, from.members);
  move(to.presences, from.presences);
  move(to.not_found, from.not_found);
}

}  // namespace

Result<MembersBook::Begun> MembersBook::begin(const MembersRequest& request) {
  if (request.guild_id == Snowflake()) return wrong("guild_id must not be 0");
  if (request.user_ids.size() > kMaxUserIds) return wrong("user_ids: at most 100");
  if (request.limit < 0 || request.limit > 100) return wrong("limit must be from 0 to 100");
  if (request.limit == 0 && !request.query.empty() && request.user_ids.empty()) return wrong("limit must not be 0 with a query");
  if (!websocket::valid_utf8(request.query)) return wrong("query is not UTF-8");
  Begun begun;
  begun.nonce = "lavapp-" + std::to_string(++last_);
  json d = {{"guild_id", request.guild_id.to_string()}, {"nonce", begun.nonce}, {"presences", request.presences}};
  if (request.user_ids.empty()) {
    d["query"] = request.query;
    d["limit"] = request.limit;
  } else {
    for (const auto id : request.user_ids) d["user_ids"].push_back(id.to_string());
  }
  begun.payload = json{{"op", 8}, {"d", std::move(d)}}.dump();
  pending_[begun.nonce].guild_id = request.guild_id;
  return begun;
}

std::optional<MembersBook::Ended> MembersBook::chunk(std::string_view d) {
  if (pending_.empty()) return {};
  const auto document = json::parse(d, nullptr, false);
  if (!document.is_object()) return {};
  const auto nonce = document.find("nonce");
  if (nonce == document.end() || !nonce->is_string()) return {};
  const auto it = pending_.find(nonce->get<std::string>());
  if (it == pending_.end()) return {};
  const auto number = [&](const char* name, int otherwise) {
    const auto found = document.find(name);
    return found != document.end() && found->is_number_integer() ? found->get<int>() : otherwise;
  };
  const int index = number("chunk_index", 0), count = number("chunk_count", 1);
  if (count < 1 || index < 0 || index >= count) {
    Ended ended{it->first, Error(Errc::bad_payload, "GUILD_MEMBERS_CHUNK: chunk_index and chunk_count contradict each other")};
    pending_.erase(it);
    return ended;
  }
  Members members;
  members.members = texts(document, "members");
  members.presences = texts(document, "presences");
  if (const auto missing = document.find("not_found"); missing != document.end() && missing->is_array()) {
    for (const auto& each : *missing) {
      if (const auto id = id_in(each)) members.not_found.push_back(*id);
    }
  }
  auto& chunks = it->second.chunks;
  chunks.insert_or_assign(index, std::move(members));
  if (chunks.size() < static_cast<std::size_t>(count)) return {};
  Members all;
  for (auto& [place, each] : chunks) append(all, each);
  Ended ended{it->first, std::move(all)};
  pending_.erase(it);
  return ended;
}

std::optional<MembersBook::Ended> MembersBook::rate_limited(std::string_view d) {
  if (pending_.empty()) return {};
  const auto document = json::parse(d, nullptr, false);
  if (!document.is_object() || document.value("opcode", json()) != json(8)) return {};
  // Told by its nonce; an older gateway names the guild alone.
  const auto meta = document.value("meta", json::object());
  const auto nonce = meta.is_object() ? meta.value("nonce", json()) : json();
  auto it = nonce.is_string() ? pending_.find(nonce.get<std::string>()) : pending_.end();
  if (it == pending_.end() && meta.is_object()) {
    const auto guild = id_in(meta.value("guild_id", json()));
    for (it = pending_.begin(); it != pending_.end() && it->second.guild_id != guild; ++it) {
    }
  }
  if (it == pending_.end()) return {};
  Error error(Errc::rate_limited, "RATE_LIMITED for op 8");
  if (const auto after = document.value("retry_after", json()); after.is_number() && after.get<double>() >= 0 && after.get<double>() < 86'400) {
    error.retry_after = std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(after.get<double>() * 1000)));
  }
  Ended ended{it->first, std::move(error)};
  pending_.erase(it);
  return ended;
}

}  // namespace lavapp::discord
