// SPDX-License-Identifier: Apache-2.0
// What is filtered stands in tests/golden/transcripts (lists, modern-lists);
// here what only a session with a database, or an option, shows.
#include "proxy/server_lists.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

std::string ListLine(std::string_view entries) {
  return R"({"jsonrpc":"2.0","id":1,"result":{"tools":[)" +
         std::string(entries) + "]}}";
}

struct ListBench : GateBench {
  ListBench() {
    identity.command = "sha256:server";
    judge.knows = true;
    judge.declared = "name";
  }
  std::string List(std::string_view entries) {
    EXPECT_EQ(Client(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})").kind,
              Verdict::Kind::kForward);
    return Server(ListLine(entries)).bytes;
  }
  std::string Call(std::string_view tool) {
    return Client(CallLine("2", tool)).bytes;
  }
};

const char kRead[] =
    R"({"name":"read_pod","inputSchema":{"properties":{"name":{}}}})";
const char kReadChanged[] =
    R"({"name":"read_pod","description":"x","inputSchema":{}})";
const char kReadDrifted[] =
    R"({"name":"read_pod","inputSchema":{"properties":{"kubeconfig":{}}}})";

TEST(ServerLists, ShowDeniedMarksWhatItKeeps) {
  GateBench bench;
  GateContext context = bench.context;
  context.show_denied = true;
  ReturnGate back(context);
  ASSERT_EQ(
      bench.Client(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})").kind,
      Verdict::Kind::kForward);
  const std::string line = ListLine(
      R"({"name":"read_pod"},{"name":"drop_pod","description":"Drops \"it\"",)"
      R"("x": 1.0},{"name":"drop_all"})");
  EXPECT_EQ(
      back.Handle(GateBench::Frames({line})).at(0).bytes,
      ListLine(
          R"({"name":"read_pod"},{"name":"drop_pod","description":)"
          R"("[Denied by gatehouse: the policy lets no call of it through] )"
          R"(Drops \"it\"","x":1.0},{"name":"drop_all","description":)"
          R"("[Denied by gatehouse: the policy lets no call of it through] "})") +
          "\n");
}

// What such a key says is neither judged nor pinned, and Go's reader takes it
// for the one that it resembles.
TEST(ServerLists, AKeyThatOnlyResemblesOneMakesTheListUnreadable) {
  const auto list = [](std::string_view method, std::string result) {
    GateBench bench;
    EXPECT_EQ(bench
                  .Client(R"({"jsonrpc":"2.0","id":1,"method":")" +
                          std::string(method) + "\"}")
                  .kind,
              Verdict::Kind::kForward);
    return bench.Server(R"({"jsonrpc":"2.0","id":1,"result":)" + result + "}")
        .bytes;
  };
  struct Row {
    std::string_view method;
    std::string result;
  };
  const std::string tool = R"({"tools":[{"name":"read_pod",)";
  for (const Row& row : std::vector<Row>{
           {"tools/list", R"({"tools":[],"Tools":[{"name":"drop_pod"}]})"},
           {"tools/list", R"({"tool\u017f":[],"tools":[]})"},
           {"tools/list", "{\"tool\xC5\xBF\":[],\"tools\":[]}"},
           {"tools/list", R"({"tools":[],"NEXTCURSOR":"x"})"},
           {"tools/list", tool + R"("Description":"x"}]})"},
           {"tools/list", tool + R"("NAME":"drop_pod"}]})"},
           {"tools/list", tool + R"("inputschema":{}}]})"},
           {"prompts/list",
            R"({"prompts":[{"name":"read_it","Arguments":[]}]})"},
           {"resources/list",
            R"({"resources":[{"uri":"x://a/read_it","URI":"x://b"}]})"},
           {"resources/templates/list",
            R"({"resourcetemplates":[],"resourceTemplates":[]})"}}) {
    EXPECT_NE(list(row.method, row.result).find("list cannot be read"),
              std::string::npos)
        << row.result;
  }
  const std::string plain =
      tool + R"("inputSchema":{"properties":{"Name":{},"name":{}}}}],"X":1})";
  EXPECT_EQ(list("tools/list", plain),
            R"({"jsonrpc":"2.0","id":1,"result":)" + plain + "}\n");
}

