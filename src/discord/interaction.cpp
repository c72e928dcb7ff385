#include "lavapp/discord/interaction.hpp"

namespace lavapp::discord {
namespace {

const InteractionOption* find(const std::vector<InteractionOption>& options, std::string_view name) noexcept {
  for (const auto& each : options) {
    const bool group = each.type == OptionType::sub_command || each.type == OptionType::sub_command_group;
    if (!group && each.name == name) return &each;
    if (const auto* const found = find(each.options, name)) return found;
  }
  return nullptr;
}

}  // namespace

Optional<std::int64_t> InteractionOption::integer() const noexcept {
  const auto* const integer = std::get_if<std::int64_t>(&value);
  return integer ? Optional<std::int64_t>(*integer) : Optional<std::int64_t>();
}

Optional<double> InteractionOption::number() const noexcept {
  if (const auto* const real = std::get_if<double>(&value)) return *real;
  const auto whole = integer();
  return whole ? Optional<double>(static_cast<double>(*whole)) : Optional<double>();
}

Optional<bool> InteractionOption::flag() const noexcept {
  const auto* const truth = std::get_if<bool>(&value);
  return truth ? Optional<bool>(*truth) : Optional<bool>();
}

Optional<Snowflake> InteractionOption::id() const noexcept {
  if (const auto* const digits = text()) return Snowflake::parse(*digits);
  const auto whole = integer();
  return whole && *whole >= 0 ? Optional<Snowflake>(Snowflake(*whole)) : Optional<Snowflake>();
}

const InteractionOption* InteractionData::option(std::string_view wanted) const noexcept { return find(options, wanted); }

}  // namespace lavapp::discord
