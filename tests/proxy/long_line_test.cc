// SPDX-License-Identifier: Apache-2.0
// Long lines in the return gate, and the lines themselves.
#include "proxy/long_line.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;
constexpr std::size_t kPiece = 40;

std::vector<Frame> Pieces(std::string_view line, std::size_t size = kPiece) {
  std::vector<Frame> frames;
  for (std::size_t at = 0; at < line.size(); at += size) {
    const bool last = at + size >= line.size();
    const FramePart rest = last ? FramePart::kLast : FramePart::kMiddle;
    frames.push_back(
        {line.substr(at, size), at == 0 ? FramePart::kFirst : rest});
  }
  return frames;
}

std::string Filled(std::size_t bytes) { return std::string(bytes, 'x'); }

// As TypeScript servers write it: the id is the last to come.
std::string IdLast(std::string_view id, std::size_t bytes) {
  return R"({"result":{"content":[{"type":"text","text":")" + Filled(bytes) +
         R"("}]},"jsonrpc":"2.0","id":)" + std::string(id) + "}";
}

std::string IdFirst(std::string_view id, std::size_t bytes) {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
         R"(,"result":{"content":[{"type":"text","text":")" + Filled(bytes) +
         "\"}]}}";
}

struct LongBench : GateBench {
  explicit LongBench(ResultLimit limit) : gate_of_long(context, limit) {
    for (const char* id : {"1", "2", "3"}) {
      (void)Client(CallLine(id, "read_pod"));
    }
  }
  // What the client gets of the line, and "close …" at the end.
  std::string Told(std::string_view line, std::size_t size = kPiece) {
    std::string told;
    bool open = false;
    for (const Verdict& verdict : gate_of_long.Handle(Pieces(line, size))) {
      if (verdict.kind == Kind::kClose) return told + "close " + verdict.bytes;
      told += verdict.bytes;
      pieces += verdict.part == FramePart::kWhole ? 0 : 1;
      if (verdict.part == FramePart::kFirst) open = true;
      if (verdict.part == FramePart::kLast) open = false;
    }
    EXPECT_FALSE(open);
    return told;
  }
  std::vector<audit::Record> Recorded() {
    EXPECT_TRUE(gate_of_long.Flush().ok());
    return {records().begin() + 3, records().end()};
  }
  ReturnGate gate_of_long;
  int pieces = 0;
};

TEST(LongLine, IsHeldUpToTheLimitAndRelayedAsItStands) {
  for (const std::string& line : {IdLast("2", 300), IdFirst("2", 300)}) {
    LongBench bench({line.size()});
    EXPECT_EQ(bench.Told(line), line + "\n");
    EXPECT_EQ(bench.pieces, 0);
    const auto records = bench.Recorded();
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].outcome, audit::Outcome::kOk);
    EXPECT_EQ(records[0].bytes, line.size());
    EXPECT_FALSE(records[0].result_digest.empty());
  }
}

// Issue 5: with several calls in flight the id that comes last was not seen.
TEST(LongLine, OverTheLimitItsCallHearsOfIt) {
  for (const std::string& line : {IdLast("2", 300), IdFirst("2", 300)}) {
    LongBench bench({line.size() - 1});
    const std::string told = bench.Told(line);
    EXPECT_NE(told.find(R"("id":2,)"), std::string::npos) << told;
    EXPECT_NE(told.find(R"("isError":true)"), std::string::npos);
    EXPECT_NE(told.find("[code result-too-large]"), std::string::npos);
    EXPECT_EQ(bench.session.in_flight(), 2u);
    const auto records = bench.Recorded();
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].outcome, audit::Outcome::kOk);
    EXPECT_EQ(records[0].bytes, line.size());
    // The others are not harmed.
    EXPECT_EQ(bench.Server(ResultLine("3")).kind, Kind::kForward);
  }
}

TEST(LongLine, WhatNobodyWaitsForIsDropped) {
  const std::string request = R"({"jsonrpc":"2.0","id":7,"method":"ping",)"
                              R"("params":{"x":")" +
                              Filled(300) + "\"}}";
  const std::string note =
      R"({"jsonrpc":"2.0","method":"notifications/message","params":{"x":")" +
      Filled(300) + "\"}}";
  for (const std::string& line :
       {IdLast("9", 300), IdLast("\"2\"", 300), note, request,
        IdLast("2", 300) + "{}", "noise " + Filled(300)}) {
    LongBench bench({100});
    const auto verdicts = bench.gate_of_long.Handle(Pieces(line));
    for (const Verdict& verdict : verdicts) {
      EXPECT_NE(verdict.kind, Kind::kForward) << line;
    }
    EXPECT_EQ(verdicts.back().kind == Kind::kAnswer, line == request) << line;
    EXPECT_EQ(bench.session.in_flight(), 3u);
    const auto records = bench.Recorded();
    ASSERT_EQ(records.size(), 1u) << line;
    EXPECT_EQ(records[0].event, "server frame dropped");
    EXPECT_EQ(records[0].bytes, line.size());
  }
}

