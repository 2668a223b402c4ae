// SPDX-License-Identifier: Apache-2.0
// Anchors on their way: made of what is on the disk, sent by a thread that
// nobody waits for.
#include "audit/anchor_keeper.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <functional>

#include "audit/anchor.h"
#include "tests/audit/log_socket.h"
#include "tests/audit/trail_fixture.h"
#include "tests/support/no_threads.h"

namespace gatehouse::audit {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatience{20'000};

class AnchorKeeperTest : public TrailTest {
 protected:
  AnchorKeeperTest() : place_(folder_ + "/elsewhere/anchors") {
    std::filesystem::create_directory(folder_ + "/elsewhere");
  }
  std::unique_ptr<AnchorKeeper> Start(AnchorPlan plan) const {
    plan.database = database_;
    auto keeper = AnchorKeeper::Start(std::move(plan));
    EXPECT_TRUE(keeper.ok());
    return std::move(keeper).value();
  }
  std::vector<Anchor> Anchors() const {
    std::vector<Anchor> anchors;
    std::ifstream file(place_);
    for (std::string line; std::getline(file, line);) {
      const ReadAnchorLine read = ParseAnchor(line);
      EXPECT_EQ(read.kind, AnchorLine::kAnchor) << line;
      anchors.push_back(read.anchor);
    }
    return anchors;
  }
  // The kernel's word for a change of the file would be no simpler.
  static bool Eventually(const std::function<bool()>& happened) {
    const auto deadline = steady_clock::now() + kPatience;
    while (!happened()) {
      if (steady_clock::now() > deadline) return false;
      poll(nullptr, 0, 1);
    }
    return true;
  }

  std::string place_;
};

TEST_F(AnchorKeeperTest, SaysThatThereIsNoThreadForIt) {
  const testing::NoThreads none;
  AnchorPlan plan;
  plan.database = database_;
  plan.places = {place_};
  const auto keeper = AnchorKeeper::Start(std::move(plan));
  ASSERT_FALSE(keeper.ok());
  EXPECT_NE(keeper.error().sentence.find("no thread"), std::string::npos);
}

TEST_F(AnchorKeeperTest, SendsAtStartByCountAndAtTheEnd) {
  const auto sink = OpenSink();
  Fill(*sink, 2);
  AnchorPlan plan;
  plan.places = {place_};
  plan.every_records = 3;
  plan.every = std::chrono::hours(1);
  const auto keeper = Start(std::move(plan));
  keeper->Note(2);
  EXPECT_TRUE(Eventually([this] { return Anchors().size() == 1; }));
  Fill(*sink, 2);
  keeper->Note(4);  // not enough yet
  Fill(*sink, 1);
  keeper->Note(5);
  EXPECT_TRUE(Eventually([this] { return Anchors().size() == 2; }));
  Fill(*sink, 1);
  keeper->Note(6);
  keeper->Stop(kPatience);
  std::vector<Sequence> sizes;
  for (const Anchor& anchor : Anchors()) sizes.push_back(anchor.head.seq);
  EXPECT_EQ(sizes, (std::vector<Sequence>{2, 5, 6}));
  EXPECT_TRUE(keeper->TakeNews().empty());
}

TEST_F(AnchorKeeperTest, SendsByTheClockAndOnlyWhatIsNew) {
  const auto sink = OpenSink();
  Fill(*sink, 2);
  AnchorPlan plan;
  plan.places = {place_};
  plan.every = milliseconds(5);
  const auto keeper = Start(std::move(plan));
  keeper->Note(2);
  EXPECT_TRUE(Eventually([this] { return Anchors().size() == 1; }));
  Fill(*sink, 1);
  keeper->Note(3);
  EXPECT_TRUE(Eventually([this] { return Anchors().size() == 2; }));
  keeper->Stop(kPatience);  // nothing new: no third one
  EXPECT_EQ(Anchors().size(), 2u);
}

TEST_F(AnchorKeeperTest, SignsWhereThereIsAKey) {
  Fill(*OpenSink(), 2);
  AnchorPlan plan;
  plan.places = {place_};
  plan.key = Ed25519Key::Make(folder_ + "/key").value();
  const auto key = Ed25519Key::ReadPrivate(folder_ + "/key");
  const auto keeper = Start(std::move(plan));
  keeper->Note(2);
  keeper->Stop(kPatience);
  ASSERT_EQ(Anchors().size(), 1u);
  const Anchor anchor = Anchors()[0];
  EXPECT_EQ(anchor.key_id, key.value().id());
  EXPECT_TRUE(key.value().Verify(AnchorText(anchor), anchor.signature));
}

// A place that is down is told once; so is its return. Guards go on.
TEST_F(AnchorKeeperTest, TellsOfAPlaceThatIsDownOnce) {
  const auto sink = OpenSink();
  Fill(*sink, 2);
  std::filesystem::remove(folder_ + "/elsewhere");
  AnchorPlan plan;
  plan.places = {place_};
  plan.every = milliseconds(2);
  const auto keeper = Start(std::move(plan));
  keeper->Note(2);
  std::vector<AnchorKeeper::News> news;
  const auto more = [&] {
    for (auto& one : keeper->TakeNews()) news.push_back(one);
    return news.size();
  };
  EXPECT_TRUE(Eventually([&] { return more() == 1; }));
  EXPECT_TRUE(news[0].failed);
  EXPECT_NE(news[0].sentence.find(place_), std::string::npos);
  std::filesystem::create_directory(folder_ + "/elsewhere");
  EXPECT_TRUE(Eventually([&] { return more() == 2; }));
  EXPECT_FALSE(news[1].failed) << news[1].sentence;
  keeper->Stop(kPatience);
  EXPECT_EQ(more(), 2u);
  EXPECT_GE(Anchors().size(), 1u);
}

// A file system that hangs, played by a log whose reader never reads: its
// socket is full. Whoever asks the keeper goes on.
TEST_F(AnchorKeeperTest, NeverKeepsAnybodyWaiting) {
  Fill(*OpenSink(), 1);
  const std::string path = folder_ + "/log";
  const int log = BindLogSocket(path);
  const auto place = FindAnchorPlace("syslog:" + path);
  while (place.value()->Send("x").ok()) {
  }
  AnchorPlan plan;
  plan.places = {"syslog:" + path};
  const auto keeper = Start(std::move(plan));
  keeper->Note(1);
  std::vector<AnchorKeeper::News> news;
  EXPECT_TRUE(Eventually([&] {
    for (auto& one : keeper->TakeNews()) news.push_back(one);
    return !news.empty();
  }));
  EXPECT_TRUE(news[0].failed);
  keeper->Stop(kPatience);
  close(log);
}

}  // namespace
}  // namespace gatehouse::audit
