// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/classifier.h"

#include <algorithm>
#include <utility>

#include "policy/json_value.h"
#include "policy/kubernetes/argument_values.h"
#include "policy/kubernetes/argv_template.h"
#include "policy/kubernetes/helm_requests.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/possible_call.h"
#include "policy/kubernetes/profile_requests.h"
#include "policy/kubernetes/request_builder.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

// One call of a known tool, step by step.
class CallReader {
 public:
  explicit CallReader(const StepContext& context) : context_(context) {}

  Meaning Read() {
    if (context_.values.fault()) Refuse(*context_.values.fault());
    for (const ToolStep& step : context_.tool.steps) {
      if (Applies(step.when)) ReadStep(step);
    }
    if (meaning_.requests.empty() && !meaning_.unclear) {
      Refuse({"the arguments name no operation that the profile knows", ""});
    }
    std::erase_if(meaning_.requests, [](const Request& request) {
      return request.verb == Verb::kUnclear && request.helm == HelmPart::kNone;
    });
    if (meaning_.unclear) {
      meaning_.requests.push_back(
          UnclearRequest(CurrentPlace(context_.cluster)));
    }
    // A rule may cover what helm does beyond, but nothing else that is unclear.
    if (!meaning_.unclear) meaning_.unclear = std::move(meaning_.beyond);
    return std::move(meaning_);
  }

 private:
  bool Applies(const std::optional<Condition>& when) const {
    return !when || context_.values.Holds(*when);
  }
  void Refuse(Unclear unclear) {
    if (!meaning_.unclear) meaning_.unclear = std::move(unclear);
  }

  void Merge(Meaning part) {
    if (part.unclear) Refuse(*part.unclear);
    if (part.beyond) meaning_.beyond = std::move(part.beyond);
    // What one part holds differs already.
    if (meaning_.requests.empty()) {
      meaning_.requests = std::move(part.requests);
      return;
    }
    for (Request& request : part.requests) meaning_.Add(std::move(request));
  }

  void ReadStep(const ToolStep& step) {
    if (!step.unclear.empty()) Refuse({step.unclear, ""});
    if (!step.kubectl.empty()) ReadKubectl(step);
    if (!step.helm.empty()) ReadHelm(step);
    for (const RequestStep& request : step.requests) {
      if (Applies(request.when)) Merge(MeaningOfStep(request, context_));
    }
  }

  void ReadKubectl(const ToolStep& step) {
    const BuiltArgv argv = BuildArgv(step.kubectl, context_.values);
    if (argv.unclear) return Refuse(*argv.unclear);
    const std::optional<std::string> manifest =
        context_.values.Text(step.kubectl_manifest);
    const KubectlRun run{argv.words, manifest ? &*manifest : nullptr};
    Merge(MeaningOfKubectl(run, context_.tables, context_.cluster));
  }

  void ReadHelm(const ToolStep& step) {
    const BuiltArgv argv = BuildArgv(step.helm, context_.values);
    if (argv.unclear) return Refuse(*argv.unclear);
    Merge(MeaningOfHelm(argv.words, context_.tables, context_.cluster));
  }

  const StepContext& context_;
  Meaning meaning_;
};

const ToolSpec* FindSpec(const ToolProfile::Specs& specs,
                         std::string_view name) {
  const auto found = specs.find(name);
  return found == specs.end() ? nullptr : &found->second;
}

JsonValue ArgumentsOf(const std::vector<UriTemplate::Value>& values) {
  JsonValue arguments = JsonValue::object();
  for (const UriTemplate::Value& value : values) {
    arguments.emplace(value.variable, value.text);
  }
  return arguments;
}

}  // namespace

Classifier::Classifier(std::shared_ptr<const ToolProfile> profile,
                       std::shared_ptr<const KubernetesTables> tables)
    : profile_(std::move(profile)), tables_(std::move(tables)) {}

Classifier::~Classifier() = default;

std::string_view Classifier::server() const {
  return profile_ == nullptr ? std::string_view() : profile_->name;
}