TEST(LongLine, StreamsOnceItIsKnownWhomItAnswers) {
  const std::string line = IdFirst("2", 5000);
  LongBench bench({1000, true});
  EXPECT_EQ(bench.Told(line), line + "\n");
  EXPECT_GT(bench.pieces, 100);
  EXPECT_EQ(bench.session.in_flight(), 2u);
  const auto records = bench.Recorded();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].outcome, audit::Outcome::kOk);
  EXPECT_EQ(records[0].bytes, line.size());
}

// Nothing of them is to be masked, wherever a piece ends.
TEST(LongLine, StreamsUrls) {
  std::string line = IdFirst("2", 9000);
  for (std::size_t at = line.size() - 100; at > 2000; at -= 150) {
    line.replace(at, 40, " https://example.com/a/b?c=d&e=f#g, 10:00 ");
  }
  LongBench bench({3000, true});
  EXPECT_EQ(bench.Told(line), line + "\n");
  EXPECT_GT(bench.pieces, 100);
  line.replace(line.size() - 100, 30, " https://u:s3cr3t@example.com ");
  LongBench other({3000, true});
  EXPECT_NE(other.Told(line).find("close an answer cannot go on"),
            std::string::npos);
}

TEST(LongLine, DoesNotStreamWhatIsNotKnownOrMayBeRewritten) {
  const std::string late = IdLast("2", 5000);
  EXPECT_NE(LongBench({1000, true}).Told(late).find("result-too-large"),
            std::string::npos);
  EXPECT_EQ(LongBench({6000, true}).Told(late), late + "\n");
  EXPECT_EQ(LongBench({1000, true}).Told(IdFirst("9", 5000)), "");
  LongBench listing({1000, true});
  (void)listing.Client(R"({"jsonrpc":"2.0","id":4,"method":"tools/list"})");
  EXPECT_NE(listing.Told(IdFirst("4", 5000)).find("result-too-large"),
            std::string::npos);
}

// Found by fuzzing: an error's end may ask for what the client did not declare.
// Streamed, that ended the session, or passed where it could not be read.
TEST(LongLine, DoesNotStreamErrors) {
  const std::string line = R"({"jsonrpc":"2.0","id":2,"error":{"code":-32042,)"
                           R"("message":")" +
                           Filled(5000) + R"(","data":{"elicitations":)";
  for (const std::string end :
       {R"([{"mode":"url","elicitationId":"e","url":"https://x",)"
        R"("message":"m"}]}}})",
        R"("\ud800"}}})"}) {
    LongBench bench({6000, true});
    const std::string told = bench.Told(line + end);
    EXPECT_EQ(bench.pieces, 0);
    EXPECT_NE(told.find(R"("isError":true)"), std::string::npos) << told;
    EXPECT_EQ(bench.session.in_flight(), 2u) << "the session goes on";
  }
}

// What masking would look at is held, and masked as any other answer.
TEST(LongLine, DoesNotStreamWhatIsToBeMasked) {
  const std::string line =
      R"({"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text",)"
      R"("text":"password: hunter2hunter2 )" +
      Filled(500) + "\"}]}}";
  LongBench held({6000, true});
  const std::string told = held.Told(line, 300);
  EXPECT_EQ(held.pieces, 0);
  EXPECT_EQ(told.find("hunter2"), std::string::npos) << told;
  LongBench origin({6000, true});
  origin.session.Find({"2"})->origin = audit::Origin::kStrict;
  (void)origin.Told(IdFirst("2", 5000));
  EXPECT_EQ(origin.pieces, 0);
}

TEST(LongLine, BrokenAfterBytesHaveLeftItEndsTheSession) {
  const std::string sound = IdFirst("2", 5000);
  const std::string input = R"({"jsonrpc":"2.0","id":2,"result":{"x":")" +
                            Filled(5000) + R"(","inputRequests":{}}})";
  const std::string secret = R"({"jsonrpc":"2.0","id":2,"result":{"x":")" +
                             Filled(5000) + R"( password: hunter2hunter2"}})";
  for (const std::string& line :
       {sound.substr(0, 600) + "\x01" + sound.substr(600),
        sound.substr(0, 600) + "\xff" + sound.substr(600), sound + "{}",
        sound.substr(0, sound.size() - 1), input, secret}) {
    LongBench bench({1000, true});
    const std::string told = bench.Told(line);
    EXPECT_NE(told.find("close an answer cannot go on"), std::string::npos)
        << told;
    EXPECT_EQ(told.find("hunter2"), std::string::npos);
    EXPECT_EQ(bench.Recorded().at(0).event, "server frame dropped");
    // It is still in flight, to be answered when the session has ended.
    EXPECT_NE(bench.session.Find({"2"}), nullptr);
  }
}

