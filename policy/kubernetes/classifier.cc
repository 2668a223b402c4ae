// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/classifier.h"

#include <algorithm>
#include <utility>

#include "policy/kubernetes/argument_values.h"
#include "policy/kubernetes/argv_template.h"
#include "policy/kubernetes/kubectl_requests.h"
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
      return request.verb == Verb::kUnclear;
    });
    if (meaning_.unclear) {
      meaning_.requests.push_back(
          UnclearRequest(CurrentPlace(context_.cluster)));
    }
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
    for (Request& request : part.requests) {
      std::vector<Request>& all = meaning_.requests;
      if (std::find(all.begin(), all.end(), request) == all.end()) {
        all.push_back(std::move(request));
      }
    }
  }

  void ReadStep(const ToolStep& step) {
    if (!step.unclear.empty()) Refuse({step.unclear, ""});
    if (!step.kubectl.empty()) ReadKubectl(step);
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

  const StepContext& context_;
  Meaning meaning_;
};

Classification UnknownTool(std::string server, std::string_view tool,
                           const ClusterView& cluster) {
  Classification result;
  result.server = std::move(server);
  result.tool = std::string(tool);
  result.unclear =
      Unclear{result.server.empty() ? "no profile describes this server's tools"
                                    : "the profile does not know this tool",
              ""};
  result.requests.push_back(UnclearRequest(CurrentPlace(cluster)));
  return result;
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
  if (tool == nullptr) {
    return UnknownTool(std::string(server()), call.tool, cluster);
  }
  const ArgumentValues values(*tool, call.arguments);
  const StepContext context{*tool, values, *tables_, cluster};
  Meaning meaning = CallReader(context).Read();
  Classification result;
  result.server = profile_->name;
  result.tool = std::string(call.tool);
  result.known_tool = true;
  result.requests = std::move(meaning.requests);
  result.unclear = std::move(meaning.unclear);
  return result;
}

}  // namespace gatehouse
