// Addresses and payloads that a shard sends. Pure.
#pragma once

#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"
#include "lavapp/discord/gateway_options.hpp"

namespace lavapp::discord {

/// `base` with the query that the options ask for; one that it has already is left out. The same for a resume.
std::string gateway_url(std::string_view base, const GatewayOptions& options);

Result<void> validate_token(std::string_view token);
/// What is wrong with them: `invalid_argument` with the field's name.
Result<void> validate(const GatewayOptions& options);

// As JSON text.
std::string identify_payload(const GatewayOptions& options);
std::string resume_payload(const GatewayOptions& options, const GatewaySession& session);
std::string heartbeat_payload(Optional<std::uint64_t> sequence);

}  // namespace lavapp::discord
