#include "lavapp/discord/session_store.hpp"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace lavapp::discord {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

fs::path path_of(const std::string& folder) { return std::u8string(folder.begin(), folder.end()); }
fs::path file(const std::string& folder, Shard shard) {
  return path_of(folder) / ("shard-" + std::to_string(shard.id) + "-of-" + std::to_string(shard.count) + ".json");
}

}  // namespace

FileSessionStore::FileSessionStore(std::string folder) : folder_(std::move(folder)) {}

Optional<GatewaySession> FileSessionStore::load(Shard shard) {
  std::ifstream in(file(folder_, shard), std::ios::binary);
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
  fs::create_directories(path_of(folder_));
  const auto name = file(folder_, shard);
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

void FileSessionStore::remove(Shard shard) { fs::remove(file(folder_, shard)); }

}  // namespace lavapp::discord
