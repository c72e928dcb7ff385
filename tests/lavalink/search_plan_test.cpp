// SearchPlan: sources in turn, time in shares, and failures that are not swallowed.
#include "lavalink/search_plan.hpp"

#include <gtest/gtest.h>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;
using S = SearchSource;

LoadResult tracks(const char* title) {
  SearchResult found;
  found.tracks.resize(1);
  found.tracks[0].info.title = title;
  return {std::move(found), {}};
}
LoadResult nothing() { return {NothingFound{}, {}}; }
LoadResult no_results() { return {SearchResult{}, {}}; }
LoadResult failed(const char* why) {
  TrackException exception;
  exception.cause = why;
  return {LoadFailed{std::move(exception)}, {}};
}
Error status(int code, const char* message = "") {
  Error error(Errc::http_status, message);
  error.http_status = code;
  return error;
}

/// A plan at hand of a test that knows no time.
class Search {
 public:
  explicit Search(std::vector<SearchSource> sources, const char* query = "lofi")
      : plan_(SearchPlan::make(query, sources, 30s).value()) {}

  /// The next identifier asked for; empty at the end.
  std::string next() {
    auto step = plan_.next(0ms);
    return step ? step->identifier : std::string();
  }
  /// Answers all that is asked for; too few answers are a failure of the test.
  Result<SearchAnswer> answer(std::vector<Result<LoadResult>> answers) {
    for (auto& each : answers) {
      EXPECT_NE(next(), "");
      plan_.answered(std::move(each));
    }
    EXPECT_EQ(next(), "");
    return plan_.outcome();
  }

 private:
  SearchPlan plan_;
};

TEST(SearchPlan, TriesTheSourcesInTurnUntilOneHasTracks) {
  Search search({S::spotify, S::youtube, S::soundcloud});
  const auto found = search.answer({nothing(), tracks("a")}).value();
  EXPECT_EQ(found.source, S::youtube);
  EXPECT_EQ(found.identifier, "ytsearch:lofi");
  EXPECT_EQ(found.result.first()->info.title, "a");
  ASSERT_EQ(found.others.size(), 1u);
  EXPECT_EQ(found.others[0].source, S::spotify);
  EXPECT_EQ(found.others[0].identifier, "spsearch:lofi");
  EXPECT_EQ(found.others[0].answer->type(), LoadType::empty);
}

TEST(SearchPlan, AsksEachSourceOnce) {
  Search search({S::youtube, S::youtube, S::soundcloud, S::youtube});
  EXPECT_EQ(search.answer({nothing(), nothing()}).value().others.size(), 1u);
}

TEST(SearchPlan, LoadsAUrlOnceWhateverTheSources) {
  for (const auto& sources : {std::vector<SearchSource>{}, {S::spotify, S::youtube}}) {
    Search search(sources, " <https://example.com/ytsearch:x> ");
    const auto found = search.answer({nothing()}).value();
    EXPECT_EQ(found.identifier, "https://example.com/ytsearch:x");
    EXPECT_FALSE(found.source);
    EXPECT_TRUE(found.others.empty());
  }
}

TEST(SearchPlan, LoadsAQueryWithAPrefixOnceAndNamesItsSource) {
  Search search({S::spotify, S::youtube}, "dzisrc:USEP42058010");
  const auto found = search.answer({tracks("a")}).value();
  EXPECT_EQ(found.identifier, "dzisrc:USEP42058010");
  EXPECT_EQ(found.source, S::deezer_isrc);
}

TEST(SearchPlan, RefusesWordsWithoutASourceAndSourcesWithoutWords) {
  EXPECT_EQ(SearchPlan::make("lofi", {}, 1s).error().message, "sources must not be empty: the query is words");
  EXPECT_TRUE(SearchPlan::make(" ", {S::youtube}, 1s).error() == Errc::invalid_argument);
  EXPECT_TRUE(SearchPlan::make("", {}, 1s).error() == Errc::invalid_argument);
}

TEST(SearchPlan, IsEmptyOnlyIfEverySourceWas) {
  const auto found = Search({S::youtube, S::soundcloud}).answer({nothing(), no_results()}).value();
  EXPECT_EQ(found.result.type(), LoadType::search);
  EXPECT_EQ(found.source, S::soundcloud);
  EXPECT_EQ(found.others.size(), 1u);
}

// Others tell a search that failed at one source and found nothing at the next as "nothing found".
TEST(SearchPlan, AFailedLoadIsNotSwallowedByEmptyOnes) {
  const auto found = Search({S::youtube, S::soundcloud, S::bandcamp})
                         .answer({nothing(), failed("java.io.IOException: broke"), nothing()})
                         .value();
  ASSERT_NE(found.result.exception(), nullptr);
  EXPECT_EQ(found.result.exception()->true_cause(), "IOException: broke");
  EXPECT_EQ(found.source, S::soundcloud);
  ASSERT_EQ(found.others.size(), 2u);
  EXPECT_EQ(found.others[0].source, S::youtube);
  EXPECT_EQ(found.others[1].source, S::bandcamp);
}

