#include "demo_steps.hpp"

#include "table.hpp"
#include "text.hpp"
#include "time_text.hpp"

namespace console {

void DemoSteps::add(const std::string& what, std::function<std::string()> step) {
  checklist_.add(what);
  steps_.push_back(std::move(step));
}

void DemoSteps::until(const std::string& what, const std::function<bool()>& done, milliseconds limit) {
  if (loop_.run_until(done, limit)) return;
  if (loop_.interrupted()) throw Interrupted();
  throw Failed(what + " did not happen within " + std::to_string(limit.count() / 1'000) + " s");
}

void DemoSteps::show_for(milliseconds time) {
  if (!loop_.run_for(fast_ ? milliseconds(150) : time)) throw Interrupted();
}

std::size_t DemoSteps::columns_less(std::size_t indent) const {
  const auto columns = screen_.columns();
  return columns > indent ? columns - indent : columns;
}

void DemoSteps::paragraph(const std::string& text) {
  const auto columns = screen_.columns();
  for (const auto& line : wrap(text, columns ? columns - 1 : std::string::npos)) screen_.line(line);
}

DemoEnd DemoSteps::run_steps(const std::function<Rows()>& rows) {
  const auto end = do_steps();
  summarize(end, rows());
  return end;
}

DemoEnd DemoSteps::do_steps() {
  const auto& look = screen_.look();
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    headline(checklist_.what(i));
    try {
      const auto detail = steps_[i]();
      checklist_.pass(i, detail);
      const auto columns = screen_.columns();
      screen_.line("    " + look.good() + " " +
                   (columns ? fit(detail, columns > 7 ? columns - 7 : 0, look.ellipsis()) : detail));
    } catch (const Failed& failed) {
      checklist_.fail(i, failed.what());
      screen_.line("    " + look.bad() + " " + failed.what());
      return DemoEnd::failed;
    } catch (const Interrupted&) {
      return DemoEnd::interrupted;
    }
  }
  return checklist_.all_passed() ? DemoEnd::passed : DemoEnd::failed;
}

void DemoSteps::summarize(DemoEnd end, const Rows& rows) {
  const auto& look = screen_.look();
  screen_.clear_live();
  screen_.line();
  headline("Summary");
  for (const auto& line : checklist_.render(columns_less(2), look)) screen_.line("  " + line);
  screen_.line();
  Table table(columns_less(2), look);
  for (const auto& [label, text] : rows) table.row(label, text);
  table.row("took", format_span(std::chrono::duration_cast<milliseconds>(Loop::Clock::now() - began_)));
  for (const auto& line : table.lines()) screen_.line("  " + line);
  screen_.line();
  const auto result = std::to_string(checklist_.passed()) + " of " + std::to_string(checklist_.size()) + " steps";
  screen_.line(
      " " + (end == DemoEnd::passed ? look.green("All " + result + " done.") : look.red("Only " + result + " done.")));
}

}  // namespace console
