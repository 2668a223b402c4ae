// SPDX-License-Identifier: Apache-2.0
#include "audit/reader.h"

#include <gtest/gtest.h>

#include "audit/sqlite_database.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class ReaderTest : public TrailTest {
 protected:
  ReaderTest() {
    const auto sink = OpenSink();
    Add(*sink, SampleDecision("c1"), 10);                 // 1
    Add(*sink, SampleOutcome("c1"), 20);                  // 2
    Add(*sink, SampleDecision("c2", Effect::kDeny), 30);  // 3
    Record all = SampleDecision("c3");
    all.session = "session-2";
    all.tool = "nodes_top";
    all.requests[0].namespace_name = "";
    all.requests[0].all_namespaces = true;
    Add(*sink, all, 40);  // 4: no outcome
    Record event;
    event.event = "guard stop";
    Add(*sink, event, 50);  // 5
    EXPECT_TRUE(sink->Commit(Durability::kNormal).ok());
  }
  static void Add(Sink& sink, Record record, std::int64_t time_ns) {
    record.time_ns = time_ns;
    EXPECT_TRUE(sink.Append(record).ok());
  }
  std::vector<Sequence> List(const Filter& filter) {
    std::vector<Sequence> found;
    const auto reader = OpenReader(database_);
    EXPECT_TRUE(reader.ok());
    const auto calls = reader.value()->List(filter);
    EXPECT_TRUE(calls.ok());
    for (const StoredCall& call : calls.value()) {
      found.push_back(call.decision.seq);
    }
    return found;
  }
};

using Found = std::vector<Sequence>;

template <typename Value>
Filter Only(Value Filter::*member, const Value& value) {
  Filter filter;
  filter.*member = value;
  return filter;
}

Filter OnlyText(std::string Filter::*member, const std::string& value) {
  return Only(member, value);
}

TEST_F(ReaderTest, ListsByEveryFilter) {
  EXPECT_EQ(List({}), (Found{1, 3, 4, 5}));
  EXPECT_EQ(List(Only(&Filter::since_ns, std::optional<std::int64_t>(30))),
            (Found{3, 4, 5}));
  EXPECT_EQ(List(OnlyText(&Filter::decision, "deny")), (Found{3}));
  EXPECT_EQ(List(OnlyText(&Filter::tool, "nodes_top")), (Found{4}));
  EXPECT_EQ(List(OnlyText(&Filter::namespace_name, "dev")), (Found{1, 3, 4}));
  EXPECT_EQ(List(OnlyText(&Filter::namespace_name, "de")), (Found{4}));
  EXPECT_EQ(List(OnlyText(&Filter::session, "session-2")), (Found{4}));
  EXPECT_EQ(List(Only(&Filter::limit, std::size_t{2})), (Found{4, 5}));
  EXPECT_EQ(List(Only(&Filter::limit, std::size_t{0})), (Found{1, 3, 4, 5}));
  Filter both = OnlyText(&Filter::decision, "deny");
  both.tool = "nodes_top";
  EXPECT_EQ(List(both), Found{});
}

TEST_F(ReaderTest, JoinsOutcomesToTheirDecisions) {
  const auto reader = OpenReader(database_);
  const auto calls = reader.value()->List({}).value();
  ASSERT_TRUE(calls[0].outcome.has_value());
  EXPECT_EQ(calls[0].outcome->seq, 2u);
  EXPECT_FALSE(calls[2].outcome.has_value());  // unknown
}

// What a call's task became is told by an event that names the call.
TEST_F(ReaderTest, AnEventOfACallDoesNotTakeItsOutcome) {
  {
    const auto sink = OpenSink();
    Record news = SampleDecision("c1");
    news.stage = Stage::kEvent;
    news.event = "task news";
    news.decision.reset();
    Add(*sink, news, 60);  // 6
    EXPECT_TRUE(sink->Commit(Durability::kNormal).ok());
  }
  const auto calls = OpenReader(database_).value()->List({}).value();
  ASSERT_EQ(calls.back().decision.seq, 6u);
  EXPECT_FALSE(calls.back().outcome.has_value());
  ASSERT_TRUE(calls[0].outcome.has_value());
  EXPECT_EQ(calls[0].outcome->seq, 2u);
}

TEST_F(ReaderTest, ShowsACallByEitherOfItsRecords) {
  const auto reader = OpenReader(database_);
  for (const Sequence seq : {1u, 2u}) {
    const StoredCall call = reader.value()->Show(seq).value();
    EXPECT_EQ(call.decision.seq, 1u);
    EXPECT_EQ(call.outcome->seq, 2u);
  }
  EXPECT_EQ(reader.value()->Show(99).error().code, ErrorCode::kNotFound);
}

TEST_F(ReaderTest, SaysWhyThereIsNoTrail) {
  EXPECT_EQ(OpenReader(Beside("none.db")).error().code, ErrorCode::kNotFound);
  std::ofstream{Beside("empty.db")} << "";
  EXPECT_EQ(OpenReader(Beside("empty.db")).error().code, ErrorCode::kCorrupt);
}

// Evidence on a read-only disk, where nothing can be made beside it. The name
// is one that would mean something in a URI.
TEST_F(ReaderTest, ReadsAFrozenCopyAndMakesNothingBesideIt) {
  const std::string folder = folder_ + "/evidence #1%41?mode=rw&x";
  std::filesystem::create_directory(folder);
  std::filesystem::copy(database_, folder + "/copy.db");
  auto frozen = Database::Open(folder + "/copy.db", Database::Access::kFrozen);
  ASSERT_TRUE(frozen.ok()) << frozen.error().sentence;
  EXPECT_EQ(frozen.value().QueryInteger("SELECT count(*) FROM record").value(),
            5);
  EXPECT_FALSE(frozen.value().Execute("DELETE FROM record").ok());
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1u);
}

// A reader's view stands still while a guard writes.
TEST_F(ReaderTest, SeesOneInstant) {
  const auto reader = OpenReader(database_);
  const auto sink = OpenSink();
  std::size_t seen = 0;
  const auto head = reader.value()->ForEach([&](const StoredRecord&) {
    if (seen++ == 0) Fill(*sink, 2);
    return Reader::Next::kGoOn;
  });
  EXPECT_EQ(seen, 5u);
  EXPECT_EQ(head.value().seq, 5u);
}

// SQLite would delete the log, and the last records with it.
TEST_F(ReaderTest, SparesTheLogOfADatabaseThatWasEmptied) {
  const std::string log = database_ + "-wal";
  std::filesystem::create_directories(Beside(""));
  std::filesystem::remove(log);
  std::ofstream(database_, std::ios::trunc).close();
  std::ofstream(log) << "records";
  const auto reader = OpenReader(database_);
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().sentence, database_ + " holds no audit trail");
  EXPECT_EQ(ReadWholeFile(log), "records");
}

}  // namespace
}  // namespace gatehouse::audit
