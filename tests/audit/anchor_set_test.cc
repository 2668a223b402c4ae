// SPDX-License-Identifier: Apache-2.0
// `verify --anchors`: what nothing on the host can tell any more, told against
// lines that are kept elsewhere.
#include "audit/anchor_set.h"

#include <gtest/gtest.h>

#include "audit/anchor_keeper.h"
#include "audit/verify.h"
#include "tests/audit/forger.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

// Ten records, with an anchor after each of the 2nd, 4th, … 10th.
class AnchorSetTest : public TrailTest {
 protected:
  AnchorSetTest()
      : path_(folder_ + "/anchors"),
        key_(Ed25519Key::Make(folder_ + "/key").value()) {
    const auto sink = OpenSink();
    for (int i = 0; i < 5; ++i) {
      Fill(*sink, 2);
      const auto anchor = MakeAnchor(database_, &key_);
      EXPECT_TRUE(anchor.ok()) << anchor.error().sentence;
      lines_.push_back(FormatAnchor(anchor.value()));
    }
  }
  VerifyReport VerifyNow(const std::vector<Ed25519Key>& keys = {}) {
    std::ofstream file(path_);
    for (const std::string& line : lines_) file << line << "\n";
    file.close();
    auto anchors = AnchorSet::Read(path_, keys);
    EXPECT_TRUE(anchors.ok());
    const auto reader = OpenReader(database_);
    VerifyOptions options;
    options.anchors = &anchors.value();
    auto report = Verify(*reader.value(), options);
    EXPECT_TRUE(report.ok());
    return std::move(report).value();
  }
  std::vector<Ed25519Key> Keys() const {
    std::vector<Ed25519Key> keys;
    keys.push_back(Ed25519Key::ReadPrivate(folder_ + "/key").value());
    return keys;
  }
  // "fault at N, line N, covered N"
  std::string Found(const VerifyReport& report) {
    return std::string(ChainFaultName(report.fault)) + " at " +
           std::to_string(report.first_bad) + ", line " +
           std::to_string(report.anchors->line) + ", covered " +
           std::to_string(report.anchors->covered);
  }
  // The whole of it forged, from record 5 on: nothing here tells.
  void Rebuild() {
    Tamper(database_, "UPDATE record SET tool = 'x' WHERE seq = 5");
    Rehash(database_, 5, 10);
    FixHeadRow(database_);
    std::filesystem::remove(Beside("audit.head"));
    ASSERT_TRUE(Verify(*OpenReader(database_).value()).value().good());
  }
  void Truncate() {
    Tamper(database_, "DELETE FROM record WHERE seq > 7");
    FixHeadRow(database_);
    std::filesystem::remove(Beside("audit.head"));
    ASSERT_TRUE(Verify(*OpenReader(database_).value()).value().good());
  }
  // As if all of it had never been: a new trail in the old one's place.
  void Replace() {
    std::filesystem::remove_all(folder_ + "/state");
    Fill(*OpenSink(), 10);
  }

  std::string path_;
  Ed25519Key key_;
  std::vector<std::string> lines_;
};

TEST_F(AnchorSetTest, VouchesForWhatWasWritten) {
  for (const auto& report : {VerifyNow(), VerifyNow(Keys())}) {
    EXPECT_EQ(Found(report), "none at 0, line 0, covered 10");
    EXPECT_EQ(report.anchors->fitting, 5u);
  }
  EXPECT_EQ(VerifyNow().anchors->unchecked, 5u);
  EXPECT_EQ(VerifyNow(Keys()).anchors->unchecked, 0u);
  // What came after the last anchor is simply not covered yet.
  Fill(*OpenSink(), 2);
  EXPECT_EQ(Found(VerifyNow()), "none at 0, line 0, covered 10");
}

TEST_F(AnchorSetTest, SeesARebuiltChain) {
  Rebuild();
  EXPECT_EQ(Found(VerifyNow()), "rebuilt at 5, line 3, covered 4");
  EXPECT_EQ(Found(VerifyNow(Keys())), "rebuilt at 5, line 3, covered 4");
}

