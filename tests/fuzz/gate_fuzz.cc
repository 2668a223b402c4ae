// SPDX-License-Identifier: Apache-2.0
// Any lines of a client, in one session: each frame is refused or forwarded
// and never both; what is forwarded is the canonical text of what was judged,
// and the judge let it pass; what was judged or refused has its record; and
// afterwards the gate still serves. The corpus is that of hostile frames, which
// tests/e2e/corpus_e2e_test.cc plays to the real binary too.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/framer.h"
#include "proxy/message.h"
#include "proxy/routes.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

void Require(bool property, std::string_view what) {
  if (property) return;
  std::cerr << "property does not hold: " << what << "\n";
  std::abort();
}

bool IsOneLine(std::string_view bytes) {
  return !bytes.empty() && bytes.find('\n') == bytes.size() - 1;
}

// Whether a message of this way leaves a record when it is forwarded.
bool IsRecorded(const Message& message) {
  const Route route = FindRoute(message.method, message.kind).route;
  if (route == Route::kMethod) {
    // A stream that names nothing is not judged.
    return message.method != "subscriptions/listen";
  }
  // What the answer to a poll tells is recorded, where it is news.
  if (message.method == "tasks/get") return false;
  return route == Route::kJudge || route == Route::kTask;
}

void CheckForwarded(const Frame& frame, const Verdict& verdict,
                    std::size_t new_records, const GateBench& bench) {
  const auto read = ReadMessage(frame);
  Require(std::holds_alternative<Message>(read), "only messages are forwarded");
  const Message& message = std::get<Message>(read);
  Require(verdict.bytes == message.canonical + "\n", "its canonical text");
  Require(IsOneLine(verdict.bytes), "one line is forwarded");
  const bool request = message.kind == MessageKind::kRequest;
  Require(!request || bench.session.in_flight() > 0,
          "its answer is waited for");
  if (!IsRecorded(message)) return;
  Require(new_records > 0, "what was judged has its record");
  const auto& decision = bench.records().back().decision;
  Require(decision && decision->Passes(), "the record says that it may pass");
}

void CheckAnswer(const Verdict& verdict, std::size_t new_records) {
  Require(IsOneLine(verdict.bytes), "one line is the answer");
  Require(new_records > 0, "a refusal has its record");
  const auto answer = nlohmann::json::parse(verdict.bytes, nullptr, false);
  Require(answer.is_object() && answer.contains("id"), "a message");
  const bool error = answer.contains("error");
  Require(error || answer["result"].value("isError", false), "a refusal");
}

void CheckFrame(GateBench& bench, const Frame& frame) {
  const std::size_t before = bench.records().size();
  const std::vector<Frame> one = {frame};
  const std::vector<Verdict> verdicts = bench.gate.Handle(one);
  Require(verdicts.size() == 1, "one verdict for one frame");
  const std::size_t records = bench.records().size() - before;
  switch (verdicts[0].kind) {
    case Kind::kForward:
      Require(frame.part == FramePart::kWhole, "a whole frame");
      return CheckForwarded(frame, verdicts[0], records, bench);
    case Kind::kAnswer:
      return CheckAnswer(verdicts[0], records);
    case Kind::kClose:
      return Require(false, "a client's frame ends no session");
    case Kind::kDrop:
      Require(verdicts[0].bytes.empty(), "nothing leaves");
      // A held call's comes when it is judged, a long line's at its end.
      Require(
          records > 0 || IsBlank(frame) || frame.part == FramePart::kFirst ||
              frame.part == FramePart::kMiddle || !bench.session.held().empty(),
          "what is dropped has its record");
  }
}

}  // namespace
}  // namespace gatehouse

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace gatehouse;  // NOLINT: one short function
  constexpr std::size_t kCap = 16'384;
  GateBench bench;
  Framer framer(kCap);
  framer.Feed({reinterpret_cast<const char*>(data), size});
  framer.Feed("\n");
  while (const auto frame = framer.Next()) CheckFrame(bench, *frame);
  const Verdict alive =
      bench.Client(R"({"jsonrpc":"2.0","id":"still alive","method":"ping"})");
  Require(alive.kind == Verdict::Kind::kForward, "the gate still serves");
  return 0;
}
