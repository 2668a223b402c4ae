// SPDX-License-Identifier: Apache-2.0
#include "cli/call_explainer.h"

#include <utility>

#include "cli/profile_source.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/tool_profile.h"
#include "proxy/message.h"

namespace gatehouse::cli {
namespace {

Answer Refused(const Question& question, Code code, std::string sentence) {
  Answer answer;
  answer.call.tool = question.tool;
  answer.decision.code = code;
  answer.decision.sentence = std::move(sentence);
  answer.trace.decision = answer.decision;
  return answer;
}

std::string FrameOf(const Question& question) {
  JsonWriter out;
  out.BeginObject().Key("jsonrpc").String("2.0").Key("id").Integer(1);
  out.Key("method").String("tools/call").Key("params").BeginObject();
  out.Key("name").String(question.tool);
  out.Key("arguments").Raw(question.arguments).EndObject().EndObject();
  return out.Take();
}

}  // namespace

struct CallExplainer::Bench {
  Bench(std::shared_ptr<const ToolProfile> profile,
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
  const ToolCall call{message.tool(), message.arguments()};
  PolicyJudge& judge = bench.value()->judge;
  if (!FindSuspiciousArgument(judge, call, nullptr).empty()) {
    return Refused(question, Code::kMalformed, std::string(kLookalikeSentence));
  }
  Judgement judgement = judge.Decide(call, subject, now);
  Answer answer;
  answer.trace = engine_->Explain(judgement.call, subject, now);
  answer.decision = std::move(judgement.decision);
  answer.call = std::move(judgement.call);
  return answer;
}

}  // namespace gatehouse::cli
