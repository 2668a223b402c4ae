// SPDX-License-Identifier: Apache-2.0
// Every row of the measured table of hostile frames (shared design,
// protocol.md 2), over the whole gate: the exact answer, nothing forwarded,
// nothing judged, and a record.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using std::string_literals::operator""s;

struct HostileRow {
  const char* name;
  std::vector<std::string> lines;  // as the framer gives them
  // For the last line: id, code and slug of the answer; 0: no answer.
  std::string id;
  int rpc_code;
  const char* slug;
};

void PrintTo(const HostileRow& row, std::ostream* out) { *out << row.name; }

// B: an allowed tool, so that only the frame's shape can be the reason.
const std::string kCall = R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                          R"("params":{"name":"read_pod","arguments":{}}})";

// The members of an otherwise sound call, around one that is not.
std::string With(const std::string& members) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)" + members + "}";
}

std::string WithId(const std::string& id) {
  return R"({"jsonrpc":"2.0","id":)" + id +
         R"(,"method":"tools/call","params":{"name":"read_pod"}})";
}

class Hostile : public ::testing::TestWithParam<HostileRow> {};

TEST_P(Hostile, IsAnsweredRecordedAndNeverForwarded) {
  const HostileRow& row = GetParam();
  GateBench bench;
  std::vector<Verdict> verdicts;
  for (const std::string& line : row.lines) {
    verdicts.push_back(bench.Client(line));
    EXPECT_NE(verdicts.back().kind, Verdict::Kind::kForward) << line;
  }
  EXPECT_EQ(bench.judge.calls, 0);
  EXPECT_EQ(bench.session.in_flight(), 0u);
  EXPECT_EQ(bench.records().size(), row.lines.size());
  EXPECT_EQ(CodeName(bench.records().back().decision->code), row.slug);
  const std::string& answer = verdicts.back().bytes;
  if (row.rpc_code == 0) {
    EXPECT_EQ(answer, "");
    return;
  }
  const std::string start = R"({"jsonrpc":"2.0","id":)" + row.id +
                            R"(,"error":{"code":)" +
                            std::to_string(row.rpc_code) + ",\"message\":";
  EXPECT_EQ(answer.substr(0, start.size()), start);
  const std::string end =
      R"("data":{"code":")" + std::string(row.slug) + "\"}}}\n";
  EXPECT_EQ(answer.substr(answer.size() - end.size()), end);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, Hostile,
    ::testing::Values(
        HostileRow{"duplicate name",
                   {With(R"("params":{"name":"read_pod","name":"drop_pod"})")},
                   "1",
                   -32600,
                   "duplicate-key"},
        HostileRow{"duplicate params",
                   {With(R"("params":{"name":"read_pod"},)"
                         R"("params":{"arguments":{}})")},
                   "1",
                   -32600,
                   "duplicate-key"},
        HostileRow{"duplicate method",
                   {R"({"jsonrpc":"2.0","id":1,"method":"ping",)"
                    R"("method":"tools/call","params":{"name":"read_pod"}})"},
                   "1",
                   -32600,
                   "duplicate-key"},
        HostileRow{"duplicate id",
                   {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})"},
                   "null",
                   -32600,
                   "duplicate-key"},
        HostileRow{"escaped duplicate",
                   {With(R"("params":{"na\u006de":"x","name":"read_pod"})")},
                   "1",
                   -32600,
                   "duplicate-key"},
        HostileRow{"duplicate deep in the arguments",
                   {With(R"("params":{"name":"read_pod","arguments":)"
                         R"({"a":[{"b":1,"b":2}]}})")},
                   "1",
                   -32600,
                   "duplicate-key"},
        HostileRow{"key with U+0000",
                   {With(R"("params":{"name":"read_pod","name\u0000":"x"})")},
                   "1",
                   -32600,
                   "malformed"},
        HostileRow{"key __proto__",
                   {With(R"("params":{"name":"read_pod","__proto__":{}})")},
                   "1",
                   -32600,
                   "malformed"},
        HostileRow{"Name beside name",
                   {With(R"("params":{"name":"read_pod","Name":"x"})")},
                   "1",
                   -32602,
                   "malformed"},
        HostileRow{"NAME alone",
                   {With(R"("params":{"NAME":"x"})")},
                   "1",
                   -32602,
                   "malformed"},
        HostileRow{"Params",
                   {With(R"("Params":{"name":"read_pod"})")},
                   "1",
                   -32600,
                   "malformed"},
        HostileRow{"METHOD",
                   {R"({"jsonrpc":"2.0","id":1,"METHOD":"tools/call",)"
                    R"("params":{"name":"read_pod"}})"},
                   "1",
                   -32600,
                   "malformed"},
        HostileRow{"param\\u017f",
                   {With(R"("param\u017f":{"name":"read_pod"})")},
                   "1",
                   -32600,
                   "malformed"},
        HostileRow{"argument\\u017f",
                   {With(R"("params":{"name":"read_pod","argument\u017f":)"
                         R"({"x":1}})")},
                   "1",
                   -32602,
                   "malformed"},
        HostileRow{"full-width name",
                   {With(R"("params":{"name":"read_pod","\uff4eame":"x"})")},
                   "1",
                   -32602,
                   "malformed"},
        HostileRow{"argument Namespace",
                   {With(R"("params":{"name":"read_pod","arguments":)"
                         R"({"Namespace":"x"}})")},
                   "1",
                   -32602,
                   "malformed"},
        HostileRow{"extra top-level member",
                   {With(R"("params":{"name":"read_pod"},"extra":1)")},
                   "1",
                   -32600,
                   "malformed"}));

