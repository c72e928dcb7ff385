#include "line_editor.hpp"

#include <gtest/gtest.h>

using namespace console;
using Lines = std::vector<std::string>;

TEST(LineEditor, CompletesALineAtEnter) {
  LineEditor editor;
  EXPECT_EQ(editor.feed("inf"), Lines{});
  EXPECT_EQ(editor.text(), "inf");
  EXPECT_EQ(editor.feed("o\rstats\n"), (Lines{"info", "stats"}));
  EXPECT_EQ(editor.text(), "");
}

TEST(LineEditor, ErasesWholeCharacters) {
  LineEditor editor;
  editor.feed("a夜\x7f");
  EXPECT_EQ(editor.text(), "a");
  editor.feed("\x7f\x7f\x7f");
  EXPECT_EQ(editor.text(), "");
}

TEST(LineEditor, MovesAndInserts) {
  LineEditor editor;
  editor.feed("ac\x1b[Db");
  EXPECT_EQ(editor.text(), "abc");
  EXPECT_EQ(editor.cursor(), 2u);
  editor.feed("\x1b[H>\x1b[F<");
  EXPECT_EQ(editor.text(), ">abc<");
  editor.feed("\x01\x1b[3~");
  EXPECT_EQ(editor.text(), "abc<");
}

TEST(LineEditor, TakesASequenceInPieces) {
  LineEditor editor;
  editor.feed("ab\x1b");
  editor.feed("[");
  editor.feed("Dx");
  EXPECT_EQ(editor.text(), "axb");
}

TEST(LineEditor, IgnoresKeysThatItDoesNotKnow) {
  LineEditor editor;
  editor.feed("a\x1b[15~\x1b[1;5C\x1bOPb\x02\x06");
  EXPECT_EQ(editor.text(), "ab");
}

TEST(LineEditor, KillsWordsAndLines) {
  LineEditor editor;
  editor.feed("play one two \x17");
  EXPECT_EQ(editor.text(), "play one ");
  editor.feed("\x15");
  EXPECT_EQ(editor.text(), "");
  editor.feed("abc\x01\x0b");
  EXPECT_EQ(editor.text(), "");
}

TEST(LineEditor, GoesBackInHistoryAndReturns) {
  LineEditor editor;
  editor.feed("one\rtwo\rtwo\rthr");
  editor.feed("\x1b[A");
  EXPECT_EQ(editor.text(), "two");
  editor.feed("\x1b[A");
  EXPECT_EQ(editor.text(), "one");  // the same line twice is kept once
  editor.feed("\x1b[A");
  EXPECT_EQ(editor.text(), "one");
  editor.feed("\x1b[B\x1b[B");
  EXPECT_EQ(editor.text(), "thr");
}

TEST(LineEditor, EndsAtCtrlDOnAnEmptyLineOnly) {
  LineEditor editor;
  editor.feed("a\x04");
  EXPECT_FALSE(editor.ended());
  editor.feed("\x7f\x04");
  EXPECT_TRUE(editor.ended());
}

TEST(LineEditor, IsBounded) {
  LineEditor editor;
  editor.feed(std::string(100'000, 'x'));
  EXPECT_EQ(editor.text().size(), 4096u);
}
