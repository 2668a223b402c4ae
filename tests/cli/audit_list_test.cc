// SPDX-License-Identifier: Apache-2.0
// `audit list`: its columns in CSV, and how wide its table is.
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "cli/audit.h"
#include "policy/kubernetes/fields.h"
#include "tests/audit/trail_fixture.h"
#include "tests/cli/command_fixture.h"

namespace gatehouse::cli {
namespace {

class AuditListTest : public audit::TrailTest {
 protected:
  AuditListTest() { unsetenv("COLUMNS"); }
  ~AuditListTest() override { unsetenv("COLUMNS"); }

  CommandRun List(std::vector<std::string> words) const {
    words.insert(words.begin(), {"audit", "list", "--db", database_});
    return RunCommand(AddAudit, words);
  }
};

// Behind the others, since scripts count them.
TEST_F(AuditListTest, AddsItsNewColumnsAtTheEnd) {
  {
    const auto sink = OpenSink();
    ASSERT_TRUE(sink->Append(audit::SampleDecision("c1")).ok());
    ASSERT_TRUE(sink->Append(audit::SampleOutcome("c1")).ok());
    audit::Record event;
    event.event = "frame dropped";
    event.detail = "=HYPERLINK(\"https://e.example\")";
    event.session = "s";
    ASSERT_TRUE(sink->Append(event).ok());
    ASSERT_TRUE(sink->Commit(audit::Durability::kFull).ok());
  }
  const std::string out = List({"--format", "csv"}).out;
  std::istringstream text(out);
  std::string head, call, event;
  std::getline(text, head);
  std::getline(text, call);
  std::getline(text, event);
  EXPECT_EQ(head,
            "seq,time,stage,session,call,tool,decision,code,rule,requests,"
            "outcome,user,kube_user,client,context,server,mode,event,method,"
            "enforced,duration_us,bytes,detail\r");
  EXPECT_TRUE(
      call.ends_with(",\"\",\"tools/call\",\"true\",\"1500\",\"7\",\"\"\r"))
      << call;
  EXPECT_TRUE(
      event.ends_with(",\"frame dropped\",\"\",\"\",\"\",\"\","
                      "\"'=HYPERLINK(\"\"https://e.example\"\")\"\r"))
      << event;
  EXPECT_EQ(SplitAt(call, ',').size(), SplitAt(head, ',').size()) << call;
}

TEST_F(AuditListTest, IsAsWideAsColumnsSays) {
  {
    const auto sink = OpenSink();
    audit::Record record = audit::SampleDecision("c1");
    record.tool = std::string(60, 't');
    ASSERT_TRUE(sink->Append(record).ok());
    ASSERT_TRUE(sink->Commit(audit::Durability::kFull).ok());
  }
  const std::string whole(60, 't');
  EXPECT_EQ(List({}).out.find(whole), std::string::npos);
  setenv("COLUMNS", "160", 1);
  EXPECT_NE(List({}).out.find(whole), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::cli
