// The events of the gateway that a music bot needs, typed; Dispatch is any event.
#pragma once

#include "lavapp/discord/dispatch.hpp"
#include "lavapp/discord/guild.hpp"
#include "lavapp/discord/interaction.hpp"
#include "lavapp/discord/message.hpp"
#include "lavapp/discord/ready.hpp"
#include "lavapp/discord/voice.hpp"