TEST_F(AnchorSetTest, SeesACutTail) {
  Truncate();
  EXPECT_EQ(Found(VerifyNow()), "truncation at 8, line 4, covered 6");
  EXPECT_EQ(Found(VerifyNow(Keys())), "truncation at 8, line 4, covered 6");
}

TEST_F(AnchorSetTest, SeesAnotherTrailInItsPlace) {
  Replace();
  const VerifyReport report = VerifyNow();
  EXPECT_EQ(Found(report), "unanchored at 0, line 0, covered 0");
  EXPECT_EQ(report.anchors->other_chains, 5u);
}

TEST_F(AnchorSetTest, SeesAnEditedAnchor) {
  // Without a key the later anchors tell; with one the signature does.
  std::string& line = lines_[1];
  const std::size_t head = line.find("head=") + 5;
  line[head] = line[head] == '0' ? '1' : '0';
  EXPECT_EQ(Found(VerifyNow()), "anchor at 0, line 2, covered 10");
  const VerifyReport keyed = VerifyNow(Keys());
  EXPECT_EQ(Found(keyed), "anchor at 0, line 2, covered 10");
  EXPECT_NE(keyed.sentence.find("not signed by a key"), std::string::npos);
}

TEST_F(AnchorSetTest, DoesNotTakeAForgedLastAnchorForAForgedChain) {
  std::string& line = lines_.back();
  line.replace(line.find("size=10"), 7, "size=99");
  EXPECT_EQ(Found(VerifyNow()), "truncation at 11, line 5, covered 8");
  EXPECT_NE(VerifyNow().sentence.find("or line 5"), std::string::npos);
  EXPECT_EQ(Found(VerifyNow(Keys())), "anchor at 0, line 5, covered 8");
}

TEST_F(AnchorSetTest, SeesBadSignatures) {
  const std::string good = lines_[2];
  lines_[2] = good.substr(0, good.find(" key="));
  EXPECT_EQ(Found(VerifyNow()), "none at 0, line 0, covered 10");
  EXPECT_EQ(Found(VerifyNow(Keys())), "anchor at 0, line 3, covered 10");
  EXPECT_NE(VerifyNow(Keys()).sentence.find("no signature"), std::string::npos);
  // Signed anew by somebody else.
  const auto other = Ed25519Key::Make(folder_ + "/other").value();
  Anchor anchor = ParseAnchor(good).anchor;
  anchor.key_id = other.id();
  anchor.signature = other.Sign(AnchorText(anchor));
  lines_[2] = FormatAnchor(anchor);
  EXPECT_EQ(Found(VerifyNow(Keys())), "anchor at 0, line 3, covered 10");
  // As if by us.
  anchor.key_id = key_.id();
  anchor.signature = other.Sign(AnchorText(anchor));
  lines_[2] = FormatAnchor(anchor);
  EXPECT_EQ(Found(VerifyNow(Keys())), "anchor at 0, line 3, covered 10");
}

TEST_F(AnchorSetTest, SeesACutLineAndPassesOverOthers) {
  lines_.insert(lines_.begin(), {"Nov 27 10:00:00 host sshd[1]: hello", ""});
  lines_[3] = "Nov 27 host gatehouse[2]: " + lines_[3];
  VerifyReport report = VerifyNow();
  EXPECT_EQ(Found(report), "none at 0, line 0, covered 10");
  EXPECT_EQ(report.anchors->other_lines, 1u);
  lines_.back().resize(lines_.back().size() - 3);
  EXPECT_EQ(Found(VerifyNow()), "anchor at 0, line 7, covered 8");
}

TEST_F(AnchorSetTest, SaysHowFarABrokenChainIsCovered) {
  Tamper(database_, "UPDATE record SET tool = 'x' WHERE seq = 5");
  EXPECT_EQ(Found(VerifyNow()), "edit at 5, line 0, covered 4");
}

TEST_F(AnchorSetTest, NeedsAFile) {
  EXPECT_EQ(AnchorSet::Read(folder_ + "/none", {}).error().code,
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace gatehouse::audit
