// The gateway that is measured against: HELLO, READY after the identify, then one load; on 127.0.0.1, for one run.
#pragma once

#include "../load.hpp"

namespace bench {

/// As serve(), for loads of the gateway.
int serve_gateway(const Load& load);

}  // namespace bench
