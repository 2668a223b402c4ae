// SPDX-License-Identifier: Apache-2.0
#include "audit/verify.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "audit/reader.h"
#include "policy/policy_text.h"
#include "tests/audit/forger.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class VerifyTest : public TrailTest {
 protected:
  VerifyReport VerifyNow() {
    Result<std::unique_ptr<Reader>> reader = OpenReader(database_);
    EXPECT_TRUE(reader.ok()) << reader.error().sentence;
    Result<VerifyReport> report = Verify(*reader.value());
    EXPECT_TRUE(report.ok()) << report.error().sentence;
    return std::move(report).value();
  }
};

TEST_F(VerifyTest, PassesWhatWasWritten) {
  Fill(*OpenSink(), 10);
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.count, 10u);
  EXPECT_EQ(report.first_bad, 0u);
  EXPECT_EQ(report.head_hash.size(), 64u);
  EXPECT_TRUE(report.head_file);
}

TEST_F(VerifyTest, PassesAnEmptyTrail) {
  OpenSink();
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.count, 0u);
  EXPECT_EQ(report.head_hash, std::string(64, '0'));
}

// What `audit prune` erases passes (prune_test.cc); this is somebody's hand.
TEST_F(VerifyTest, NamesAnErasedPayloadThatNoRecordTellsOf) {
  Fill(*OpenSink(), 4);
  Tamper(database_,
         "UPDATE record SET payload = NULL, salt = NULL "
         "WHERE seq IN (2, 3)");
  const VerifyReport report = VerifyNow();
  EXPECT_EQ(report.fault, ChainFault::kErased);
  EXPECT_EQ(report.first_bad, 2u);
  EXPECT_EQ(report.erased, 2u);
}

// Somebody's arguments may say what looks like a policy's name.
TEST_F(VerifyTest, TakesNoArgumentForAPolicy) {
  const auto sink = OpenSink();
  Record record = SampleDecision("c1");
  record.policy_hash = "";
  record.arguments = R"({"policy":"sha256:)" + std::string(64, '0') + "\"}";
  ASSERT_TRUE(sink->Append(record).ok());
  ASSERT_TRUE(sink->Commit(Durability::kFull).ok());
  EXPECT_TRUE(VerifyNow().good()) << VerifyNow().sentence;
}

TEST_F(VerifyTest, PassesWithoutAHeadFileAndSaysSo) {
  Fill(*OpenSink(), 2);
  std::filesystem::remove(Beside("audit.head"));
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good());
  EXPECT_FALSE(report.head_file);
}

// Moves whole rows: all columns but seq.
std::string Swap(int one, int other) {
  const std::string a = std::to_string(one), b = std::to_string(other);
  return "UPDATE record SET seq = -1 WHERE seq = " + a +
         "; UPDATE record SET seq = " + a + " WHERE seq = " + b +
         "; UPDATE record SET seq = " + b + " WHERE seq = -1;";
}

struct VerifyCase {
  const char* name;
  std::string sql;
  ChainFault fault;
  Sequence first_bad;
};

class TamperTest : public VerifyTest,
                   public ::testing::WithParamInterface<VerifyCase> {};

// Ten records; each row of the table is one way to change them by hand.
TEST_P(TamperTest, IsNamed) {
  const auto sink = OpenSink();
  const std::string text = "rules: []\n";
  ASSERT_TRUE(sink->KeepPolicy(HashOf(text), text).ok());
  ASSERT_TRUE(sink->KeepDefinition(
                      {"sha256:00", "pods_list", HashOf("{1}"), "{1}", 1, true})
                  .ok());
  Record judged = SampleDecision("c1");
  judged.policy_hash = HashOf(text);
  ASSERT_TRUE(sink->Append(judged).ok());
  ASSERT_TRUE(sink->Append(SampleOutcome("c1")).ok());
  Fill(*sink, 8);
  ASSERT_TRUE(VerifyNow().good());
  Tamper(database_, GetParam().sql);
  const VerifyReport report = VerifyNow();
  EXPECT_EQ(ChainFaultName(report.fault), ChainFaultName(GetParam().fault))
      << report.sentence;
  EXPECT_EQ(report.first_bad, GetParam().first_bad) << report.sentence;
  EXPECT_FALSE(report.sentence.empty());
}

std::string Set(const std::string& assignment) {
  return "UPDATE record SET " + assignment + " WHERE seq = 5";
}

