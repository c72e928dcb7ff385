#include <iterator>

#include "lavalink/plugins/samples.hpp"
#include "lavalink/samples.hpp"
#include "rest_fuzz.hpp"

namespace lavapp::test {
namespace {

namespace plugin = lavalink::plugins::sample;

}  // namespace

std::vector<std::string> rest_body_seeds() {
  const std::string session = R"({"resuming":true,"timeout":60})";
  const std::string search = R"({"loadType":"search","data":[)" + sample::track + "]}";
  const std::string failed = R"({"loadType":"error","data":)" + sample::exception + "}";
  // In the order in which the first byte chooses whose they are.
  const std::vector<std::string> samples[] = {
      {sample::playlist, search, failed, R"({"loadType":"track","data":)" + sample::track + "}",
       R"({"data":null,"loadType":"empty"})", R"({"loadType":"radio","data":{"x":1}})", R"({"loadType":"track"})"},
      {sample::track},
      {"[" + sample::track + "]", "[]"},
      {sample::player},
      {"[" + sample::player + "]", "[{}]"},
      {sample::info},
      {"{" + sample::stats_body + "}"},
      {session},
      {sample::routeplanner, "", R"({"class":null,"details":null})"},
      {plugin::search_results, ""},
      {plugin::lyrics, "", R"({"sourceName":"x","provider":null,"text":"la la","lines":null,"plugin":{}})"},
      {plugin::timed_lyrics, plugin::text_lyrics},
      {plugin::found_videos},
      {plugin::categories},
      {plugin::node_link_lyrics, plugin::node_link_error, R"({"loadType":"empty","data":{}})"},
      {plugin::node_link_chapters},
      {plugin::track_info, R"({"albumName":5})"},
      {plugin::playlist_info, ""},
  };
  std::vector<std::string> seeds;
  for (std::size_t i = 0; i < std::size(samples); ++i) {
    for (const auto& body : samples[i]) seeds.push_back(static_cast<char>(i) + body);
  }
  return seeds;
}

std::vector<std::string> rest_error_seeds() {
  const auto with_status = [](int status, const std::string& body) {
    return std::string{static_cast<char>((status - 300) / 256), static_cast<char>((status - 300) % 256)} + body;
  };
  return {
      with_status(404, R"({"timestamp":1,"status":404,"error":"Not Found","trace":"at x\n\tat y",)"
                       R"("message":"Session not found","path":"/v4/sessions/x"})"),
      with_status(404, R"({"timestamp":1,"status":404,"error":"Not Found","message":"Player not found","path":"/"})"),
      with_status(500, R"({"error":"Internal Server Error"})"),
      with_status(400, "Bad Request"),
      with_status(429, ""),
      with_status(503, "<html><body>no</body></html>"),
      with_status(500, R"({"message":null,"error":5})"),
      with_status(400, "[1]"),
  };
}

std::vector<std::string> plugin_event_seeds() {
  const auto event = [](const std::string& type, const std::string& fields) {
    return R"({"op":"event","type":")" + type + R"(","guildId":"7",)" + fields + "}";
  };
  return {
      event("SegmentsLoaded", R"("segments":[)" + plugin::segment + "]"),
      event("SegmentSkipped", R"("segment":)" + plugin::segment),
      event("ChaptersLoaded", R"("chapters":[)" + plugin::chapter + "," + plugin::chapter_of_readme + "]"),
      event("ChapterStarted", R"("chapter":)" + plugin::chapter_of_readme),
      event("LyricsFoundEvent", R"("lyrics":)" + plugin::lyrics),
      event("LyricsNotFoundEvent", R"("x":1)"),
      event("LyricsLineEvent",
            R"("lineIndex":1,"line":{"timestamp":null,"duration":null,"line":"la","plugin":{}},"skipped":false)"),
      event("SegmentSkipped", R"("segment":5)"),
      event("SomethingElse", R"("x":1)"),
      sample::track_end,
  };
}

}  // namespace lavapp::test
