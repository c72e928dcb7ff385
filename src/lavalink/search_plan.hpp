// SearchPlan: which loads a search makes, one after the other, and what their answers come to.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/lavalink/search.hpp"

namespace lavapp::lavalink {

/// Pure: it is told the time and the answers.
class SearchPlan {
 public:
  using Milliseconds = std::chrono::milliseconds;
  struct Step {
    Optional<SearchSource> source;
    std::string identifier;
    Milliseconds deadline;
  };

  /// A URL, or a query with a prefix, is loaded once; words are tried at each source until one has tracks.
  /// \param deadline  of the whole. Errors: `invalid_argument` if there are no words, or no source to search them at.
  static Result<SearchPlan> make(std::string_view query, const std::vector<SearchSource>& sources,
                                 Milliseconds deadline);

  /// What to load now; nothing: it is over. Each step gets an equal share of the time that is left, so that a source
  /// that hangs leaves some to those behind it.
  /// \param elapsed  since the beginning
  std::optional<Step> next(Milliseconds elapsed);
  /// The answer to what next() gave last.
  void answered(Result<LoadResult> answer);
  /// Once it is over. An error, if there was nothing better, tells in its message what every source answered. Sources that
  /// the node lacks (`unsupported`) count only if it lacks them all.
  Result<SearchAnswer> outcome();

 private:
  struct Question {
    Optional<SearchSource> source;
    std::string identifier;
  };
  explicit SearchPlan(Milliseconds deadline) : deadline_(deadline) {}
  std::size_t left() const { return questions_.size() - attempts_.size(); }
  Result<SearchAnswer> choose(std::size_t index);
  Error failure(std::size_t index);

  Milliseconds deadline_;
  std::vector<Question> questions_;
  std::vector<SearchAttempt> attempts_;  // the answers to the first of the questions
  bool over_ = false;
};

}  // namespace lavapp::lavalink
