// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_output.h"

#include <iostream>
#include <string>

namespace gatehouse::cli {

void WriteAnswer(const Answer& answer, JsonWriter& out) {
  const Decision& decision = answer.decision;
  if (answer.call.asked == Asked::kToolCall) {
    out.Key("tool").String(answer.call.tool);
  } else {
    out.Key("method").String(answer.call.method);
    out.Key("target").String(answer.call.target);
  }
  out.Key("decision").String(EffectName(decision.effect));
  out.Key("code").String(CodeName(decision.code));
  out.Key("rule");
  decision.rule.empty() ? out.Null() : out.String(decision.rule);
  out.Key("enforced").Bool(decision.enforced);
  if (decision.reveals) out.Key("reveals").Bool(true);
  out.Key("sentence").String(decision.sentence);
  out.Key("requests").BeginArray();
  for (const Request& request : answer.call.requests) {
    WriteRequest(request, out);
  }
  out.EndArray().Key("unclear");
  if (!answer.call.unclear.has_value()) {
    out.Null();
    return;
  }
  out.BeginObject().Key("reason").String(answer.call.unclear->reason);
  out.Key("argument").String(answer.call.unclear->argument).EndObject();
}

namespace {

std::string InBrackets(const Decision& decision) {
  std::string text;
  if (!decision.rule.empty()) text += " [rule " + decision.rule + "]";
  return text + " [code " + std::string(CodeName(decision.code)) + "]";
}

void PrintRequest(std::size_t number, const RequestTrace& request) {
  std::cout << "request " << number << "  " << request.request << "\n"
            << "  " << EffectName(request.decision.effect)
            << InBrackets(request.decision) << "\n";
  for (const TraceStep& step : request.steps) {
    std::cout << "    " << EffectName(step.effect) << " " << step.rule.id
              << (step.observe ? " (observe)" : "") << " at " << step.rule.file
              << ":" << step.rule.line << ": " << step.outcome << "\n";
  }
}

}  // namespace

void PrintAnswer(const Answer& answer, const Engine& engine) {
  if (answer.call.asked == Asked::kToolCall) {
    std::cout << "tool       " << answer.call.tool;
  } else {
    std::cout << "method     " << answer.call.method << "\n"
              << "target     " << answer.call.target;
  }
  if (!answer.call.server.empty()) {
    std::cout << "  (profile " << answer.call.server << ")";
  }
  std::cout << "\n";
  if (answer.call.unclear.has_value()) {
    std::cout << "unclear    " << answer.call.unclear->reason;
    if (!answer.call.unclear->argument.empty()) {
      std::cout << "  (argument " << answer.call.unclear->argument << ")";
    }
    std::cout << "\n";
  }
  std::size_t number = 0;
  for (const RequestTrace& request : answer.trace.requests) {
    PrintRequest(++number, request);
  }
  const Decision& decision = answer.decision;
  std::cout << "decision   " << EffectName(decision.effect)
            << InBrackets(decision)
            << (decision.enforced ? "" : "  (observe: forwarded all the same)")
            << "\n";
  if (!decision.sentence.empty()) {
    std::cout << "           " << decision.sentence << "\n";
  }
  std::cout << "policy     " << engine.name() << ", "
            << (engine.mode() == Mode::kObserve ? "observe" : "enforce") << ", "
            << engine.hash() << "\n";
}

}  // namespace gatehouse::cli
