// Demo: a shard's life on a sandbox gateway, each step checked by what the shard tells and by what the gateway has
// seen.
#pragma once

#include <lavapp/core/runtime.hpp>
#include <lavapp/discord/gateway_options.hpp>
#include <lavapp/sandbox/gateway.hpp>

#include "client.hpp"
#include "demo_steps.hpp"
#include "screen.hpp"

namespace console::gateway {

/// The gateway that the demo is for, a shard of it, and the token that it takes.
lavapp::sandbox::GatewayOptions demo_sandbox();
lavapp::discord::GatewayOptions demo_shard(const lavapp::sandbox::Gateway& sandbox);
Secret demo_token();

/// Runs the demo on a client that is not connected yet, and shows a summary.
/// \param fast  without the pauses for the eye
DemoEnd run_demo(Loop& loop, Screen& screen, EventLog& log, lavapp::Runtime& runtime, Client& client,
                 lavapp::sandbox::Gateway& sandbox, bool fast);

}  // namespace console::gateway
