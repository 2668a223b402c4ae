// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_output.h"

#include <algorithm>
#include <iostream>
#include <string>

#include "cli/word_list.h"

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

// A rule about other verbs or resources is no candidate.
bool IsCandidate(const TraceStep& step) {
  return step.outcome != "no: verbs" && step.outcome != "no: resources";
}

// One line a candidate: the winner marked, the others with the first field
// that does not match.
void PrintSteps(const RequestTrace& request) {
  std::size_t widest = 0;
  std::size_t others = 0;
  for (const TraceStep& step : request.steps) {
    if (IsCandidate(step)) widest = std::max(widest, step.rule.id.size());
  }
  for (const TraceStep& step : request.steps) {
    if (!IsCandidate(step)) {
      ++others;
      continue;
    }
    const bool winner = step.rule.id == request.decision.rule;
    std::cout << (winner ? "  > " : "    ")
              << Padded(EffectName(step.effect), 6)
              << Padded(step.rule.id, widest + 2) << step.outcome
              << (step.observe ? " (observe)" : "") << "  "
              << PlaceOf(step.rule) << "\n";
  }
  if (others == 0) return;
  std::cout << "    " << others << (others == 1 ? " rule is" : " rules are")
            << " about other verbs or resources\n";
}

void PrintRequest(std::size_t number, const RequestTrace& request) {
  std::cout << "request " << number << "  " << request.request << "\n"
            << "  " << EffectName(request.decision.effect)
            << InBrackets(request.decision) << "\n";
  PrintSteps(request);
}

void WriteStep(const TraceStep& step, JsonWriter& out) {
  out.BeginObject().Key("rule").String(step.rule.id);
  out.Key("effect").String(EffectName(step.effect));
  out.Key("observe").Bool(step.observe);
  out.Key("outcome").String(step.outcome);
  out.Key("file").String(step.rule.file);
  out.Key("line").Integer(step.rule.line).EndObject();
}

}  // namespace

std::string PlaceOf(const RuleSource& rule) {
  return rule.file + ":" + std::to_string(rule.line);
}

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

void WriteTrace(const Answer& answer, const Engine& engine, JsonWriter& out) {
  out.Key("policy").BeginObject().Key("name").String(engine.name());
  out.Key("mode").String(engine.mode() == Mode::kObserve ? "observe"
                                                         : "enforce");
  out.Key("hash").String(engine.hash()).EndObject();
  out.Key("trace").BeginArray();
  for (const RequestTrace& request : answer.trace.requests) {
    const Decision& decision = request.decision;
    out.BeginObject().Key("request").String(request.request);
    out.Key("decision").String(EffectName(decision.effect));
    out.Key("code").String(CodeName(decision.code)).Key("rule");
    decision.rule.empty() ? out.Null() : out.String(decision.rule);
    out.Key("steps").BeginArray();
    for (const TraceStep& step : request.steps) WriteStep(step, out);
    out.EndArray().EndObject();
  }
  out.EndArray();
}

}  // namespace gatehouse::cli