INSTANTIATE_TEST_SUITE_P(
    EveryKind, TamperTest,
    ::testing::Values(
        VerifyCase{"time", Set("time_ns = time_ns + 1"), ChainFault::kEdit, 5},
        VerifyCase{"stage", Set("stage = 'event'"), ChainFault::kEdit, 5},
        VerifyCase{"session", Set("session = 'x'"), ChainFault::kEdit, 5},
        VerifyCase{"call", Set("call = 'x'"), ChainFault::kEdit, 5},
        VerifyCase{"tool", Set("tool = 'x'"), ChainFault::kEdit, 5},
        VerifyCase{"decision", Set("decision = 'deny'"), ChainFault::kEdit, 5},
        VerifyCase{"code", Set("code = 'x'"), ChainFault::kEdit, 5},
        VerifyCase{"namespaces", Set("namespaces = ''"), ChainFault::kEdit, 5},
        VerifyCase{"digest", Set("digest = zeroblob(32)"), ChainFault::kEdit,
                   5},
        VerifyCase{"previous", Set("previous = zeroblob(32)"),
                   ChainFault::kEdit, 5},
        VerifyCase{"hash", Set("hash = zeroblob(32)"), ChainFault::kEdit, 5},
        VerifyCase{"salt", Set("salt = zeroblob(16)"), ChainFault::kEdit, 5},
        VerifyCase{"payload", Set("payload = replace(payload, 'dev', 'web')"),
                   ChainFault::kEdit, 5},
        VerifyCase{"chain", "UPDATE chain SET chain = 'x'", ChainFault::kEdit,
                   1},
        VerifyCase{"one_deleted", "DELETE FROM record WHERE seq = 5",
                   ChainFault::kGap, 5},
        VerifyCase{"first_deleted", "DELETE FROM record WHERE seq = 1",
                   ChainFault::kGap, 1},
        VerifyCase{"many_deleted",
                   "DELETE FROM record WHERE seq BETWEEN 3 AND 8",
                   ChainFault::kGap, 3},
        VerifyCase{"neighbours", Swap(5, 6), ChainFault::kReorder, 5},
        VerifyCase{"swapped", Swap(2, 9), ChainFault::kReorder, 2},
        VerifyCase{"last_swapped", Swap(1, 10), ChainFault::kReorder, 1},
        VerifyCase{
            "payloads_swapped",
            "UPDATE record SET (payload, salt) = (SELECT payload, salt FROM "
            "record AS other WHERE other.seq = 7) WHERE seq = 5",
            ChainFault::kReorder, 5},
        VerifyCase{"closed_up",
                   "DELETE FROM record WHERE seq = 5;"
                   "UPDATE record SET seq = -seq WHERE seq > 5;"
                   "UPDATE record SET seq = -seq - 1 WHERE seq < 0;",
                   ChainFault::kReorder, 5},
        VerifyCase{
            "inserted",
            "INSERT INTO record SELECT -1, time_ns, stage, session, call, "
            "tool, decision, code, namespaces, digest, previous, hash, salt, "
            "payload FROM record WHERE seq = 5",
            ChainFault::kEdit, static_cast<Sequence>(-1)},
        VerifyCase{
            "appended",
            "INSERT INTO record SELECT 11, time_ns, stage, session, call, "
            "tool, decision, code, namespaces, digest, previous, hash, salt, "
            "payload FROM record WHERE seq = 10",
            ChainFault::kReorder, 11},
        VerifyCase{
            "inserted_again",
            "DELETE FROM record WHERE seq = 5; INSERT INTO record SELECT 5, "
            "time_ns, stage, session, call, 'x', decision, code, namespaces, "
            "digest, previous, hash, salt, replace(payload, 'dev', 'web') "
            "FROM record WHERE seq = 7",
            ChainFault::kEdit, 5},
        VerifyCase{
            "given_twice",
            "DELETE FROM record WHERE seq = 5; INSERT INTO record SELECT 5, "
            "time_ns, stage, session, call, tool, decision, code, namespaces, "
            "digest, previous, hash, salt, payload FROM record WHERE seq = 6",
            ChainFault::kReorder, 5},
        VerifyCase{"salt_erased_alone", Set("salt = NULL"), ChainFault::kEdit,
                   5},
        VerifyCase{"policy_text",
                   "UPDATE policy SET text = 'rules: [anything]'",
                   ChainFault::kText, 0},
        VerifyCase{"policy_hash",
                   "UPDATE policy SET hash = 'sha256:' || hex(zeroblob(32))",
                   ChainFault::kText, 0},
        VerifyCase{"policy_gone", "DELETE FROM policy", ChainFault::kText, 1},
        VerifyCase{"definition", "UPDATE tool_definition SET text = '{}'",
                   ChainFault::kText, 0},
        VerifyCase{"tail_cut", "DELETE FROM record WHERE seq > 7",
                   ChainFault::kTruncation, 8},
        VerifyCase{"all_cut", "DELETE FROM record", ChainFault::kTruncation, 1},
        VerifyCase{
            "tail_cut_with_head_row",
            "DELETE FROM record WHERE seq > 7; UPDATE chain SET head_seq = 7,"
            " head_hash = (SELECT hash FROM record WHERE seq = 7)",
            ChainFault::kTruncation, 8},
        VerifyCase{"head_row_back", "UPDATE chain SET head_seq = 7",
                   ChainFault::kEdit, 8},
        VerifyCase{"head_row_hash", "UPDATE chain SET head_hash = zeroblob(32)",
                   ChainFault::kEdit, 10}),
    [](const auto& instance) { return instance.param.name; });

