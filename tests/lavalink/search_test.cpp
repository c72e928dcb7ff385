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
  EXPECT_EQ(prefix_of(S::youtube), "ytsearch:");
  EXPECT_EQ(prefix_of(S::youtube_music), "ytmsearch:");
  EXPECT_EQ(prefix_of(S::soundcloud), "scsearch:");
  EXPECT_EQ(prefix_of(S::spotify), "spsearch:");
  EXPECT_EQ(prefix_of(S::yandex_music), "ymsearch:");
  EXPECT_EQ(prefix_of(S::deezer_isrc), "dzisrc:");
  EXPECT_EQ(prefix_of(S::qobuz_recommendations), "qbrec:");
  EXPECT_EQ(prefix_of(S::flowery_tts), "ftts://");
  EXPECT_EQ(to_string(S::youtube_music), "YouTube Music");
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

TEST(SearchWords, ThatAreNotThereAreAMistake) {
  for (const char* nothing : {"", "   ", "\n", "ytsearch:", "ytsearch:   ", " scsearch[0,5]: ", "ftts://"}) {
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
