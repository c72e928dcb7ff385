#include "actions.hpp"

#include <algorithm>

#include "describe.hpp"
#include "text.hpp"
#include "words.hpp"

namespace console {
namespace {

using lavapp::Errc;
using lavapp::Error;
using lavapp::Result;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

Result<void> Actions::run(const Command& command) {
  return std::visit(
      Overloaded{
          [&](const command::Info&) { return info(); },
          [&](const command::Stats&) { return stats(); },
          [&](const command::Load& c) { return load(c.identifier); },
          [&](const command::Play& c) { return client_.play(c.identifier); },
          [&](const command::Next&) { return client_.next(); },
          [&](const command::Pause&) { return client_.pause(true); },
          [&](const command::Resume&) { return client_.pause(false); },
          [&](const command::Seek& c) { return seek(c); },
          [&](const command::Volume& c) { return client_.set_volume(c.percent); },
          [&](const command::Filter& c) { return filter(c.preset); },
          [&](const command::ListFilters&) { return lines(filter_lines(screen_.look())), Result<void>(); },
          [&](const command::Stop&) { return client_.stop(); },
          [&](const command::Watch& c) { return watch(c.time); },
          [&](const command::Wait& c) { return wait_for_end(c.time); },
          [&](const command::Help&) { return lines(help_lines(screen_.look())), Result<void>(); },
          [&](const auto&) { return Result<void>(Error(Errc::invalid_argument, "that is not possible here")); },
      },
      command);
}

void Actions::lines(const std::vector<std::string>& lines) {
  for (const auto& line : lines) screen_.line(line);
}

Result<void> Actions::info() {
  const auto info = loop_.await<lavapp::Info>([&](auto... then) { client_.node().fetch_info(std::move(then)...); });
  if (!info) return info.error();
  lines(info_lines(*info, screen_.columns(), screen_.look()));
  return {};
}

Result<void> Actions::stats() {
  const auto stats = loop_.await<lavapp::Stats>([&](auto... then) { client_.node().fetch_stats(std::move(then)...); });
  if (!stats) return stats.error();
  lines(stats_lines(*stats, screen_.columns(), screen_.look()));
  return {};
}

Result<void> Actions::load(const std::string& identifier) {
  const auto found = client_.load(identifier);
  if (!found) return found.error();
  if (const auto* playlist = found->playlist()) {
    screen_.line("  " + screen_.look().bold(printable(playlist->name)) + screen_.look().dim(", a playlist of ") +
                 count(static_cast<std::int64_t>(playlist->tracks.size()), "track"));
  }
  constexpr std::size_t most = 20;
  lines(track_lines(found->tracks(), most, screen_.columns(), screen_.look()));
  return {};
}

Result<void> Actions::seek(const command::Seek& seek) {
  using From = command::Seek::From;
  auto target = seek.time;
  if (seek.from == From::forward) target = client_.position() + seek.time;
  if (seek.from == From::back) target = std::max(client_.position() - seek.time, std::chrono::milliseconds(0));
  return client_.seek(target);
}

Result<void> Actions::filter(const std::string& preset) {
  if (preset.empty()) return client_.set_filters({}, {});
  return client_.set_filters(lavapp::presets::find(preset)->make(), preset);
}

Result<void> Actions::watch(std::optional<std::chrono::milliseconds> time) {
  log_.show(Tell::everything, true);
  loop_.run_until([] { return false; }, time);
  loop_.take_interrupt();  // Ctrl-C is the way to end it
  log_.show(Tell::trouble, false);
  return {};
}

Result<void> Actions::wait_for_end(std::optional<std::chrono::milliseconds> limit) {
  loop_.run_until([&] { return client_.idle() || client_.deck().stuck; }, limit);
  if (loop_.interrupted()) return Error(Errc::cancelled, "interrupted");
  if (!client_.failure().empty()) return Error(Errc::invalid_argument, client_.failure());
  return {};
}

std::vector<std::string> help_lines(const Look& look) {
  std::vector<std::string> lines;
  for (const auto& [usage, about] : command_help()) {
    lines.push_back("  " + look.cyan(pad(std::string(usage), 22)) + std::string(about));
  }
  return lines;
}

std::vector<std::string> filter_lines(const Look& look) {
  std::vector<std::string> lines;
  for (const auto& preset : lavapp::presets::all()) {
    lines.push_back("  " + look.cyan(pad(std::string(preset.name), 20)) + std::string(preset.description));
  }
  lines.push_back("  " + look.cyan(pad("off", 20)) + "none");
  return lines;
}

}  // namespace console
