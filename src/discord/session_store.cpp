#include "lavapp/discord/session_store.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace lavapp::discord {

namespace fs = std::filesystem;
using nlohmann::json;

FileSessionStore::FileSessionStore(fs::path folder) : folder_(std::move(folder)) {}

fs::path FileSessionStore::file(Shard shard) const {
  return folder_ / ("shard-" + std::to_string(shard.id) + "-of-" + std::to_string(shard.count) + ".json");
}

Optional<GatewaySession> FileSessionStore::load(Shard shard) {
  std::ifstream in(file(shard), std::ios::binary);
  const auto document = json::parse(in, nullptr, false);
  if (!document.is_object()) return {};
  const auto text = [&](const char* name) {
    const auto it = document.find(name);
    return it != document.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  const auto sequence = document.find("sequence");
  GatewaySession session{text("id"), text("resume_url"), 0};
  if (session.id.empty() || sequence == document.end() || !sequence->is_number_unsigned()) return {};
  session.sequence = sequence->get<std::uint64_t>();
  return session;
}

void FileSessionStore::save(Shard shard, const GatewaySession& session) {
  fs::create_directories(folder_);
  const auto name = file(shard);
  auto next = name;
  next += ".new";
  {
    std::ofstream out;
    out.exceptions(std::ios::failbit | std::ios::badbit);
    try {
      out.open(next, std::ios::binary | std::ios::trunc);
      out << json{{"id", session.id}, {"resume_url", session.resume_url}, {"sequence", session.sequence}}.dump() << '\n';
      out.close();
    } catch (const std::ios_base::failure& failure) {
      throw fs::filesystem_error("the session cannot be saved", next, failure.code());
    }
  }
  fs::rename(next, name);
}

void FileSessionStore::remove(Shard shard) { fs::remove(file(shard)); }

}  // namespace lavapp::discord
