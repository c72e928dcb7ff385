#include "line_editor.hpp"

namespace console {
namespace {

constexpr char ctrl(char letter) { return static_cast<char>(letter & 0x1F); }
constexpr std::size_t max_line = 4096, max_history = 100;

/// A byte inside a UTF-8 character, not its first.
bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// ESC [ parameters letter, or ESC O letter.
bool complete(std::string_view sequence) {
  if (sequence.size() < 2) return false;
  if (sequence[1] == 'O') return sequence.size() == 3;
  if (sequence[1] != '[') return true;
  return sequence.size() > 2 && sequence.back() >= '@' && sequence.back() <= '~';
}

}  // namespace

std::vector<std::string> LineEditor::feed(std::string_view bytes) {
  std::vector<std::string> lines;
  for (const char byte : bytes) {
    if (!pending_.empty()) {
      pending_ += byte;
      if (!complete(pending_) && pending_.size() < 16) continue;
      escape(pending_);
      pending_.clear();
    } else if (byte == '\x1b') {
      pending_ = byte;
    } else if (byte == '\r' || byte == '\n') {
      if (!text_.empty() && (history_.empty() || history_.back() != text_)) history_.push_back(text_);
      if (history_.size() > max_history) history_.erase(history_.begin());
      lines.push_back(std::move(text_));
      text_.clear();
      new_line_.clear();
      cursor_ = 0;
      at_ = history_.size();
    } else if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F) {
      control(byte);
    } else {
      insert(byte);
    }
  }
  return lines;
}

void LineEditor::control(char key) {
  switch (key) {
    case ctrl('H'):
    case 0x7F:
      return erase_back();
    case ctrl('A'):
      cursor_ = 0;
      return;
    case ctrl('E'):
      cursor_ = text_.size();
      return;
    case ctrl('B'):
      return left();
    case ctrl('F'):
      return right();
    case ctrl('K'):
      text_.erase(cursor_);
      return;
    case ctrl('U'):
      text_.erase(0, cursor_);
      cursor_ = 0;
      return;
    case ctrl('W'):
      while (cursor_ > 0 && text_[cursor_ - 1] == ' ') erase_back();
      while (cursor_ > 0 && text_[cursor_ - 1] != ' ') erase_back();
      return;
    case ctrl('D'):
      if (text_.empty()) ended_ = true;
      return;
    case ctrl('P'):
      return recall(at_ == 0 ? 0 : at_ - 1);
    case ctrl('N'):
      return recall(at_ + 1);
    default:
      return;
  }
}

void LineEditor::escape(std::string_view sequence) {
  if (sequence == "\x1b[3~") {
    if (cursor_ < text_.size()) {
      right();
      erase_back();
    }
    return;
  }
  switch (sequence.back()) {
    case 'A':
      return recall(at_ == 0 ? 0 : at_ - 1);
    case 'B':
      return recall(at_ + 1);
    case 'C':
      return right();
    case 'D':
      return left();
    case 'H':
      cursor_ = 0;
      return;
    case 'F':
      cursor_ = text_.size();
      return;
    default:
      return;
  }
}

void LineEditor::insert(char byte) {
  if (text_.size() < max_line) text_.insert(cursor_++, 1, byte);
}

void LineEditor::left() {
  if (cursor_ > 0) --cursor_;
  while (cursor_ > 0 && continues(text_[cursor_])) --cursor_;
}

void LineEditor::right() {
  if (cursor_ < text_.size()) ++cursor_;
  while (cursor_ < text_.size() && continues(text_[cursor_])) ++cursor_;
}

void LineEditor::erase_back() {
  const auto end = cursor_;
  left();
  text_.erase(cursor_, end - cursor_);
}

void LineEditor::recall(std::size_t index) {
  if (index > history_.size() || index == at_) return;
  if (at_ == history_.size()) new_line_ = text_;
  at_ = index;
  text_ = index == history_.size() ? new_line_ : history_[index];
  cursor_ = text_.size();
}

}  // namespace console
