// SPDX-License-Identifier: Apache-2.0
#pragma once
// Both gates over the real store, and the session of calls that is played over
// a disk that fails: what was forwarded, what was refused, and what the trail
// holds of it.

#include <poll.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/reader.h"
#include "audit/sqlite_sink.h"
#include "audit/verify.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {

struct StoreBench {
  // The sink is small in all its limits, so that a short session meets them.
  static audit::SinkOptions Options(const Identity& identity) {
    audit::SinkOptions options;
    options.self = RecordOf(identity);
    options.checkpoint_pages = 6;
    options.checkpoint_every = std::chrono::seconds(0);
    options.segment_bytes = 65'000;
    options.disk_patience = std::chrono::seconds(60);
    options.look_every = std::chrono::milliseconds(0);
    options.rotation_pause = std::chrono::milliseconds(0);
    return options;
  }
  static std::unique_ptr<audit::Sink> Open(const std::string& database,
                                           const Identity& identity) {
    auto sink = audit::OpenSqliteSink(database, Options(identity));
    return sink.ok() ? std::move(sink).value() : nullptr;
  }

  explicit StoreBench(std::unique_ptr<audit::Sink> open)
      : sink(std::move(open)), trail(*sink, clock, identity, session) {}

  // A call of its own, alone in its batch: whether it was forwarded. What is
  // not must be refused with `audit-unavailable`.
  bool Call(const std::string& tool) {
    const std::string id = std::to_string(++calls);
    auto verdicts = gate.Handle(GateBench::Frames({CallLine(id, tool)}));
    if (gate.waiting()) verdicts = AfterSync();
    if (verdicts.at(0).kind == Verdict::Kind::kForward) {
      forwarded.insert(session.Find(*RpcIdOf(id))->call);
      return true;
    }
    refusals_named =
        refusals_named && verdicts[0].kind == Verdict::Kind::kAnswer &&
        verdicts[0].bytes.find("[code audit-unavailable]") != std::string::npos;
    return false;
  }
  // What needs no record works whatever the disk does.
  bool Ping() {
    const auto verdicts = gate.Handle(GateBench::Frames(
        {R"({"jsonrpc":"2.0","id":"p","method":"ping"})",
         R"({"jsonrpc":"2.0","id":"l","method":"tools/list"})"}));
    (void)back.Handle(GateBench::Frames(
        {R"({"jsonrpc":"2.0","id":"p","result":{}})",
         R"({"jsonrpc":"2.0","id":"l","result":{"tools":[]}})"}));
    return verdicts[0].kind == Verdict::Kind::kForward &&
           verdicts[1].kind == Verdict::Kind::kForward;
  }
  // What was let go, or refused, when the next sync had ended.
  std::vector<Verdict> AfterSync() {
    pollfd synced{sink->synced_fd(), POLLIN, 0};
    if (poll(&synced, 1, kPatienceMs) != 1) return {Verdict{}};
    return gate.Release();
  }
  void Answer() {
    (void)back.Handle(GateBench::Frames({ResultLine(std::to_string(calls))}));
  }

  static std::optional<RpcId> RpcIdOf(const std::string& number) {
    RpcId id;
    id.text = number;
    return id;
  }

  static constexpr int kPatienceMs = 60'000;

  int calls = 0;
  std::set<std::string> forwarded;  // call ids
  bool refusals_named = true;
  FakeClock clock;
  FakeJudge judge;
  std::unique_ptr<audit::Sink> sink;
  Session session;
  Identity identity = GateBench::Somebody();
  Trail trail;
  GateContext context{judge, trail, session, clock,
                      GateBench::SharedRedactor()};
  Gate gate{context};
  ReturnGate back{context};
};

}  // namespace gatehouse
