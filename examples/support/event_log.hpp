// EventLog: shows events, as many of them as are wanted.
#pragma once

#include <string>

#include "screen.hpp"

namespace console {

/// How much to tell, or how much an event matters.
enum class Tell {
  trouble,     ///< what the user should know in any case
  events,      ///< what happens as well
  everything,  ///< and what comes all the time
};

/// One event: its name as the documentation of who sends it has it, and what it says.
struct EventText {
  std::string name;
  std::string text;
};

class EventLog {
 public:
  explicit EventLog(Screen& screen) : screen_(screen) {}

  /// \param stamps  the time before each line
  void show(Tell level, bool stamps) {
    level_ = level;
    stamps_ = stamps;
  }
  void add(Tell matters, const EventText& event);

 private:
  Screen& screen_;
  Tell level_ = Tell::trouble;
  bool stamps_ = false;
};

}  // namespace console
