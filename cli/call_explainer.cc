// SPDX-License-Identifier: Apache-2.0
#include "cli/call_explainer.h"

#include <string_view>
#include <utility>
#include <variant>

#include "cli/profile_source.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/tool_profile.h"
#include "proxy/message.h"
#include "proxy/method_reader.h"

namespace gatehouse::cli {
namespace {

std::string_view MethodOf(Asked asked) {
  switch (asked) {
    case Asked::kToolCall:
      return "tools/call";
    case Asked::kResource:
      return "resources/read";
    case Asked::kPrompt:
      return "prompts/get";
  }
  return "";
}

Answer Refused(const Question& question, Code code, std::string sentence) {
  Answer answer;
  answer.call.asked = question.asked;
  if (question.asked == Asked::kToolCall) {
    answer.call.tool = question.target;
  } else {
    answer.call.method = MethodOf(question.asked);
    answer.call.target = question.target;
  }
  answer.decision.code = code;
  answer.decision.sentence = std::move(sentence);
  answer.trace.decision = answer.decision;
  return answer;
}

std::string FrameOf(const Question& question) {
  JsonWriter out;
  out.BeginObject().Key("jsonrpc").String("2.0").Key("id").Integer(1);
  out.Key("method").String(MethodOf(question.asked));
  out.Key("params").BeginObject();
  if (question.asked == Asked::kResource) {
    out.Key("uri").String(question.target);
  } else {
    out.Key("name").String(question.target);
    out.Key("arguments").Raw(question.arguments);
  }
  out.EndObject().EndObject();
  return out.Take();
}

// Or why the message cannot be judged.
using Judged = std::variant<std::string_view, Judgement>;

Judged JudgeCall(const Message& message, Judge& judge, const Subject& subject,
                 UtcTime now) {
  const ToolCall call{message.tool(), message.arguments()};
  if (!FindSuspiciousArgument(judge, call, nullptr).empty()) {
    return kLookalikeSentence;
  }
  return judge.Decide(call, subject, now);
}

Judged JudgeMethod(const Message& message, Judge& judge, const Subject& subject,
                   UtcTime now) {
  const auto read = ReadMethod(message);
  if (const auto* fault = std::get_if<MethodFault>(&read)) {
    return fault->sentence;
  }
  return judge.DecideMethod(std::get<MethodAsks>(read).requests.front(),
                            subject, now);
}

}  // namespace

struct CallExplainer::Bench {
  Bench(const std::shared_ptr<const ToolProfile>& profile,
        std::shared_ptr<const KubernetesTables> tables, EngineSource engine,
        ClusterSource& cluster)
      : classifier(profile, std::move(tables)),
        judge(classifier, std::move(engine), cluster, profile) {}
  Classifier classifier;
  PolicyJudge judge;
};

CallExplainer::CallExplainer(ClusterSource& cluster,
                             std::shared_ptr<const KubernetesTables> tables)
    : cluster_(cluster), tables_(std::move(tables)) {}

CallExplainer::~CallExplainer() = default;

void CallExplainer::Use(std::shared_ptr<const Engine> engine) {
  engine_ = std::move(engine);
}

Result<CallExplainer::Bench*> CallExplainer::BenchFor(
    const std::string& server) {
  std::unique_ptr<Bench>& bench = benches_[server];
  if (bench == nullptr) {
    auto profile = ChooseProfile(server, {});
    if (!profile.ok()) return profile.error();
    bench = std::make_unique<Bench>(
        profile.value(), tables_, [this] { return engine_; }, cluster_);
  }
  return bench.get();
}

Result<Answer> CallExplainer::Explain(const Question& question,
                                      const Subject& subject, UtcTime now) {
  auto bench = BenchFor(question.server);
  if (!bench.ok()) return bench.error();
  const std::string frame = FrameOf(question);
  auto read = ReadMessage(Frame{frame});
  if (const auto* refusal = std::get_if<Refusal>(&read)) {
    return Refused(question, refusal->code, refusal->sentence);
  }
  const Message& message = std::get<Message>(read);
  PolicyJudge& judge = bench.value()->judge;
  auto judged = question.asked == Asked::kToolCall
                    ? JudgeCall(message, judge, subject, now)
                    : JudgeMethod(message, judge, subject, now);
  if (const auto* why = std::get_if<std::string_view>(&judged)) {
    return Refused(question, Code::kMalformed, std::string(*why));
  }
  auto& judgement = std::get<Judgement>(judged);
  Answer answer;
  answer.trace = engine_->Explain(judgement.call, subject, now);
  answer.decision = std::move(judgement.decision);
  answer.call = std::move(judgement.call);
  return answer;
}

}  // namespace gatehouse::cli
