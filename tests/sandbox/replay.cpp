#include "replay.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "support/frames.hpp"
#include "same_shape.hpp"
#include "sandbox/target.hpp"
#include "sandbox/track_codec.hpp"
#include "websocket/handshake.hpp"

namespace lavapp::test {
namespace {

Json load(const std::string& file) {
  std::ifstream in(std::string(LAVAPP_TEST_DATA) + "/" + file);
  return Json::parse(in);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

std::string text_of(const Json& json, const char* key) {
  return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
}

/// "<12000 characters>" and "xxx...<20026 characters>" stand for what was too long to record.
std::string expanded(const std::string& text) {
  const auto mark = text.rfind('<');
  if (mark == std::string::npos || text.back() != '>') return text;
  const auto size = std::stoul(text.substr(mark + 1));
  auto kept = text.substr(0, mark);
  if (kept.size() > 3 && kept.compare(kept.size() - 3, 3, "...") == 0) kept.resize(kept.size() - 3);
  return kept + std::string(size - kept.size(), 'x');
}

std::string what_of(const Json& entry) {
  return "t=" + entry["t"].dump() + ' ' + text_of(entry, "kind") + ' ' +
         (entry.contains("request") ? entry["request"]["method"].get<std::string>() + ' ' + entry["request"]["path"].get<std::string>().substr(0, 80)
                                    : std::string()) +
         " (" + text_of(entry, "note") + ")";
}

bool is_track(const Json& json) { return json.is_object() && json.contains("encoded") && json.contains("info"); }

template <class Condition>
bool poll_until(Condition condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

struct Replay::Socket {
  explicit Socket(RawPeer p) : peer(std::move(p)) {}
  RawPeer peer;
  std::string note = {};
  std::vector<Json> inbox = {};  // what has come and was not compared yet
  std::vector<std::string> pongs = {};
  std::optional<RawFrame> close_frame = {};
  bool open = false;   // frames may be sent
  bool gone = false;   // dropped by us
  bool ended = false;  // the stream has ended
  int pings = 0;
};

Replay::Replay(ReplayPlan plan) : plan_(std::move(plan)), runtime_(RuntimeOptions{.clock = clock_}) {
  plan_.options.catalogue = false;
  plan_.options.play_without_voice = false;
  restart_node(plan_.options);
}

Replay::~Replay() = default;

void Replay::restart_node(sandbox::NodeOptions options) { node_ = std::make_unique<sandbox::Node>(runtime_, std::move(options)); }

ReplayCounts Replay::run() {
  auto recording = load(plan_.file);
  auto entries = recording["entries"].get<std::vector<Json>>();
  // HTTP entries stand where their answer came, but have the time of their start.
  std::stable_sort(entries.begin(), entries.end(), [](const Json& a, const Json& b) { return a["t"].get<double>() < b["t"].get<double>(); });
  for (const auto& entry : entries) {
    if (skip(entry)) continue;
    SCOPED_TRACE(what_of(entry));
    try {
      play(entry);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    if (::testing::Test::HasFatalFailure()) break;
  }
  for (auto& [peer, expected] : unanswered_) {
    if (expected == "nothing") {
      EXPECT_TRUE(peer.silent()) << "a request that hangs was answered";
    } else {
      peer.read_to_end();
    }
  }
  count_left_over();
  for (const auto& [what, why] : plan_.skip) EXPECT_TRUE(skipped_.count(what) > 0) << "nothing to skip is called " << what;
  return counts_;
}

bool Replay::skip(const Json& entry) {
  for (const auto& what : {text_of(entry, "note"), "t=" + entry["t"].dump(), "conn " + entry.value("conn", Json()).dump()}) {
    if (plan_.skip.count(what) == 0) continue;
    skipped_.insert(what);
    ++counts_.skipped;
    return true;
  }
  return false;
}

void Replay::play(const Json& entry) {
  move_clock(entry["t"].get<double>());
  const auto kind = text_of(entry, "kind");
  if (kind == "http") return http(entry);
  if (kind == "ws-open") return open(entry);
  if (kind == "ws-in") return message(entry);
  if (kind == "ws-out") return send_odd_frame(entry);
  if (kind == "ws-pong") return pong(entry);
  if (kind == "ws-close") return close(entry);
  if (kind == "client-drop") return drop(entry);
  if (kind == "tcp-eof") return end_of_stream(entry);
  if (kind == "note") return note(entry);
  FAIL() << "unknown kind of entry: " << kind;
}

void Replay::move_clock(double to) {
  if (to <= time_) return;
  clock_->advance(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(to - time_)));
  time_ = to;
}

void Replay::note(const Json& entry) {
  const auto text = text_of(entry, "text");
  using sandbox::Routeplanner;
  if (text == "SIGTERM") {
    node_->restart(std::chrono::milliseconds(5'500), sandbox::Node::Stop::orderly);
  } else if (text == "SIGKILL") {
    node_->restart(std::chrono::milliseconds(60'000), sandbox::Node::Stop::abrupt);
  } else if (text.rfind("connect while down", 0) == 0) {
    EXPECT_THROW(RawPeer(node_->port()), std::runtime_error);
  } else if (text.rfind("GET /version during the boot", 0) == 0) {
    EXPECT_TRUE(poll_until([&] { return node_->running(); }));
  } else if (text.rfind("strategy ", 0) == 0) {
    const std::map<std::string, Routeplanner> strategies = {{"RotateOnBan", Routeplanner::rotating_ip},
                                                            {"LoadBalance", Routeplanner::balancing_ip},
                                                            {"NanoSwitch", Routeplanner::nano_ip},
                                                            {"RotatingNanoSwitch", Routeplanner::rotating_nano_ip}};
    auto options = plan_.options;
    options.routeplanner = strategies.at(text.substr(9, text.find(' ', 9) - 9));
    restart_node(options);
  }
}

// --- HTTP ---

std::string Replay::ours(std::string text) const {
  for (const auto& [recorded, here] : session_ids_) text = replaced(std::move(text), recorded, here);
  return text;
}

std::string Replay::request_text(const Json& entry) {
  const auto& request = entry["request"];
  const auto body = request.value("body", Json());
  std::string bytes = body.is_string() ? body.get<std::string>() : body.is_null() ? "" : dump(body);
  if (text_of(entry, "note") == "utf-16 body") bytes = std::string("\xFF\xFE{\0\"\0v\0o\0l\0u\0m\0e\0\"\0:\0" "7\0}\0", 26);
  auto target = expanded(ours(request["path"].get<std::string>()));
  for (const auto& [from, to] : plan_.replace) {
    target = replaced(target, from, to);
    bytes = replaced(bytes, from, to);
  }
  auto head = request["method"].get<std::string>() + ' ' + target + " HTTP/1.1\r\n";
  if (!request["headers"].contains("Host")) head += "Host: 127.0.0.1:" + std::to_string(node_->port()) + "\r\n";
  for (const auto& [name, value] : request["headers"].items()) {
    auto text = expanded(ours(value.get<std::string>()));
    if (name == "Host" || name == "Origin") text = replaced(text, ":2333", ":" + std::to_string(node_->port()));
    head += name + ": " + text + "\r\n";
  }
  if (!bytes.empty() || request["method"] == "POST" || request["method"] == "PATCH" || request["method"] == "PUT") {
    head += "Content-Length: " + std::to_string(bytes.size()) + "\r\n";
  }
  return head + "\r\n" + bytes;
}

void Replay::compare(const Json& recorded, const RawResponse& answer, const std::string& what) {
  EXPECT_EQ(answer.status, recorded["status"].get<int>()) << what << answer.body;
  EXPECT_EQ(answer.reason, recorded["reason"].get<std::string>()) << what;
  const std::set<std::string> by_itself = {"Date", "Sec-WebSocket-Accept"};
  for (const auto& [name, value] : recorded["headers"].items()) {
    const auto found = answer.header(name);
    ASSERT_TRUE(found) << what << " has no header " << name;
    if (by_itself.count(name) > 0) continue;
    EXPECT_EQ(*found, replaced(value.get<std::string>(), ":2333", ":" + std::to_string(node_->port()))) << what << name;
  }
  for (const auto& [name, value] : answer.headers) EXPECT_TRUE(recorded["headers"].contains(name)) << what << " has also " << name;
  const auto body = recorded.value("body", Json());
  if (body.is_structured()) {
    auto here = Json::parse(answer.body), there = Json::parse(ours(dump(body)));
    if (text_of(there, "loadType") == "search") {
      // What a search finds is the catalogue's affair: the first track stands for all.
      for (auto* answer_json : {&there, &here}) {
        if (!(*answer_json)["data"].empty()) (*answer_json)["data"] = Json::array({(*answer_json)["data"][0]});
      }
    }
    EXPECT_EQ(difference(there, here), "") << what;
  } else if (answer.status == 406) {
    EXPECT_EQ(answer.body.size(), body.get<std::string>().size());  // it has a date
  } else if (body.is_string()) {
    EXPECT_EQ(answer.body, body.get<std::string>()) << what;
  }
}

void Replay::http(const Json& entry) {
  prepare(entry);
  ++counts_.requests;
  const auto& response = entry["response"];
  if (response.contains("error")) {
    const bool hangs = response["error"].get<std::string>().find("Timeout") != std::string::npos;
    if (!hangs) node_->order(sandbox::Fault::hang());  // what the server was waiting for
    auto& pending = unanswered_.emplace_back(RawPeer(node_->port()), hangs ? "nothing" : "the end");
    const auto seen = node_->requests().size();
    pending.first.send(request_text(entry));
    EXPECT_TRUE(poll_until([&] { return node_->requests().size() > seen; }));
    return;
  }
  RawPeer peer(node_->port());
  peer.send(request_text(entry));
  compare(response, peer.read_response(entry["request"]["method"] == "HEAD"), what_of(entry));
}

// --- The recording server's surroundings ---

void Replay::add(const Json& json, const std::string& alias) {
  const auto& info = json["info"];
  sandbox::CatalogueTrack track;
  const auto known = plan_.manners.find(info["identifier"].get<std::string>());
  if (known != plan_.manners.end()) track = known->second;
  const auto optional = [&](const char* key) {
    return info[key].is_null() ? std::nullopt : std::optional(info[key].get<std::string>());
  };
  track.identifier = info["identifier"].get<std::string>();
  if (!alias.empty()) track.aliases = {alias};
  track.title = info["title"].get<std::string>();
  track.author = info["author"].get<std::string>();
  track.length = std::chrono::milliseconds(info["length"].get<std::int64_t>());
  track.is_stream = info["isStream"].get<bool>();
  track.uri = optional("uri");
  track.artwork_url = optional("artworkUrl");
  track.isrc = optional("isrc");
  track.source_name = info["sourceName"].get<std::string>();
  track.plugin_info = JsonText(dump(json["pluginInfo"]));
  // JSON cannot carry the title's lone surrogate; the encoded text can.
  const auto decoded = sandbox::decode_track(json["encoded"].get<std::string>(), {track.source_name});
  if (const auto* exact = std::get_if<sandbox::EncodedTrack>(&decoded)) track.title = exact->info.title;
  node_->add_track(std::move(track));
}

void Replay::prepare(const Json& entry) {
  const auto& request = entry["request"];
  const auto body = entry["response"].value("body", Json());
  const auto target = sandbox::Target::parse(request["path"].get<std::string>());
  std::string wanted = target ? target->parameter("identifier").value_or("") : "";
  const auto update = request.value("body", Json());
  if (update.is_object()) {
    if (update.contains("identifier")) wanted = text_of(update, "identifier");
    if (update.contains("track") && update["track"].is_object() && update["track"].contains("identifier")) wanted = text_of(update["track"], "identifier");
  }
  if (!body.is_object()) return;
  sandbox::CatalogueTrack broken;
  broken.identifier = wanted;
  broken.playback = sandbox::Playback::unloadable;
  const auto type = text_of(body, "loadType"), message = text_of(body, "message");
  if (type == "track") add(body["data"], wanted);
  if (type == "error" || message == "Something went wrong while looking up the track.") node_->add_track(broken);
  if (type == "search") {
    if (!body["data"].empty()) add(body["data"][0], "");
  }
  if (type == "playlist") {
    sandbox::CataloguePlaylist list;
    list.identifier = wanted;
    list.name = text_of(body["data"]["info"], "name");
    list.selected_track = body["data"]["info"]["selectedTrack"].get<int>();
    list.plugin_info = JsonText(dump(body["data"]["pluginInfo"]));
    for (const auto& json : body["data"]["tracks"]) {
      add(json, "");
      const auto& info = json["info"];
      sandbox::CatalogueTrack track;
      track.identifier = text_of(info, "identifier");
      track.title = text_of(info, "title");
      track.author = text_of(info, "author");
      track.length = std::chrono::milliseconds(info["length"].get<std::int64_t>());
      track.source_name = text_of(info, "sourceName");
      if (!info["uri"].is_null()) track.uri = text_of(info, "uri");
      if (!info["artworkUrl"].is_null()) track.artwork_url = text_of(info, "artworkUrl");
      if (!info["isrc"].is_null()) track.isrc = text_of(info, "isrc");
      track.plugin_info = JsonText(dump(json["pluginInfo"]));
      list.tracks.push_back(std::move(track));
    }
    node_->add_playlist(std::move(list));
  }
  if (body.contains("track") && is_track(body["track"])) add(body["track"], wanted);
}

// --- WebSocket ---

Replay::Socket& Replay::socket(const Json& entry) { return *sockets_.at(entry["conn"].get<int>()); }

void Replay::open(const Json& entry) {
  ++counts_.handshakes;
  auto socket = std::make_unique<Socket>(RawPeer(node_->port()));
  socket->note = text_of(entry, "note");
  socket->peer.send(request_text(entry));
  const auto answer = socket->peer.read_response();
  compare(entry["response"], answer, what_of(entry));
  socket->open = answer.status == 101;
  if (socket->open) {
    EXPECT_EQ(answer.header("Sec-WebSocket-Accept"),
              websocket::accept_value(entry["request"]["headers"]["Sec-WebSocket-Key"].get<std::string>()));
  }
  sockets_[entry["conn"].get<int>()] = std::move(socket);
}

void Replay::pump(Socket& socket) {
  const auto mark = "barrier " + std::to_string(++socket.pings);
  socket.peer.send(masked(ping_frame(mark)));
  while (const auto frame = socket.peer.read_frame()) {
    if (frame->opcode == 0xA && frame->payload == mark) return;
    if (frame->opcode == 0xA) socket.pongs.push_back(frame->payload);
    if (frame->opcode == 0x1) socket.inbox.push_back(Json::parse(frame->payload));
    if (frame->opcode == 0x8) {
      socket.close_frame = frame;
      socket.open = false;
      return;
    }
  }
  socket.open = false;
}

void Replay::read_close(Socket& socket) {
  socket.open = false;
  while (!socket.close_frame) {
    const auto frame = socket.peer.read_frame();
    if (!frame) return;
    if (frame->opcode == 0x1) socket.inbox.push_back(Json::parse(frame->payload));
    if (frame->opcode == 0xA) socket.pongs.push_back(frame->payload);
    if (frame->opcode == 0x8) socket.close_frame = frame;
  }
}

std::optional<Json> Replay::take(Socket& socket, const Json& recorded) {
  const auto guild = text_of(recorded, "guildId");
  for (auto it = socket.inbox.begin(); it != socket.inbox.end(); ++it) {
    if ((*it)["op"] != recorded["op"] || text_of(*it, "guildId") != guild) continue;
    // The stand-in for Discord refused at times before the node had told that it was connected.
    if (recorded["op"] == "playerUpdate" && (*it)["state"]["connected"] != recorded["state"]["connected"]) continue;
    auto taken = std::move(*it);
    socket.inbox.erase(it);
    return taken;
  }
  return std::nullopt;
}

void Replay::message(const Json& entry) {
  auto& socket = this->socket(entry);
  // 3 MB of userData were cut out of the recording.
  const auto recorded = entry.contains("message") ? entry["message"] : Json();
  ASSERT_TRUE(recorded.is_object());
  const auto op = text_of(recorded, "op");
  if (socket.open) pump(socket); else if (!socket.gone && !socket.close_frame) read_close(socket);
  auto found = take(socket, recorded);
  if (op == "event" && !found && recorded["type"] == "WebSocketClosedEvent" && recorded["code"] != 1000) {
    // Discord's part: the recording had a stand-in for its voice server.
    node_->close_voice(*Snowflake::parse(text_of(recorded, "guildId")), recorded["code"].get<int>(), text_of(recorded, "reason"));
    pump(socket);
    found = take(socket, recorded);
  }
  if (op == "playerUpdate" && !found) {
    ++counts_.missing_updates;
    return;
  }
  // A real node's audio does not end to the millisecond when ours does.
  for (int step = 0; !found && step < 200; ++step) {
    clock_->advance(std::chrono::milliseconds(50));
    pump(socket);
    found = take(socket, recorded);
  }
  ASSERT_TRUE(found) << "this did not come: " << dump(recorded).substr(0, 300);
  ++counts_.messages;
  if (op == "ready") session_ids_[text_of(recorded, "sessionId")] = text_of(*found, "sessionId");
  // Which end of a voice connection is first to close it was a matter of chance.
  if (recorded.value("code", 0) == 1000) (*found)["byRemote"] = recorded["byRemote"];
  EXPECT_EQ(difference(Json::parse(ours(dump(recorded))), *found), "");
}

void Replay::send_odd_frame(const Json& entry) {
  ++counts_.frames;
  auto& socket = this->socket(entry);
  const auto opcode = entry["opcode"].get<unsigned>();
  auto payload = text_of(entry, "payload");
  if (payload.size() > 2 && payload.front() == '<') payload = std::string(std::stoul(payload.substr(1)), 'x');
  const std::map<std::string, std::string> exact = {
      {"text that is not utf-8", frame(0x81, "\xFF\xFE")},
      {"RSV1 set without extension", frame(0xC1, payload)},
      {"fragmented ping", frame(0x09, payload)},
      {"close code 1005", frame(0x88, "\x03\xED")},
      {"close code 4000", frame(0x88, "\x0F\xA0why")},
      {"close code 999", frame(0x88, "\x03\xE7")},
  };
  if (socket.note == "unmasked frame") return socket.peer.send(text_frame(payload));
  const auto found = exact.find(socket.note);
  const bool fragment = opcode == 1 && payload == "hel";
  socket.peer.send(masked(found != exact.end() ? found->second : frame((fragment ? 0x00U : 0x80U) | opcode, payload)));
}

void Replay::pong(const Json& entry) {
  ++counts_.frames;
  auto& socket = this->socket(entry);
  pump(socket);
  ASSERT_FALSE(socket.pongs.empty());
  EXPECT_EQ(socket.pongs.front(), text_of(entry, "payload"));
  socket.pongs.erase(socket.pongs.begin());
}

void Replay::close(const Json& entry) {
  auto& socket = this->socket(entry);
  ++counts_.closes;
  if (socket.gone) return;
  const auto by = text_of(entry, "by");
  const auto reason = text_of(entry, "reason");
  const int code = entry["code"].is_null() ? 0 : entry["code"].get<int>();
  if (by == "client") {
    pump(socket);
    socket.open = false;
    return socket.peer.send(masked(close_frame(code, reason)));
  }
  read_close(socket);
  ASSERT_TRUE(socket.close_frame) << "the stream ended without a Close frame";
  const auto& payload = socket.close_frame->payload;
  ASSERT_GE(payload.size(), 2U);
  EXPECT_EQ(static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]), code);
  // Undertow's own words have its numbers; ours are our own.
  if (reason.rfind("UT0", 0) != 0) {
    EXPECT_EQ(payload.substr(2), reason);
  }
}

void Replay::drop(const Json& entry) {
  auto& socket = this->socket(entry);
  ++counts_.closes;
  const auto connected = [&] {
    const auto sessions = node_->sessions();
    return std::count_if(sessions.begin(), sessions.end(), [](const auto& s) { return s.connected; });
  };
  const auto before = connected();
  socket.gone = true;
  socket.open = false;
  if (text_of(entry, "how").find("RST") != std::string::npos) socket.peer.reset(); else socket.peer.finish();
  EXPECT_TRUE(poll_until([&] { return connected() < before; }));
}

void Replay::end_of_stream(const Json& entry) {
  ++counts_.closes;
  auto& socket = this->socket(entry);
  if (!socket.gone) socket.peer.read_to_end();
  socket.ended = true;
}

void Replay::count_left_over() {
  for (auto& [number, socket] : sockets_) {
    if (socket->open) pump(*socket);
    for (const auto& message : socket->inbox) {
      const auto op = text_of(message, "op");
      if (op == "playerUpdate") ++counts_.surplus_updates;
      if (op == "event") ADD_FAILURE() << "not in the recording: " << dump(message).substr(0, 300);
    }
  }
}

}  // namespace lavapp::test
