#include "shard_view.hpp"

#include "shard_text.hpp"
#include "text.hpp"
#include "time_text.hpp"
#include "words.hpp"

namespace console::gateway {
namespace {

using lavapp::discord::GatewayStatus;

/// On the way up or back again.
bool under_way(GatewayStatus status) {
  return status != GatewayStatus::ready && status != GatewayStatus::idle && status != GatewayStatus::disconnected;
}

std::string_view icon(GatewayStatus status, const Look& look) {
  if (status == GatewayStatus::ready) return look.unicode ? "●" : "*";
  if (under_way(status)) return look.unicode ? "↻" : "~";
  return look.unicode ? "■" : ".";
}

std::string paint(GatewayStatus status, std::string_view text, const Look& look) {
  if (status == GatewayStatus::ready) return look.green(text);
  return under_way(status) ? look.yellow(text) : look.dim(text);
}

std::string guilds(const ShardView& view) {
  if (view.guilds == view.expected) return count(static_cast<std::int64_t>(view.guilds), "guild");
  return std::to_string(view.guilds) + " of " + count(static_cast<std::int64_t>(view.expected), "guild");
}

/// What there is to say behind the status, the most important first.
std::vector<std::string> parts(const ShardView& view) {
  std::vector<std::string> all;
  if (view.latency.count() > 0) all.push_back("latency " + format_latency(view.latency));
  if (view.events > 0) {
    all.push_back(guilds(view));
    all.push_back(count(static_cast<std::int64_t>(view.events), "event"));
  }
  all.push_back("shard " + format_shard(view.shard));
  return all;
}

}  // namespace

std::vector<std::string> render(const ShardView& view, std::size_t columns, const Look& look) {
  if (view.status == GatewayStatus::idle || columns < 3) return {};
  const auto width = columns - 1;
  const auto status = fit(std::string(icon(view.status, look)) + " " + std::string(to_string(view.status)), width, "");
  std::string more;
  for (const auto& part : parts(view)) {
    const auto longer = more + std::string(look.dot()) + part;
    if (display_width(status) + display_width(longer) > width) break;
    more = longer;
  }
  std::vector<std::string> lines{paint(view.status, status, look) + more};
  if (!view.types.empty()) lines.push_back(look.dim(fit("  " + view.types, width, look.ellipsis())));
  return lines;
}

std::string plain_line(const ShardView& view, const Look& look) {
  std::string line(to_string(view.status));
  for (const auto& part : parts(view)) line.append(look.dot()).append(part);
  return line;
}

}  // namespace console::gateway
