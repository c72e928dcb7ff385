#include "lavapp/discord/session_store.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "discord/session_keeper.hpp"

namespace lavapp::discord {
namespace {

namespace fs = std::filesystem;

class FileSessionStoreTest : public testing::Test {
 protected:
  FileSessionStoreTest()
      : folder(fs::temp_directory_path() / ("lavapp-sessions-" + std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "-" +
                                            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder);
  }
  ~FileSessionStoreTest() override { fs::remove_all(folder); }

  fs::path folder;
};

TEST_F(FileSessionStoreTest, WhatWasSavedIsThereInAnotherProcess) {
  FileSessionStore(folder.string()).save({3, 8}, {"abc", "wss://resume.test", 18'000'000'000'000'000'001u});
  FileSessionStore other(folder.string());
  const auto session = other.load({3, 8});
  ASSERT_TRUE(session);
  EXPECT_EQ(session->id, "abc");
  EXPECT_EQ(session->resume_url, "wss://resume.test");
  EXPECT_EQ(session->sequence, 18'000'000'000'000'000'001u);
  EXPECT_FALSE(other.load({3, 9})) << "a session of another number of shards cannot be resumed";
  EXPECT_FALSE(other.load({4, 8}));
}

TEST_F(FileSessionStoreTest, TheLastOneSavedCounts) {
  FileSessionStore store(folder.string());
  store.save({0, 1}, {"abc", "", 1});
  store.save({0, 1}, {"abc", "", 2});
  EXPECT_EQ(store.load({0, 1})->sequence, 2u);
  store.remove({0, 1});
  EXPECT_FALSE(store.load({0, 1}));
  store.remove({0, 1});
}

TEST_F(FileSessionStoreTest, AFileThatIsNoneOfOursIsNoSession) {
  FileSessionStore store(folder.string());
  store.save({0, 1}, {"abc", "", 1});
  for (const auto* text : {"", "{", "[]", "{}", R"({"id":"abc"})", R"({"id":"","sequence":1})", R"({"id":7,"sequence":1})", R"({"id":"abc","sequence":"1"})"}) {
    std::ofstream(folder / "shard-0-of-1.json", std::ios::trunc) << text;
    EXPECT_FALSE(store.load({0, 1})) << text;
  }
}

TEST_F(FileSessionStoreTest, AFolderThatCannotBeIsAnException) {
  std::ofstream(folder.string()) << "a file";
  EXPECT_THROW(FileSessionStore(folder.string()).save({0, 1}, {"abc", "", 1}), std::runtime_error);
}

/// Writes down what it is told.
class Noted final : public SessionStore {
 public:
  Optional<GatewaySession> load(Shard) override { return {}; }
  void save(Shard, const GatewaySession& session) override {
    if (std::exchange(fails_once, false)) throw std::runtime_error("the disk is full");
    lines += "save " + session.id + " " + std::to_string(session.sequence) + "\n";
  }
  void remove(Shard) override { lines += "remove\n"; }
  std::string lines;
  bool fails_once = false;
};

TEST(SessionKeeper, WhatWasNotKeptIsTriedAgain) {
  const auto store = std::make_shared<Noted>();
  SessionKeeper keeper(store, {0, 1});
  store->fails_once = true;
  EXPECT_THROW(keeper.update(GatewaySession{"abc", "", 1}), std::runtime_error);
  keeper.save(GatewaySession{"abc", "", 1});
  EXPECT_EQ(store->lines, "save abc 1\n");
}

TEST(SessionKeeper, TellsBeginningsAndEndsAtOnceAndTheRestWhenItIsAskedTo) {
  const auto store = std::make_shared<Noted>();
  SessionKeeper keeper(store, {0, 1});
  keeper.update({});
  EXPECT_EQ(store->lines, "");
  keeper.update(GatewaySession{"abc", "", 1});
  keeper.update(GatewaySession{"abc", "", 2});
  EXPECT_EQ(store->lines, "save abc 1\n");
  keeper.save(GatewaySession{"abc", "", 3});
  keeper.save(GatewaySession{"abc", "", 3});
  EXPECT_EQ(store->lines, "save abc 1\nsave abc 3\n");
  keeper.update(GatewaySession{"def", "", 1});
  keeper.update({});
  keeper.update({});
  EXPECT_EQ(store->lines, "save abc 1\nsave abc 3\nsave def 1\nremove\n");
}

}  // namespace
}  // namespace lavapp::discord