Classification Classifier::Classify(const ToolCall& call,
                                    const ClusterView& cluster) const {
  const ToolSpec* tool =
      profile_ == nullptr ? nullptr : profile_->Find(call.tool);
  Classification result = ClassifySpec(tool, call.arguments, cluster);
  result.tool = std::string(call.tool);
  return result;
}

PossibleCall Classifier::PossibleSpec(const ToolSpec* spec) const {
  PossibleCall possible;
  possible.facts.server = std::string(server());
  possible.facts.known_tool = spec != nullptr;
  if (spec != nullptr) {
    possible.steps = PossibleSteps(*spec, *tables_);
  } else {
    possible.steps = {{true, {{true, {UnclearRequest({})}}}}};
  }
  return possible;
}

PossibleCall Classifier::Possible(std::string_view tool) const {
  PossibleCall possible =
      PossibleSpec(profile_ == nullptr ? nullptr : profile_->Find(tool));
  possible.facts.tool = std::string(tool);
  return possible;
}

PossibleCall Classifier::PossiblePrompt(std::string_view name) const {
  PossibleCall possible = PossibleSpec(
      profile_ == nullptr ? nullptr : FindSpec(profile_->prompts, name));
  possible.facts.asked = Asked::kPrompt;
  possible.facts.target = std::string(name);
  return possible;
}

PossibleCall Classifier::PossibleTemplate(std::string_view text) const {
  const ToolSpec* spec = nullptr;
  if (profile_ != nullptr) {
    for (const ResourceSpec& resource : profile_->resources) {
      if (resource.uri.text() == text) spec = &resource.read;
    }
  }
  PossibleCall possible = PossibleSpec(spec);
  possible.facts.asked = Asked::kResource;
  possible.facts.target = std::string(text);
  return possible;
}

Classification Classifier::ClassifyResource(std::string_view uri,
                                            const ClusterView& cluster) const {
  const ToolSpec* spec = nullptr;
  JsonValue arguments;
  if (profile_ != nullptr) {
    for (const ResourceSpec& resource : profile_->resources) {
      const auto values = resource.uri.Match(uri);
      if (!values) continue;
      spec = &resource.read;
      arguments = ArgumentsOf(*values);
      break;
    }
  }
  Classification result = ClassifySpec(spec, &arguments, cluster);
  result.target = std::string(uri);
  result.asked = Asked::kResource;
  return result;
}

Classification Classifier::ClassifyPrompt(const ToolCall& call,
                                          const ClusterView& cluster) const {
  const ToolSpec* spec =
      profile_ == nullptr ? nullptr : FindSpec(profile_->prompts, call.tool);
  Classification result = ClassifySpec(spec, call.arguments, cluster);
  result.target = std::string(call.tool);
  result.asked = Asked::kPrompt;
  return result;
}

Classification Classifier::ClassifyCompletion(
    std::string_view reference, const ClusterView& cluster) const {
  const ToolSpec* spec = profile_ == nullptr
                             ? nullptr
                             : FindSpec(profile_->completions, reference);
  Classification result = ClassifySpec(spec, nullptr, cluster);
  result.target = std::string(reference);
  return result;
}

// `spec`: nullptr where the profile does not know what is asked for.
Classification Classifier::ClassifySpec(const ToolSpec* spec,
                                        const JsonValue* arguments,
                                        const ClusterView& kubeconfig) const {
  const bool own_cluster = profile_ != nullptr && !profile_->cluster.empty();
  const ClusterView own =
      own_cluster ? ClusterView{profile_->cluster, {}} : ClusterView{};
  const ClusterView& cluster = own_cluster ? own : kubeconfig;
  Classification result;
  result.server = std::string(server());
  if (spec == nullptr) {
    result.unclear =
        Unclear{profile_ == nullptr ? "no profile describes this server's tools"
                                    : "the profile does not know it",
                ""};
    result.requests.push_back(UnclearRequest(CurrentPlace(cluster)));
    return result;
  }
  const ArgumentValues values(*spec, arguments);
  const StepContext context{*spec, values, *tables_, cluster};
  Meaning meaning = CallReader(context).Read();
  result.known_tool = true;
  result.requests = std::move(meaning.requests);
  result.unclear = std::move(meaning.unclear);
  return result;
}

}  // namespace gatehouse
