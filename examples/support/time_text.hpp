// Times as people write them: "1:30", "90s", "1h2m"; and as the console shows them.
#pragma once

#include <lavapp/core/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace console {

using std::chrono::milliseconds;

/// Reads "90" and "90s" (seconds), "1:30", "1:02:03", "1:30.5", "1m30s", "2h", "1500ms", at most 1,000 hours.
/// Errors: `invalid_argument`, which quotes the text and shows the forms.
lavapp::Result<milliseconds> parse_time(std::string_view text);

/// "0:07", "1:30", "1:02:03".
std::string format_time(milliseconds time);
/// "0.42 ms", "12 ms"; "-" for zero, which means that nothing was measured yet.
std::string format_latency(std::chrono::nanoseconds latency);
/// "4.2 s", "3 min 20 s", "5 h 12 min", "3 d 4 h".
std::string format_span(milliseconds span);

}  // namespace console