TEST_F(VerifyTest, NamesARecordWhoseHashWasWrittenAnew) {
  Fill(*OpenSink(), 10);
  Tamper(database_, Set("tool = 'x'"));
  Rehash(database_, 5, 5);
  const VerifyReport report = VerifyNow();
  EXPECT_EQ(ChainFaultName(report.fault), "edit");
  EXPECT_EQ(report.first_bad, 5u) << report.sentence;
  EXPECT_EQ(report.count, 4u);
}

TEST_F(VerifyTest, SeesARebuiltTailAgainstTheHeadRow) {
  Fill(*OpenSink(), 10);
  Tamper(database_, Set("tool = 'x'"));
  Rehash(database_, 5, 10);
  EXPECT_EQ(VerifyNow().first_bad, 10u);
}

// The limit that `audit verify` states openly: with head row and head file
// rebuilt too, nothing on this host can tell.
TEST_F(VerifyTest, CannotSeeAChainRebuiltWithHeadRowAndHeadFile) {
  Fill(*OpenSink(), 10);
  Tamper(database_, Set("tool = 'x'"));
  Rehash(database_, 5, 10);
  FixHeadRow(database_);
  EXPECT_EQ(ChainFaultName(VerifyNow().fault), "edit");  // the head file tells
  std::filesystem::remove(Beside("audit.head"));
  EXPECT_TRUE(VerifyNow().good());
}

TEST_F(VerifyTest, RefusesATrailWithoutItsHeadRow) {
  Fill(*OpenSink(), 2);
  Tamper(database_, "DELETE FROM chain");
  Result<std::unique_ptr<Reader>> reader = OpenReader(database_);
  ASSERT_TRUE(reader.ok());
  const Result<VerifyReport> report = Verify(*reader.value());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kCorrupt);
}

TEST_F(VerifyTest, RefusesADamagedFile) {
  Fill(*OpenSink(), 200);
  std::fstream file(database_, std::ios::in | std::ios::out);
  file.seekp(8192);  // the root page of `record`
  file << std::string(4096, 'x');
  file.close();
  Result<std::unique_ptr<Reader>> reader = OpenReader(database_);
  if (!reader.ok()) return;
  const Result<VerifyReport> report = Verify(*reader.value());
  EXPECT_FALSE(report.ok() && report.value().good());
}

// A stranger's script, written from FORMAT.md alone.
int RunPythonVerifier(const std::string& database) {
  const std::string command = "python3 " GATEHOUSE_SOURCE_DIR
                              "/tests/audit/verify_trail.py " +
                              database + " >/dev/null 2>&1";
  return std::system(command.c_str());
}

TEST_F(VerifyTest, AgreesWithAVerifierInAnotherLanguage) {
  ASSERT_EQ(std::system("python3 -c 0 >/dev/null 2>&1"), 0)
      << "python3 is missing: scripts/install-dependencies --test installs it";
  Fill(*OpenSink(), 10);
  EXPECT_EQ(RunPythonVerifier(database_), 0);
  Tamper(database_,
         "UPDATE record SET payload = NULL, salt = NULL "
         "WHERE seq = 3");
  EXPECT_EQ(RunPythonVerifier(database_), 0);
  Tamper(database_, Set("tool = 'x'"));
  EXPECT_NE(RunPythonVerifier(database_), 0);
}

}  // namespace
}  // namespace gatehouse::audit