TEST(SearchPlan, OfSeveralFailuresTheLastIsToldAndTheOthersAreThere) {
  const auto found = Search({S::youtube, S::soundcloud}).answer({failed("first"), failed("second")}).value();
  EXPECT_EQ(found.result.exception()->cause, "second");
  EXPECT_EQ(found.others[0].answer->exception()->cause, "first");
}

TEST(SearchPlan, AFailureIsStillThereIfALaterSourceHasTracks) {
  const auto found =
      Search({S::youtube, S::soundcloud, S::deezer}).answer({status(500, "broke"), failed("why"), tracks("a")}).value();
  EXPECT_EQ(found.result.first()->info.title, "a");
  EXPECT_EQ(found.others[0].answer.error().http_status, 500);
  EXPECT_EQ(found.others[1].answer->exception()->cause, "why");
}

// Others tell an error of the REST route as "nothing found".
TEST(SearchPlan, AnErrorOfTheRouteIsNotSwallowedByEmptyAnswers) {
  const auto result =
      Search({S::youtube, S::soundcloud, S::deezer}).answer({nothing(), status(500, "broke"), no_results()});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().http_status, 500);
  const auto kind = make_error_code(Errc::http_status).message();
  EXPECT_EQ(result.error().message,
            "YouTube: nothing was found; SoundCloud: " + kind + " (status 500): broke; Deezer: nothing was found");
}

TEST(SearchPlan, SeveralErrorsAreAllInTheMessageWithTheirStatuses) {
  auto broke = status(500, "broke");
  broke.route = "GET /v4/loadtracks";
  const auto result = Search({S::youtube, S::soundcloud, S::deezer})
                          .answer({broke, Error(Errc::bad_response, "data is missing"), status(400)});
  const auto kind = make_error_code(Errc::http_status).message();
  EXPECT_EQ(result.error().message, "YouTube: " + kind + " (status 500): broke; SoundCloud: " +
                                        make_error_code(Errc::bad_response).message() +
                                        ": data is missing; Deezer: " + kind + " (status 400)");
  EXPECT_EQ(result.error().http_status, 400);
}

TEST(SearchPlan, AFailedLoadTellsMoreThanAnErrorOfTheRoute) {
  const auto found = Search({S::youtube, S::soundcloud}).answer({failed("why"), status(500, "broke")}).value();
  EXPECT_EQ(found.result.exception()->cause, "why");
  EXPECT_EQ(found.others[0].answer.error().http_status, 500);
}

TEST(SearchPlan, WhatWouldHappenAtEverySourceEndsItAtOnce) {
  for (const auto& error : {Error(Errc::connect_failed), Error(Errc::connection_lost), Error(Errc::cancelled),
                            Error(Errc::closed), Error(Errc::not_open), Error(Errc::not_a_lavalink_node),
                            Error(Errc::invalid_argument), status(401), status(403), status(404), status(429)}) {
    const auto result = Search({S::youtube, S::soundcloud, S::deezer}).answer({failed("why"), error});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, error.code);
    EXPECT_EQ(result.error().message, "YouTube: could not be loaded: why; SoundCloud: " + error.what());
  }
}

const char* const kNoSpotify = "the node has no source manager named spotify, but http";
Error lacking(const char* what = kNoSpotify) { return Error(Errc::unsupported, what); }

TEST(SearchPlan, NamesTheSourceOfEachStepAndNoneOfAUrl) {
  EXPECT_EQ(SearchPlan::make("lofi", {S::spotify}, 1s).value().next(0ms)->source, S::spotify);
  EXPECT_EQ(SearchPlan::make("dzisrc:x", {S::spotify}, 1s).value().next(0ms)->source, S::deezer_isrc);
  EXPECT_FALSE(SearchPlan::make("https://x", {S::spotify}, 1s).value().next(0ms)->source);
}

TEST(SearchPlan, ASourceThatTheNodeLacksGivesWayToTheNextAndIsAmongTheOthers) {
  const auto found = Search({S::spotify, S::youtube}).answer({lacking(), tracks("a")}).value();
  EXPECT_EQ(found.source, S::youtube);
  ASSERT_EQ(found.others.size(), 1u);
  EXPECT_EQ(found.others[0].source, S::spotify);
  EXPECT_TRUE(found.others[0].answer.error() == Errc::unsupported);
}

TEST(SearchPlan, WhatTheNodeHasDecidesWhetherAnythingWasFound) {
  for (const auto& sources : {std::vector<SearchSource>{S::spotify, S::youtube}, {S::youtube, S::spotify}}) {
    Search search(sources);
    const bool lacks_the_first = sources[0] == S::spotify;
    const auto found = lacks_the_first ? search.answer({lacking(), nothing()}) : search.answer({nothing(), lacking()});
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->result.type(), LoadType::empty);
    EXPECT_EQ(found->source, S::youtube);
    EXPECT_TRUE(found->others.at(0).answer.error() == Errc::unsupported);
  }
  EXPECT_EQ(Search({S::spotify, S::youtube}).answer({lacking(), failed("why")}).value().result.exception()->cause, "why");
}

