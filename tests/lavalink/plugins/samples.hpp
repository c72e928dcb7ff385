// One answer or event of each plugin, and of NodeLink, as their READMEs and docs have them.
#pragma once

#include <string>

namespace lavapp::lavalink::plugins::sample {

/// Of LavaSearch: its README's own example, but for the length of its addresses.
inline const std::string search_results =
    R"({"tracks":[{"encoded":"QAAB","info":{"identifier":"1090538082","isSeekable":true,"author":"Architects",)"
    R"("length":244000,"isStream":false,"position":0,"title":"Animals","uri":"https://deezer.com/track/1090538082",)"
    R"("sourceName":"deezer","artworkUrl":"https://a.example/i.jpg","isrc":null},"pluginInfo":{}}],)"
    R"("albums":[{"info":{"name":"For Those That Wish To Exist","selectedTrack":-1},)"
    R"("pluginInfo":{"type":"album"},"tracks":[]}],)"
    R"("artists":[{"info":{"name":"Architects's Top Tracks","selectedTrack":-1},"pluginInfo":{},"tracks":[]}],)"
    R"("playlists":[{"info":{"name":"100% Architects","selectedTrack":-1},"pluginInfo":{},"tracks":[]}],)"
    R"("texts":[{"text":"Architects","plugin":{"x":1}}],"plugin":{"y":2}})";
/// Of LavaLyrics.
inline const std::string lyrics =
    R"({"sourceName":"spotify","provider":"MusixMatch","text":null,"lines":[)"
    R"({"timestamp":16770,"duration":null,"line":"Took a walk to the water at night","plugin":{}},)"
    R"({"timestamp":214480,"duration":1500,"line":"","plugin":{"x":1}}],"plugin":{}})";
/// Of java-timed-lyrics.
inline const std::string timed_lyrics =
    R"({"type":"timed","track":{"title":"We Got the Moves","author":"Electric Callboy","album":"We Got the Moves",)"
    R"("albumArt":[{"url":"https://a.example/60","height":60,"width":61}]},"source":"LyricFind","lines":[)"
    R"({"line":"\u266a","range":{"start":0,"end":6510}},{"line":"Summer mood","range":{"start":6510,"end":7330}}]})";
inline const std::string text_lyrics =
    R"({"type":"text","track":{"title":"a","author":"b","album":null,"albumArt":null},"source":"genius",)"
    R"("text":"la la"})";
inline const std::string found_videos = R"([{"videoId":"UVXvQtm6ji0","title":"We Got The moves"}])";

/// Of SponsorBlock.
inline const std::string categories = R"(["sponsor","selfpromo","hook"])";
inline const std::string segment = R"({"category":"sponsor","start":0,"end":3000})";
inline const std::string chapter = R"({"name":"Prelude","start":1000,"end":4000,"duration":3000})";
inline const std::string chapter_of_readme =
    R"({"name":"As the README has it","start":1000,"end":4000,"duration":"3000"})";

/// Of NodeLink.
inline const std::string node_link_lyrics =
    R"({"loadType":"lyrics","data":{"synced":true,"lang":"en","source":"youtube","provider":"youtube","lines":[)"
    R"({"text":"We're no strangers to love","time":18640,"duration":3240}]}})";
inline const std::string node_link_error =
    R"({"loadType":"error","data":{"message":"Lyrics source 'x' is not available.","severity":"common"}})";
inline const std::string node_link_chapters =
    R"([{"title":"An intro to video chapters","startTime":0,"thumbnails":[{"url":"https://a.example/1",)"
    R"("width":336,"height":188}],"duration":23000,"endTime":23000}])";

/// Of LavaSrc: what it adds to a track and to a playlist.
inline const std::string track_info =
    R"({"albumName":"Holy Hell","albumUrl":"https://a.example/1","artistUrl":"https://a.example/2",)"
    R"("artistArtworkUrl":"https://a.example/3","previewUrl":"https://a.example/4","isPreview":true,)"
    R"("isLocal":true,"of another plugin":[1]})";
inline const std::string playlist_info =
    R"({"type":"album","url":"https://a.example/1","artworkUrl":"https://a.example/2",)"
    R"("author":"Architects","totalTracks":15})";

}  // namespace lavapp::lavalink::plugins::sample
