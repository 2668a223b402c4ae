// SPDX-License-Identifier: Apache-2.0
#pragma once
// Both wings of policy/ as the gate sees them: a tool call in, what it asks
// and whether it may out. The seam between proxy/gate and the classifier and
// engine, so that gates can be tested over a judge that says what a test wants.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/engine.h"
#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/namespace_pin.h"

namespace gatehouse {

// What was made of one call. A default-made one is a deny, `no-policy`.
struct Judgement {
  Classification call;
  Decision decision;
  std::string policy_hash;
  Mode mode = Mode::kEnforce;
  std::string context;  // kubeconfig's current one, for the record
  // What is to be written into the call before it is judged again and
  // forwarded; once that is done, what was written.
  std::optional<NamespacePin> pin = std::nullopt;
};

// What one of MCP's methods other than tools/call asks for. Borrows all.
struct MethodRequest {
  Asked asked = Asked::kResource;
  std::string_view method;
  std::string_view target;  // a resource's URI, a prompt's name
  const JsonValue* arguments = nullptr;
};

class Judge {
 public:
  virtual ~Judge() = default;
  // Cannot fail: what goes wrong is a deny with its code.
  virtual Judgement Decide(const ToolCall& call, const Subject& subject,
                           UtcTime time) = 0;
  // The kubeconfig may have changed: it is read before the next decision.
  virtual void ForgetCluster() {}
  // The same for what is no tool call.
  virtual Judgement DecideMethod(const MethodRequest& request,
                                 const Subject& subject, UtcTime time) = 0;
  // Whether any call of the tool (or any use of the prompt, of the resource or
  // of a template of such) could pass: errs towards yes.
  virtual bool CouldPass(const MethodRequest& listed, const Subject& subject,
                         UtcTime time) = 0;
  virtual Pin tool_pin() = 0;
  virtual Mode mode() = 0;
  // What the policy in force says of the session; as shipped without one.
  virtual SessionSettings settings() { return {}; }
  // Whether the profile describes the tool at all.
  virtual bool Knows(std::string_view tool) = 0;
  // Whether the profile declares this argument of this tool, so that a name
  // which resembles another one is known to be meant.
  virtual bool Declares(std::string_view tool, std::string_view argument) = 0;
};

// The argument whose name resembles, without being, one that the tool declares
// or policy depends on; "" where there is none. `declared`: the names learned
// from the server's tools/list, or nullptr. Borrows from the call.
inline constexpr std::string_view kLookalikeSentence =
    "an argument's name only resembles a known one";
std::string_view FindSuspiciousArgument(
    Judge& judge, const ToolCall& call,
    const std::vector<std::string>* declared);

// Where the kubeconfig's view comes from. The command line's implementation
// reads the file again when it has changed; a test's returns a constant.
class ClusterSource {
 public:
  virtual ~ClusterSource() = default;
  // Valid until the next call.
  virtual const ClusterView& View() = 0;
  // What is on disk is read again at the next View, changed or not.
  virtual void Forget() {}
};

// The engine to use now: the reload point. May return nullptr: no policy, and
// every call is denied with that code.
using EngineSource = std::function<std::shared_ptr<const Engine>()>;

// Whether namespaces that calls leave out are written into them.
enum class PinNamespaces { kOff = 0, kOn };

// The real one. Borrows the classifier and the cluster source, which outlive
// it; owns the engine source and shares the profile (the classifier's own;
// nullptr: none declares anything, so every lookalike is refused). One thread.
class PolicyJudge final : public Judge {
 public:
  PolicyJudge(const Classifier& classifier, EngineSource engine,
              ClusterSource& cluster,
              std::shared_ptr<const ToolProfile> profile = nullptr,
              PinNamespaces pin = PinNamespaces::kOff);

  Judgement Decide(const ToolCall& call, const Subject& subject,
                   UtcTime time) override;
  void ForgetCluster() override { cluster_.Forget(); }
  Judgement DecideMethod(const MethodRequest& request, const Subject& subject,
                         UtcTime time) override;
  bool CouldPass(const MethodRequest& listed, const Subject& subject,
                 UtcTime time) override;
  Pin tool_pin() override;
  Mode mode() override;
  SessionSettings settings() override;
  bool Knows(std::string_view tool) override;
  bool Declares(std::string_view tool, std::string_view argument) override;

 private:
  Classification Classified(const MethodRequest& request,
                            const ClusterView& view) const;
  Judgement Judged(Classification call, const Subject& subject, UtcTime time,
                   const ClusterView& view);

  const Classifier& classifier_;
  EngineSource engine_;
  ClusterSource& cluster_;
  std::shared_ptr<const ToolProfile> profile_;
  PinNamespaces pin_;
};

}  // namespace gatehouse