TEST(SearchPlan, AFailureBesideALackIsTheErrorAndTellsOfBoth) {
  for (const bool lacks_the_first : {true, false}) {
    Search search(lacks_the_first ? std::vector{S::spotify, S::youtube} : std::vector{S::youtube, S::spotify});
    const auto broke = status(500, "broke");
    const auto result = lacks_the_first ? search.answer({lacking(), broke}) : search.answer({broke, lacking()});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().http_status, 500);
    const auto of_spotify = std::string("Spotify: ") + kNoSpotify, of_youtube = "YouTube: " + broke.what();
    EXPECT_EQ(result.error().message,
              lacks_the_first ? of_spotify + "; " + of_youtube : of_youtube + "; " + of_spotify);
  }
}

TEST(SearchPlan, IsUnsupportedIfTheNodeLacksEverySource) {
  const auto result = Search({S::spotify, S::deezer}).answer({lacking(), lacking("no deezer")});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::unsupported);
  EXPECT_EQ(result.error().message, std::string("Spotify: ") + kNoSpotify + "; Deezer: no deezer");
}

TEST(SearchPlan, ASourceThatTheNodeLacksLeavesItsTimeToTheOthers) {
  auto plan = SearchPlan::make("lofi", {S::spotify, S::youtube, S::soundcloud}, 30s).value();
  ASSERT_TRUE(plan.next(0ms).has_value());
  plan.answered(lacking());
  EXPECT_EQ(plan.next(0ms)->deadline, 15s);
}

TEST(SearchPlan, TheSourceIsNamedAlsoIfThereWasOneOnly) {
  EXPECT_EQ(Search({S::youtube}).answer({status(403, "no")}).error().message, "YouTube: " + status(403, "no").what());
  EXPECT_EQ(Search({}, "dzisrc:USEP42058010").answer({status(500)}).error().message, "Deezer by ISRC: " + status(500).what());
}

TEST(SearchPlan, AnAnswerOfAnUnknownTypeIsNamedBesideAnError) {
  const LoadResult later{UnknownLoad{"radio"}, {}};
  EXPECT_EQ(Search({S::youtube, S::deezer}).answer({later, status(403, "no")}).error().message,
            "YouTube: an answer of the type \"radio\"; Deezer: " + status(403, "no").what());
}

TEST(SearchPlan, TheErrorOfAUrlStaysAsItIs) {
  EXPECT_EQ(Search({}, "https://x").answer({status(500, "broke")}).error().message, "broke");
}

TEST(SearchPlan, AnAnswerThatIsNotKnownIsHandedOnIfThereIsNothingBetter) {
  const LoadResult later{UnknownLoad{"radio"}, {}};
  EXPECT_EQ(Search({S::youtube, S::soundcloud}).answer({later, nothing()}).value().result.type(), LoadType::unknown);
  EXPECT_EQ(Search({S::youtube, S::soundcloud}).answer({later, tracks("a")}).value().result.type(), LoadType::search);
}

TEST(SearchPlan, APlaylistWithoutTracksIsNoFind) {
  const LoadResult list{PlaylistLoaded{}, {}};
  EXPECT_EQ(Search({S::deezer, S::youtube}).answer({list, tracks("a")}).value().source, S::youtube);
}

TEST(SearchPlan, EachTryGetsAnEqualShareOfTheTimeThatIsLeft) {
  auto plan = SearchPlan::make("lofi", {S::youtube, S::soundcloud, S::deezer}, 30s).value();
  EXPECT_EQ(plan.next(0ms)->deadline, 10s);
  plan.answered(nothing());
  EXPECT_EQ(plan.next(2s)->deadline, 14s) << "what the first did not need";
  plan.answered(Error(Errc::request_timeout));
  EXPECT_EQ(plan.next(16s)->deadline, 14s);
}

TEST(SearchPlan, ATryWithNoTimeLeftForItHasTimedOut) {
  auto plan = SearchPlan::make("lofi", {S::youtube, S::soundcloud}, 1s).value();
  EXPECT_TRUE(plan.next(0ms).has_value());
  plan.answered(nothing());
  EXPECT_FALSE(plan.next(1s).has_value());
  const auto result = plan.outcome();
  ASSERT_FALSE(result) << "not empty: SoundCloud was not asked";
  EXPECT_TRUE(result.error() == Errc::request_timeout);
  EXPECT_EQ(result.error().message,
            "YouTube: nothing was found; SoundCloud: " + Error(Errc::request_timeout, "no time was left for it").what());
}

TEST(SearchPlan, ManySourcesAndLittleTimeStillGetAtLeastAMillisecond) {
  auto plan = SearchPlan::make("lofi", {S::youtube, S::soundcloud, S::deezer}, 2ms).value();
  EXPECT_EQ(plan.next(0ms)->deadline, 1ms);
}

}  // namespace
}  // namespace lavapp::lavalink