INSTANTIATE_TEST_SUITE_P(
    Kinds, Hostile,
    ::testing::Values(
        HostileRow{"batch", {"[" + kCall + "]"}, "null", -32600, "batch"},
        HostileRow{"empty batch", {"[]"}, "null", -32600, "batch"},
        HostileRow{"method and result",
                   {With(R"("params":{"name":"read_pod"},"result":{})")},
                   "1",
                   -32600,
                   "malformed"},
        HostileRow{"method and error",
                   {With(R"("params":{"name":"read_pod"},"error":{})")},
                   "1",
                   -32600,
                   "malformed"},
        HostileRow{"id 1.5", {WithId("1.5")}, "null", -32600, "malformed"},
        HostileRow{"id 1.0", {WithId("1.0")}, "null", -32600, "malformed"},
        HostileRow{"id 1e2", {WithId("1e2")}, "null", -32600, "malformed"},
        HostileRow{"id true", {WithId("true")}, "null", -32600, "malformed"},
        HostileRow{"id {}", {WithId("{}")}, "null", -32600, "malformed"},
        HostileRow{"id 2^53",
                   {WithId("9007199254740992")},
                   "null",
                   -32600,
                   "malformed"},
        HostileRow{"id 2^53+1",
                   {WithId("9007199254740993")},
                   "null",
                   -32600,
                   "malformed"},
        HostileRow{"id 2^64",
                   {WithId("18446744073709551616")},
                   "null",
                   -32600,
                   "malformed"},
        HostileRow{"id -0", {WithId("-0")}, "null", -32600, "malformed"},
        HostileRow{"id with a control character",
                   {WithId(R"("a\u0007")")},
                   "null",
                   -32600,
                   "malformed"},
        HostileRow{"id of 257 bytes",
                   {WithId('"' + std::string(257, 'x') + '"')},
                   "null",
                   -32600,
                   "malformed"},
        HostileRow{"id null", {WithId("null")}, "null", -32600, "malformed"},
        HostileRow{"no id",
                   {R"({"jsonrpc":"2.0","method":"tools/call",)"
                    R"("params":{"name":"read_pod"}})"},
                   "",
                   0,
                   "malformed"},
        HostileRow{"jsonrpc 1.0",
                   {R"({"jsonrpc":"1.0","id":1,"method":"ping"})"},
                   "1",
                   -32600,
                   "malformed"},
        HostileRow{"scalar line", {"42"}, "null", -32600, "malformed"},
        HostileRow{"arguments as a string",
                   {With(R"("params":{"name":"read_pod","arguments":"{}"})")},
                   "1",
                   -32602,
                   "malformed"},
        HostileRow{"params as a list",
                   {With(R"("params":["read_pod"])")},
                   "1",
                   -32602,
                   "malformed"},
        HostileRow{"a tool name outside its characters",
                   {With(R"("params":{"name":"read_pod "})")},
                   "1",
                   -32602,
                   "malformed"},
        HostileRow{"unknown method",
                   {R"({"jsonrpc":"2.0","id":1,"method":"custom/exec"})"},
                   "1",
                   -32601,
                   "unknown-method"},
        HostileRow{"an answer nobody waits for",
                   {R"({"jsonrpc":"2.0","id":1,"result":{}})"},
                   "",
                   0,
                   "not-in-flight"}));

