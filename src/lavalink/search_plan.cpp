#include "lavalink/search_plan.hpp"

#include <algorithm>
#include <utility>

namespace lavapp::lavalink {
namespace {

/// Whether another source may do better. All else is about the node or the caller, and would only happen again.
bool is_about_one_search(const Error& error) noexcept {
  if (error == Errc::http_status) return error.http_status == 400 || error.http_status >= 500;
  return error == Errc::bad_response || error == Errc::message_too_big || error == Errc::request_timeout ||
         error == Errc::unsupported;
}

bool is_lacking(const Result<LoadResult>& answer) noexcept { return !answer && answer.error() == Errc::unsupported; }

/// Neither tracks nor the plain word that there are none.
bool is_telling(const LoadResult& result) noexcept {
  return result.type() == LoadType::error || result.type() == LoadType::unknown;
}

/// What came instead of tracks.
std::string in_words(const Result<LoadResult>& answer) {
  if (!answer) {
    if (is_lacking(answer)) return answer.error().message;
    auto error = answer.error();
    error.route.clear();  // every source has the same
    return error.what();
  }
  if (const auto* exception = answer->exception()) return "could not be loaded: " + exception->true_cause();
  if (const auto* unknown = std::get_if<UnknownLoad>(&answer->value)) {
    return "an answer of the type \"" + unknown->load_type + "\"";
  }
  return "nothing was found";
}

}  // namespace

Result<SearchPlan> SearchPlan::make(std::string_view query, const std::vector<SearchSource>& sources,
                                    Milliseconds deadline) {
  SearchPlan plan(deadline);
  const bool words = is_words(query);
  const auto ask = [&](SearchSource source) -> Result<void> {
    auto identifier = identifier_of(source, query);
    if (!identifier) return std::move(identifier.error());
    auto from = source_of(*identifier);
    for (const auto& asked : plan.questions_) {
      if (asked.identifier == *identifier) return {};
    }
    plan.questions_.push_back({std::move(from), std::move(*identifier)});
    return {};
  };
  if (!words) {
    if (auto asked = ask(SearchSource::youtube); !asked) return std::move(asked.error());  // any: it is left as it is
    return plan;
  }
  for (const auto source : sources) {
    if (auto asked = ask(source); !asked) return std::move(asked.error());
  }
  if (plan.questions_.empty()) return Error(Errc::invalid_argument, "sources must not be empty: the query is words");
  return plan;
}

std::optional<SearchPlan::Step> SearchPlan::next(Milliseconds elapsed) {
  if (over_ || left() == 0) return {};
  const auto time = deadline_ - elapsed;
  if (time.count() <= 0 && !attempts_.empty()) {
    while (left() != 0) answered(Error(Errc::request_timeout, "no time was left for it"));
    return {};
  }
  const auto share = time / static_cast<std::int64_t>(left());
  const auto& question = questions_[attempts_.size()];
  return Step{question.source, question.identifier, std::max(share, Milliseconds(1))};
}

void SearchPlan::answered(Result<LoadResult> answer) {
  over_ = answer ? !answer->tracks().empty() : !is_about_one_search(answer.error());
  auto& question = questions_[attempts_.size()];
  attempts_.push_back({question.source, question.identifier, std::move(answer)});
}

Result<SearchAnswer> SearchPlan::outcome() {
  const auto last = attempts_.size() - 1;
  if (over_) return choose(last);
  for (auto i = attempts_.size(); i-- != 0;) {
    if (attempts_[i].answer && is_telling(*attempts_[i].answer)) return choose(i);
  }
  for (auto i = attempts_.size(); i-- != 0;) {
    if (!attempts_[i].answer && !is_lacking(attempts_[i].answer)) return choose(i);
  }
  for (auto i = attempts_.size(); i-- != 0;) {
    if (attempts_[i].answer) return choose(i);
  }
  return choose(last);
}

Result<SearchAnswer> SearchPlan::choose(std::size_t index) {
  auto& chosen = attempts_[index];
  if (!chosen.answer) return failure(index);
  SearchAnswer result{std::move(*chosen.answer), chosen.source, std::move(chosen.identifier), {}};
  attempts_.erase(attempts_.begin() + static_cast<std::ptrdiff_t>(index));
  result.others = std::move(attempts_);
  return result;
}

Error SearchPlan::failure(std::size_t index) {
  if (!attempts_[index].source) return std::move(attempts_[index].answer.error());  // a URL: there is no other
  std::string message;
  for (const auto& attempt : attempts_) {
    message += message.empty() ? "" : "; ";
    message += std::string(to_string(*attempt.source)) + ": " + in_words(attempt.answer);
  }
  auto error = std::move(attempts_[index].answer.error());
  error.message = std::move(message);
  return error;
}

}  // namespace lavapp::lavalink
