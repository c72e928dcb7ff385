// Prefixes, and what becomes of what people type.
#include "lavapp/lavalink/search.hpp"

#include <gtest/gtest.h>

#include <set>

namespace lavapp::lavalink {
namespace {

using S = SearchSource;

constexpr int kSources = static_cast<int>(S::shazam) + 1;

std::string typed(std::string_view query, SearchSource source = S::youtube) {
  auto identifier = identifier_of(source, query);
  return identifier ? *identifier : "error: " + identifier.error().message;
}

TEST(SearchSources, EachHasAPrefixAndANameOfItsOwn) {
  std::set<std::string_view> prefixes, names;
  for (int i = 0; i < kSources; ++i) {
    const auto source = static_cast<SearchSource>(i);
    const auto prefix = prefix_of(source);
    EXPECT_EQ(prefix.substr(prefix.size() - 1), prefix.find("://") == prefix.npos ? ":" : "/") << i;
    EXPECT_TRUE(prefixes.insert(prefix).second) << prefix;
    EXPECT_TRUE(names.insert(to_string(source)).second) << to_string(source);
    EXPECT_EQ(source_of(std::string(prefix) + "words"), source) << prefix;
  }
  EXPECT_EQ(prefix_of(static_cast<SearchSource>(kSources)), "");
  EXPECT_EQ(to_string(static_cast<SearchSource>(kSources)), "unknown");
}

TEST(SearchSources, HaveThePrefixesOfTheDocs) {
  struct Documented {
    S source;
    const char* prefix;
    const char* manager;  // in Info::source_managers; nodes have no certain name for those of NodeLink
    const char* name;
  };
  const Documented all[] = {
      {S::youtube, "ytsearch:", "youtube", "YouTube"},
      {S::youtube_music, "ytmsearch:", "youtube", "YouTube Music"},
      {S::soundcloud, "scsearch:", "soundcloud", "SoundCloud"},
      {S::bandcamp, "bcsearch:", "bandcamp", "Bandcamp"},
      {S::spotify, "spsearch:", "spotify", "Spotify"},
      {S::spotify_recommendations, "sprec:", "spotify", "Spotify recommendations"},
      {S::spotify_preview, "spprev:", "spotify", "Spotify previews"},
      {S::apple_music, "amsearch:", "applemusic", "Apple Music"},
      {S::apple_music_preview, "amprev:", "applemusic", "Apple Music previews"},
      {S::deezer, "dzsearch:", "deezer", "Deezer"},
      {S::deezer_isrc, "dzisrc:", "deezer", "Deezer by ISRC"},
      {S::deezer_recommendations, "dzrec:", "deezer", "Deezer recommendations"},
      {S::deezer_preview, "dzprev:", "deezer", "Deezer previews"},
      {S::yandex_music, "ymsearch:", "yandexmusic", "Yandex Music"},
      {S::yandex_recommendations, "ymrec:", "yandexmusic", "Yandex Music recommendations"},
      {S::vk_music, "vksearch:", "vkmusic", "VK Music"},
      {S::vk_recommendations, "vkrec:", "vkmusic", "VK Music recommendations"},
      {S::tidal, "tdsearch:", "tidal", "Tidal"},
      {S::tidal_recommendations, "tdrec:", "tidal", "Tidal recommendations"},
      {S::qobuz, "qbsearch:", "qobuz", "Qobuz"},
      {S::qobuz_isrc, "qbisrc:", "qobuz", "Qobuz by ISRC"},
      {S::qobuz_recommendations, "qbrec:", "qobuz", "Qobuz recommendations"},
      {S::jiosaavn, "jssearch:", "jiosaavn", "JioSaavn"},
      {S::jiosaavn_recommendations, "jsrec:", "jiosaavn", "JioSaavn recommendations"},
      {S::jiosaavn_preview, "jsprev:", "jiosaavn", "JioSaavn previews"},
      {S::flowery_tts, "ftts://", "flowery-tts", "Flowery TTS"},
      {S::speech, "speak:", "speak", "text to speech"},
      {S::google_cloud_tts, "tts://", "gcloud-tts", "Google Cloud text to speech"},
      {S::youtube_recommendations, "ytrec:", "", "YouTube recommendations"},
      {S::amazon_music, "azsearch:", "", "Amazon Music"},
      {S::anghami, "agsearch:", "", "Anghami"},
      {S::audiomack, "admsearch:", "", "Audiomack"},
      {S::audius, "ausearch:", "", "Audius"},
      {S::bilibili, "bilisearch:", "", "Bilibili"},
      {S::gaana, "gnsearch:", "", "Gaana"},
      {S::iheartradio, "ihsearch:", "", "iHeartRadio"},
      {S::last_fm, "lfsearch:", "", "Last.fm"},
      {S::mixcloud, "mcsearch:", "", "Mixcloud"},
      {S::netease, "ntsearch:", "", "NetEase"},
      {S::niconico, "ncsearch:", "", "Niconico"},
      {S::pandora, "pdsearch:", "", "Pandora"},
      {S::shazam, "shsearch:", "", "Shazam"},
  };
  std::set<S> documented;
  for (const auto& each : all) {
    EXPECT_TRUE(documented.insert(each.source).second) << each.prefix;
    EXPECT_EQ(prefix_of(each.source), each.prefix);
    EXPECT_EQ(source_manager_of(each.source), each.manager) << each.prefix;
    EXPECT_EQ(to_string(each.source), each.name);
    EXPECT_EQ(source_of(each.prefix), each.source);
  }
  EXPECT_EQ(documented.size(), static_cast<std::size_t>(kSources)) << "a source is missing here";
  EXPECT_EQ(source_manager_of(static_cast<SearchSource>(kSources)), "");
}

TEST(SearchSources, APageOfSoundCloudIsAPrefixToo) {
  EXPECT_EQ(source_of("scsearch[20,10]:lofi"), S::soundcloud);
  EXPECT_EQ(typed("scsearch[20,10]:lofi"), "scsearch[20,10]:lofi");
  for (const char* other : {"scsearch[20]:lofi", "scsearch[,1]:lofi", "scsearch[1,]:lofi", "scsearch[1,2]lofi",
                            "scsearch[1,2", "scsearch[", "scsearch[1,2]"}) {
    EXPECT_FALSE(source_of(other)) << other;
    EXPECT_EQ(typed(other), std::string("ytsearch:") + other);
  }
}

TEST(SearchWords, GetThePrefixAndLoseTheSpacesAround) {
  EXPECT_EQ(typed("never gonna give you up"), "ytsearch:never gonna give you up");
  EXPECT_EQ(typed(" \t lofi\r\n", S::soundcloud), "scsearch:lofi");
  EXPECT_EQ(typed("\"USEP42058010\""), "ytsearch:\"USEP42058010\"");
}

TEST(SearchWords, KeepWhateverIsInThem) {
  for (const char* words :
       {"a & b", "c#", "1+1=2?", "100%", "100%25",
        "gr\xc3\xbc\xc3\x9f"
        "e \xe2\x99\xab",
        "a/b\\c", "AC/DC: live", "<b>bold</b>", "what is http://?", "/etc/passwd", "C:\\music\\a.mp3"}) {
    EXPECT_EQ(typed(words), std::string("ytsearch:") + words);
    EXPECT_TRUE(is_words(words)) << words;
  }
}

TEST(SearchWords, ThatOnlyResembleAPrefixAreWords) {
  for (const char* words : {"research: a song", "ytsearch", "YTSEARCH:lofi", "search:lofi", "my ytsearch:lofi", "speak",
                            "ftts:/x", "https:/x", "http:x", "xhttp://x"}) {
    EXPECT_FALSE(source_of(words)) << words;
    EXPECT_TRUE(is_words(words)) << words;
    EXPECT_EQ(typed(words), std::string("ytsearch:") + words);
  }
}

TEST(SearchWords, AreEncodedWhereThePrefixIsAUrl) {
  EXPECT_EQ(typed("hello world?", S::flowery_tts), "ftts://hello%20world%3F");
  EXPECT_EQ(typed("50% & more", S::google_cloud_tts), "tts://50%25%20%26%20more");
  EXPECT_EQ(typed("hello world?", S::speech), "speak:hello world?");
}

TEST(SearchWords, AreEncodedBehindATypedPrefixToo) {
  struct Case {
    const char* query;
    const char* identifier;
  };
  for (const auto& each : {
           Case{"ftts://hello world", "ftts://hello%20world"},
           Case{"tts:// hello world ", "tts://hello%20world"},
           Case{"ftts://AC/DC #1, gr\xc3\xbc\xc3\x9f dich", "ftts://AC%2FDC%20%231%2C%20gr%C3%BC%C3%9F%20dich"},
           Case{"ftts://what is love?", "ftts://what%20is%20love%3F"},
           Case{"ftts://really? no, a = b", "ftts://really%3F%20no%2C%20a%20%3D%20b"},
           Case{"ftts://?=1", "ftts://%3F%3D1"},
           Case{"ftts://50% off", "ftts://50%25%20off"},
           Case{"ftts://50%", "ftts://50%25"},
           Case{"ftts://50%2", "ftts://50%252"},
       }) {
    EXPECT_EQ(typed(each.query), each.identifier);
    EXPECT_EQ(typed(each.identifier), each.identifier) << "once is enough";
  }
  EXPECT_EQ(typed("speak:hello world"), "speak:hello world");
}

TEST(SearchWords, KeepTheOptionsBehindThemAndWhatIsEncodedAlready) {
  for (const char* whole : {
           "ftts://hello%20world?audio_format=ogg_opus&translate=False&silence=1000&speed=1.0&voice=09924826-684f",
           "tts://hello%2Fworld?language=de-DE",
           "tts://?config=%7B%22input%22%3A%7B%22text%22%3A%22hi%22%7D%7D",
       }) {
    EXPECT_EQ(typed(whole), whole);
  }
  EXPECT_EQ(typed("ftts://who? me?voice=my voice"), "ftts://who%3F%20me?voice=my%20voice");
}

TEST(SearchPreview, HasALinkOrAnotherPrefixOrWordsBehindIt) {
  struct Case {
    const char* query;
    const char* identifier;
  };
  for (const auto& each : {
           Case{"spprev:https://open.spotify.com/track/0eG08cBeKk0mzykKjw4hcQ",
                "spprev:https://open.spotify.com/track/0eG08cBeKk0mzykKjw4hcQ"},
           Case{"spprev: <HTTPS://open.spotify.com/track/0e> ", "spprev:https://open.spotify.com/track/0e"},
           Case{"dzprev:dzisrc:USEP42058010", "dzprev:dzisrc:USEP42058010"},
           Case{"amprev:animals architects", "amprev:amsearch:animals architects"},
           Case{"jsprev:jssearch:animals", "jsprev:jssearch:animals"},
       }) {
    EXPECT_EQ(typed(each.query), each.identifier);
    EXPECT_EQ(typed(each.identifier), each.identifier) << "once is enough";
    EXPECT_FALSE(is_words(each.query));
  }
  EXPECT_EQ(typed("animals", S::spotify_preview), "spprev:spsearch:animals");
  EXPECT_EQ(typed("animals", S::apple_music_preview), "amprev:amsearch:animals");
  EXPECT_EQ(typed("animals", S::deezer_preview), "dzprev:dzsearch:animals");
  EXPECT_EQ(typed("animals", S::jiosaavn_preview), "jsprev:jssearch:animals");
  EXPECT_EQ(typed("https://x", S::spotify_preview), "https://x") << "a link is loaded as it is";
}

TEST(SearchWords, ThatAreNotThereAreAMistake) {
  for (const char* nothing :
       {"", "   ", "\n", "ytsearch:", "ytsearch:   ", " scsearch[0,5]: ", "ftts://", "spprev: "}) {
    const auto refused = identifier_of(S::youtube, nothing);
    ASSERT_FALSE(refused) << nothing;
    EXPECT_TRUE(refused.error() == Errc::invalid_argument);
    EXPECT_EQ(refused.error().message, "query has no words to search for");
  }
}

// Others send "ytsearch:ytsearch:..." and find nothing.
TEST(SearchPrefix, IsNotPutBeforeAnother) {
  EXPECT_EQ(typed("ytsearch:lofi"), "ytsearch:lofi");
  EXPECT_EQ(typed("  spsearch:lofi beats "), "spsearch:lofi beats");
  EXPECT_EQ(typed(typed("lofi")), "ytsearch:lofi");
  EXPECT_EQ(typed(typed("hello world", S::flowery_tts), S::flowery_tts), "ftts://hello%20world");
  EXPECT_FALSE(is_words("dzisrc:USEP42058010"));
}

// Others look for a prefix anywhere, and take such a URL for a search.
TEST(SearchUrl, IsLeftAloneWhateverIsInIt) {
  for (const char* url :
       {"https://youtu.be/dQw4w9WgXcQ", "http://example.com/ytsearch:lofi", "https://example.com/?q=scsearch:a",
        "https://example.com/a%20b?c=d&e=f#g+h", "icy://radio.example:8000/live"}) {
    EXPECT_EQ(typed(url), url);
    EXPECT_EQ(typed(std::string(" ") + url + "\n", S::spotify), url);
    EXPECT_FALSE(source_of(url)) << url;
    EXPECT_FALSE(is_words(url)) << url;
  }
}

TEST(SearchUrl, LosesTheBracketsThatKeepDiscordFromEmbeddingIt) {
  EXPECT_EQ(typed("<https://youtu.be/dQw4w9WgXcQ>"), "https://youtu.be/dQw4w9WgXcQ");
  EXPECT_FALSE(is_words(" < https://youtu.be/dQw4w9WgXcQ > "));
  EXPECT_EQ(typed("<https://youtu.be/dQw4w9WgXcQ"), "ytsearch:<https://youtu.be/dQw4w9WgXcQ");
  EXPECT_EQ(typed("<3"), "ytsearch:<3");
  EXPECT_EQ(typed("<lofi>"), "ytsearch:<lofi>");
  EXPECT_EQ(typed("<"), "ytsearch:<");
}

TEST(SearchUrl, HasItsSchemeInLowerCaseAsNodesWantIt) {
  EXPECT_TRUE(is_url("HTTPS://x"));
  EXPECT_EQ(typed("Https://Example.com/A"), "https://Example.com/A");
}

}  // namespace
}  // namespace lavapp::lavalink