TEST(ServerLists, ListsThatChangeFillTheTrailOnlySoFar) {
  ListBench bench;
  bench.List(kRead);
  ASSERT_TRUE(bench.back.Flush().ok());
  for (int i = 0; i < 300; ++i) {
    bench.List(R"({"name":"read_pod","description":")" + std::to_string(i) +
               "\"}");
    bench.List("7");  // an entry that is none
  }
  ASSERT_TRUE(bench.back.Flush().ok());
  ASSERT_EQ(bench.records().size(), 101u);
  EXPECT_EQ(bench.records()[0].event, "tools changed");
  EXPECT_EQ(bench.records().back().detail, "200 more were not recorded");
  EXPECT_EQ(bench.warnings.size(), 100u);
}

TEST(ServerLists, ARecordTellsOnlySoManyChanges) {
  ListBench bench;
  std::string first;
  std::string then;
  for (int i = 0; i < 60; ++i) {
    const std::string name =
        (i == 0 ? "" : ",") + (R"({"name":"read_)" + std::to_string(i)) + "\"";
    first += name + "}";
    then += name + R"(,"title":"x"})";
  }
  bench.List(first);
  bench.List(then);
  ASSERT_TRUE(bench.back.Flush().ok());
  const std::string& detail = bench.records().at(0).detail;
  EXPECT_EQ(std::ranges::count(detail, ';'), 50);
  EXPECT_TRUE(detail.ends_with("; and 10 other changes")) << detail;
}

TEST(ServerLists, DefinitionsAreKeptWithTheNextCommit) {
  ListBench bench;
  bench.List(kRead);
  EXPECT_TRUE(bench.sink.definitions.empty());
  ASSERT_TRUE(bench.back.Flush().ok());
  ASSERT_EQ(bench.sink.definitions.size(), 1u);
  EXPECT_EQ(bench.sink.definitions[0].server, "sha256:server");
  EXPECT_TRUE(bench.records().empty()) << "the first sight is no event";
}

TEST(ServerLists, AChangedDefinitionIsAnEventAndAWarning) {
  ListBench first;
  first.List(kRead);
  ASSERT_TRUE(first.back.Flush().ok());
  for (const Pin pin : {Pin::kRecord, Pin::kStrict}) {
    ListBench bench;
    bench.judge.pinned = pin;
    bench.sink.definitions = first.sink.definitions;
    const bool hidden = bench.List(kReadChanged) == ListLine("") + "\n";
    EXPECT_EQ(hidden, pin == Pin::kStrict);
    const bool refused =
        bench.Call("read_pod").find(R"("code":"drift")") != std::string::npos;
    EXPECT_EQ(refused, pin == Pin::kStrict);
    ASSERT_GE(bench.records().size(), 1u);
    EXPECT_EQ(bench.records()[0].event, "tools changed");
    EXPECT_EQ(bench.records()[0].detail, "read_pod: description, inputSchema");
    ASSERT_EQ(bench.warnings.size(), 1u);
  }
}

TEST(ServerLists, ADriftedToolIsHiddenAndRefusedUntilAccepted) {
  ListBench bench;
  EXPECT_EQ(bench.List(kReadDrifted), ListLine("") + "\n");
  EXPECT_NE(bench.Call("read_pod").find("kubeconfig"), std::string::npos);
  ASSERT_TRUE(bench.back.Flush().ok());
  ListBench later;
  later.sink.definitions = bench.sink.definitions;
  later.sink.definitions.at(0).accepted = true;
  EXPECT_EQ(later.List(kReadDrifted), ListLine(kReadDrifted) + "\n");
  EXPECT_EQ(later.Call("read_pod").find("drift"), std::string::npos);
}

TEST(ServerLists, UnderStrictPinsAToolIsListedBeforeItIsCalled) {
  ListBench bench;
  bench.judge.pinned = Pin::kStrict;
  EXPECT_NE(bench.Call("read_pod").find("list the tools first"),
            std::string::npos);
  bench.List(kRead);
  EXPECT_EQ(bench.Call("read_pod").find("drift"), std::string::npos);
}

TEST(ServerLists, ADenialByPolicyStaysOneWhereTheToolHasDriftedToo) {
  ListBench bench;
  bench.List(R"({"name":"drop_pod","inputSchema":{"properties":{"x":{}}}})");
  EXPECT_NE(bench.Call("drop_pod").find("denied-by-rule"), std::string::npos);
}

TEST(ServerLists, ABrokenDatabaseHidesNothingMoreAndIsWarnedOf) {
  ListBench bench;
  bench.sink.broken = true;
  EXPECT_EQ(bench.List(kRead), ListLine(kRead) + "\n");
  ASSERT_EQ(bench.warnings.size(), 1u);
  EXPECT_NE(bench.warnings[0].find("cannot be compared"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse
