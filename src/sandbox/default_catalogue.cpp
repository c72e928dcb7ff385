// The invented tracks of every sandbox node; docs/sandbox.md lists them.
#include "sandbox/catalogue.hpp"

namespace lavapp::sandbox {
namespace {

using std::chrono::milliseconds;

struct Song {
  const char* title;
  const char* author;
  int length;
};

constexpr Song songs[] = {
    {"Harbour Lights at Four", "The Paper Lanterns", 214'000}, {"Slow Train to Nowhere", "Marta Vell", 187'500},
    {"Copper Sky", "Northbound Ferry", 243'200},              {"Glass Elevator", "Ada & the Engines", 198'700},
    {"Rain on a Tin Roof", "Marta Vell", 226'400},            {"Late Summer Static", "Low Orbit", 251'900},
    {"Seven Small Rivers", "The Paper Lanterns", 205'300},    {"Paper Boats", "Low Orbit", 179'800},
    {"Midnight Ferry", "Northbound Ferry", 232'100},          {"A Lamp for the Road", "Ilse Brandt", 191'600},
    {"Whistling Past Orion", "Ada & the Engines", 267'400},   {"Grüße aus dem Süden", "Ilse Brandt", 219'000},
};

CatalogueTrack trouble(const char* name, const char* title, Playback playback, milliseconds after = milliseconds(0)) {
  CatalogueTrack track;
  track.identifier = std::string("sandbox:") + name;
  track.title = title;
  track.author = "lavapp sandbox";
  track.playback = playback;
  track.trouble_after = after;
  return track;
}

}  // namespace

void Catalogue::add_defaults() {
  CataloguePlaylist evening, album;
  evening.identifier = "sandbox:playlist";
  evening.name = "An Evening at the Harbour";
  album.identifier = "sandbox:album";
  album.name = "Marta Vell: Two Songs";
  album.selected_track = 1;
  int number = 0;
  for (const auto& song : songs) {
    CatalogueTrack track;
    const auto name = std::to_string(++number);
    track.identifier = "sandbox:" + name;
    track.title = song.title;
    track.author = song.author;
    track.length = milliseconds(song.length);
    track.uri = "https://sandbox.invalid/track/" + name;
    track.aliases = {*track.uri};
    track.artwork_url = "https://sandbox.invalid/artwork/" + name + ".png";
    track.isrc = "XXLVP26000" + std::string(name.size() < 2 ? "0" : "") + name;
    if (number <= 6) evening.tracks.push_back(track);
    if (track.author == "Marta Vell") album.tracks.push_back(track);
    add(std::move(track));
  }
  add(std::move(evening));
  add(std::move(album));

  auto shorter = trouble("short", "Five Seconds", Playback::plays);
  shorter.length = milliseconds(5'000);
  add(std::move(shorter));
  add(trouble("fail", "Fails at once", Playback::fails));
  add(trouble("break", "Breaks after ten seconds", Playback::breaks, milliseconds(10'000)));
  add(trouble("stuck", "Stuck after ten seconds", Playback::stuck, milliseconds(10'000)));
  add(trouble("error", "Cannot be loaded", Playback::unloadable));
  auto endless = trouble("endless", "Radio without End", Playback::plays);
  endless.is_stream = true;
  add(std::move(endless));
}

}  // namespace lavapp::sandbox