INSTANTIATE_TEST_SUITE_P(
    Bytes, Hostile,
    ::testing::Values(
        HostileRow{"pretty-printed over three lines",
                   {"{", R"("jsonrpc":"2.0","id":1,"method":"ping")", "}"},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"two messages around a CR",
                   {R"({"jsonrpc":"2.0","id":9,"method":"ping"})"
                    "\r" +
                    kCall},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"a raw LF in a string, seen as two lines",
                   {R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"a":")",
                    kCall.substr(1)},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"byte order mark",
                   {"\xEF\xBB\xBF" + kCall},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"NaN",
                   {With(R"("params":{"name":"read_pod","x":NaN})")},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"infinite number",
                   {With(R"("params":{"name":"read_pod","x":1e999})")},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"comment", {kCall + "// x"}, "null", -32700, "malformed"},
        HostileRow{"NUL after the message",
                   {kCall + "\0"s},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"NUL and a second message",
                   {kCall + "\0"s + kCall},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{
            "trailing data", {kCall + kCall}, "null", -32700, "malformed"},
        HostileRow{
            "depth 20000",
            {With(R"("params":{"name":"read_pod","x":)" +
                  std::string(20'000, '[') + std::string(20'000, ']') + "}")},
            "1",
            -32600,
            "too-deep"},
        HostileRow{"depth 20000, never closed",
                   {std::string(20'000, '{')},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"invalid UTF-8",
                   {With("\"params\":{\"name\":\"read_pod\",\"x\":\"\xFF\"}")},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"overlong UTF-8",
                   {With("\"params\":{\"name\":\"read_pod\","
                         "\"x\":\"\xC0\xAF\"}")},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"lone surrogate",
                   {With(R"("params":{"name":"read_pod","x":"\ud800"})")},
                   "null",
                   -32700,
                   "malformed"},
        HostileRow{"UTF-16", {"{\0\"\0"s}, "null", -32700, "malformed"},
        HostileRow{
            "LSP framing", {"Content-Length: 85"}, "null", -32700, "malformed"},
        HostileRow{"number over the range",
                   {With(R"("params":{"name":"read_pod",)"
                         R"("x":18446744073709551616})")},
                   "1",
                   -32600,
                   "malformed"}));

// Its id is known at its end only, and is used where nobody else waits for it.
TEST(HostileFrames, ATooLongLineIsRefusedAtItsEndAndRecorded) {
  const struct {
    std::string rest;
    std::string_view id;
  } kRows[] = {{R"(x"},"jsonrpc":"2.0","id":7})", "7"},
               {R"(x"},"jsonrpc":"2.0","id":1})", "null"},  // in flight
               {R"(x"},"id":7})", "null"},
               {"", "null"}};
  for (const auto& row : kRows) {
    GateBench bench;
    (void)bench.Client(CallLine("1", "read_pod"));
    const std::vector<Frame> frames = {
        {R"({"method":"tools/call","params":{"name":")", FramePart::kFirst},
        {"xxx", FramePart::kMiddle},
        {row.rest, FramePart::kLast}};
    const auto verdicts = bench.gate.Handle(frames);
    EXPECT_EQ(verdicts.at(0).kind, Verdict::Kind::kDrop);
    EXPECT_EQ(verdicts.at(1).kind, Verdict::Kind::kDrop);
    EXPECT_EQ(verdicts.at(2).bytes,
              R"({"jsonrpc":"2.0","id":)" + std::string(row.id) +
                  R"(,"error":{"code":-32600,"message":)"
                  R"("Denied by gatehouse: the line is too long",)"
                  R"("data":{"code":"too-large"}}})"
                  "\n");
    EXPECT_EQ(bench.records().back().decision->code, Code::kTooLarge);
    EXPECT_EQ(bench.session.in_flight(), 1u);
  }
}

TEST(HostileFrames, TrailingBlanksDoNotReachTheServer) {
  GateBench bench;
  EXPECT_EQ(bench.Client("  " + kCall + " \t ").bytes, kCall + "\n");
}

TEST(HostileFrames, TheSameIdTwiceInFlightExecutesOnce) {
  GateBench bench;
  const auto verdicts = bench.FromClient({kCall, kCall});
  EXPECT_EQ(verdicts[0].kind, Verdict::Kind::kForward);
  EXPECT_EQ(verdicts[1].kind, Verdict::Kind::kAnswer);
  EXPECT_EQ(bench.judge.calls, 1);
  EXPECT_EQ(bench.records().size(), 2u);
}

TEST(HostileFrames, ACallBeforeInitializeIsJudgedAllTheSame) {
  GateBench bench;
  EXPECT_EQ(bench.Client(kCall).kind, Verdict::Kind::kForward);
  EXPECT_EQ(bench.judge.calls, 1);
}

}  // namespace
}  // namespace gatehouse