// The client had a whole message, and then another one for the same call.
TEST(LongLine, TheEndOfAMessageDoesNotLeaveBeforeTheLineIsSound) {
  const std::string sound = IdFirst("2", 5000);
  const std::string blanks(3000, ' ');
  LongBench good({4500, true});
  EXPECT_EQ(good.Told(sound + blanks), sound + blanks + "\n");
  EXPECT_GT(good.pieces, 100);
  EXPECT_EQ(good.Recorded().at(0).outcome, audit::Outcome::kOk);

  LongBench endless({1000, true});
  EXPECT_NE(endless.Told(sound + blanks).find("only blanks follow"),
            std::string::npos);

  LongBench bad({4500, true});
  const std::string broken = bad.Told(sound + blanks + "}garbage");
  EXPECT_NE(broken.find("close an answer cannot go on"), broken.npos);
  EXPECT_EQ(broken.find("}]}}"), broken.npos) << broken;
  EXPECT_NE(bad.session.Find({"2"}), nullptr);

  LongBench ends({4500, true});
  const std::string line = sound + blanks + "x";
  auto frames = Pieces(line);
  frames.pop_back();
  std::string sent;
  for (const Verdict& verdict : ends.gate_of_long.Handle(frames)) {
    sent += verdict.bytes;
  }
  EXPECT_FALSE(sent.empty());
  EXPECT_EQ(sent.find("}]}}"), sent.npos);
}

TEST(LongLine, BreaksOffAsSoonAsItAsksTheClient) {
  const std::string line = R"({"jsonrpc":"2.0","id":2,"result":{"x":")" +
                           Filled(5000) + R"(","inputRequests":{"k":{"y":")" +
                           Filled(3000) + "\"}}}}";
  const std::string told = LongBench({1000, true}).Told(line);
  EXPECT_EQ(told.find("inputRequests"), told.npos) << told;
  EXPECT_NE(told.find("it asks the client for input"), told.npos) << told;
  // One that says so at once is judged as a whole.
  LongBench held({20000, true});
  (void)held.Told(
      R"({"jsonrpc":"2.0","id":2,"result":{"inputRequests":{},"x":")" +
          Filled(5000) + "\"}}",
      300);
  EXPECT_EQ(held.pieces, 0);
}

// They were recorded as answered, and never sent.
TEST(LongLine, WhatComesBehindABrokenOneInItsBatchStaysInFlight) {
  LongBench bench({1000, true});
  const std::string line = IdFirst("2", 5000) + "{}";
  auto frames = Pieces(line);
  const std::string next = ResultLine("3");
  frames.push_back({next});
  const auto verdicts = bench.gate_of_long.Handle(frames);
  EXPECT_EQ(verdicts.back().kind, Kind::kClose);
  EXPECT_NE(bench.session.Find({"3"}), nullptr);
  EXPECT_EQ(bench.gate_of_long.OnServerGone().size(), 3u);
  for (const audit::Record& record : bench.Recorded()) {
    EXPECT_NE(record.outcome, audit::Outcome::kOk);
  }
}

// It was taken for an answer by its beginning; a piece of the middle, not the
// end, shows that it is none, or an error. That ended the guard.
TEST(LongLine, WhatIsNoAnswerAfterAllEndsTheSession) {
  const std::string begin =
      R"({"jsonrpc":"2.0","id":2,"result":{"text":")" + Filled(200) + "\"}";
  for (const char* member :
       {R"("error":{"code":1,"message":")", R"("params":{"x":")",
        R"("method":"ping","x":{"y":")"}) {
    LongBench bench({1u << 20, true});
    const std::string told =
        bench.Told(begin + "," + member + Filled(200) + "\"}}");
    EXPECT_NE(told.find("close an answer cannot go on"), std::string::npos)
        << member << ": " << told;
    EXPECT_EQ(bench.Recorded().at(0).event, "server frame dropped");
  }
}

TEST(LongLine, CutOffItIsRecorded) {
  LongBench bench({1000});
  const std::string line = IdLast("2", 300);
  auto frames = Pieces(line);
  frames.pop_back();
  (void)bench.gate_of_long.Handle(frames);
  bench.gate_of_long.OnUnfinished("xyz");
  EXPECT_EQ(bench.Recorded().at(0).bytes, frames.size() * kPiece + 3);
  EXPECT_EQ(bench.gate_of_long.OnServerGone().size(), 3u);
}

}  // namespace
}  // namespace gatehouse
