// SPDX-License-Identifier: Apache-2.0
#pragma once
// Both gates over fakes, as cli/run puts them together over the real things.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audit/redact.h"
#include "audit/redact_rules.h"
#include "proxy/gate.h"
#include "proxy/return_gate.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_judge.h"
#include "tests/support/fake_sink.h"

namespace gatehouse {

struct GateBench {
  GateBench() : GateBench(audit::Durability::kNormal) {}
  explicit GateBench(audit::Durability durability)
      : context{judge,
                trail,
                session,
                clock,
                redactor,
                durability,
                [this](std::string_view text) { warnings.emplace_back(text); }},
        gate(context),
        back(context) {}

  static std::vector<Frame> Frames(const std::vector<std::string>& lines) {
    std::vector<Frame> frames;
    for (const std::string& line : lines) frames.push_back({line});
    return frames;
  }
  // All lines as one wake-up's batch.
  std::vector<Verdict> FromClient(const std::vector<std::string>& lines) {
    return gate.Handle(Frames(lines));
  }
  std::vector<Verdict> FromServer(const std::vector<std::string>& lines) {
    return back.Handle(Frames(lines));
  }
  Verdict Client(const std::string& line) { return FromClient({line}).at(0); }
  Verdict Server(const std::string& line) { return FromServer({line}).at(0); }

  const std::vector<audit::Record>& records() const { return sink.committed; }

  // Read once: most of what a bench takes otherwise.
  static const std::shared_ptr<const audit::RedactionRules>& Rules() {
    static const std::shared_ptr<const audit::RedactionRules> rules =
        audit::EmbeddedRedactionRules();
    return rules;
  }
  // For benches that see no secret: a redactor remembers those that it saw.
  static const audit::Redactor& SharedRedactor() {
    static const audit::Redactor redactor("a key of the database",
                                          "0198-session", Rules());
    return redactor;
  }

  static Identity Somebody() {
    Identity identity;
    identity.session = "0198-session";
    identity.subject.user = "ana";
    identity.subject.groups = {"dev"};
    identity.subject.kube_user = "ana-kube";
    identity.uid = 1000;
    identity.pid = 4711;
    identity.server = "sample-server";
    return identity;
  }

  std::vector<std::string> warnings;
  FakeClock clock;
  FakeJudge judge;
  audit::FakeSink sink;
  Session session;
  Identity identity = Somebody();
  audit::Redactor redactor{"a key of the database", "0198-session", Rules()};
  Trail trail{sink, clock, identity, session};
  GateContext context;
  Gate gate;
  ReturnGate back;
};

// {"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{…}}
inline std::string CallLine(std::string_view id, std::string_view tool,
                            std::string_view arguments = "{}") {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
         R"(,"method":"tools/call","params":{"name":")" + std::string(tool) +
         R"(","arguments":)" + std::string(arguments) + "}}";
}

inline std::string ResultLine(std::string_view id) {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
         R"(,"result":{"content":[{"type":"text","text":"ok"}]}})";
}

inline std::string Describe(const Verdict& verdict) {
  switch (verdict.kind) {
    case Verdict::Kind::kDrop:
      return "drop";
    case Verdict::Kind::kForward:
      return "forward " + verdict.bytes;
    case Verdict::Kind::kAnswer:
      return "answer " + verdict.bytes;
    case Verdict::Kind::kClose:
      return "close " + verdict.bytes;
  }
  return "";
}

}  // namespace gatehouse
