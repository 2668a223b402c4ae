// SPDX-License-Identifier: Apache-2.0
#pragma once
// A judge that reads its answer from the tool's name: a test says what it
// wants by the tool it calls.
//   read_*     allowed, one get of a pod
//   write_*    allowed, one delete
//   config_*   allowed, changes the kubeconfig
//   unclear_*  allowed, though nobody knows what it does
//   secret_*   allowed, one get of a Secret
//   reveal_*   the same, by a rule that reveals it
//   observe_*  denied by a rule that is not enforced
//   ask_*      a person's approval is wanted
//   other      denied by the rule "no-writes"

#include <string>
#include <string_view>

#include "proxy/judge.h"

namespace gatehouse {

class FakeJudge final : public Judge {
 public:
  Judgement Decide(const ToolCall& call, const Subject& subject,
                   UtcTime) override {
    ++calls;
    last_subject = subject;
    Judgement judgement;
    judgement.policy_hash = "sha256:test";
    judgement.context = "dev";
    judgement.call.server = "sample-server";
    judgement.call.tool = call.tool;
    judgement.call.known_tool = true;
    judgement.call.requests.push_back(RequestOf(call.tool));
    if (Starts(call.tool, "unclear_")) judgement.call.unclear.emplace();
    judgement.decision = DecisionOf(call.tool);
    const JsonValue* place = call.arguments == nullptr
                                 ? nullptr
                                 : Member(*call.arguments, "namespace");
    if (place == nullptr) judgement.pin = pin;
    if (place != nullptr && pinned_is_other) {
      judgement.call.requests[0].namespace_name = "other";
    }
    return judgement;
  }
  void ForgetCluster() override { ++forgotten; }
  // By the last part of a URI, or a prompt's name.
  Judgement DecideMethod(const MethodRequest& request, const Subject& subject,
                         UtcTime time) override {
    const std::string_view target = request.target;
    Judgement judgement =
        Decide({target.substr(target.rfind('/') + 1), nullptr}, subject, time);
    judgement.call.tool.clear();
    judgement.call.asked = request.asked;
    judgement.call.method = request.method;
    judgement.call.target = target;
    return judgement;
  }
  bool CouldPass(const MethodRequest& listed, const Subject& subject,
                 UtcTime time) override {
    const bool passes = DecideMethod(listed, subject, time).decision.Passes();
    --calls;  // nothing was called
    return passes;
  }
  Pin tool_pin() override { return pinned; }
  Mode mode() override { return Mode::kEnforce; }
  SessionSettings settings() override { return session_settings; }
  bool Knows(std::string_view) override { return knows; }
  bool Declares(std::string_view, std::string_view argument) override {
    return argument == declared;
  }

  int calls = 0;
  int forgotten = 0;  // how often the kubeconfig had to be read again
  Pin pinned = Pin::kRecord;
  SessionSettings session_settings;
  bool knows = false;    // the profile describes every tool
  std::string declared;  // an argument name that the profile knows
  Subject last_subject;
  // Of every call without a `namespace`.
  std::optional<NamespacePin> pin;
  bool pinned_is_other = false;  // with one, a call goes elsewhere

 private:
  static bool Starts(std::string_view tool, std::string_view with) {
    return tool.substr(0, with.size()) == with;
  }
  static Request RequestOf(std::string_view tool) {
    Request request;
    request.verb = Starts(tool, "read_")     ? Verb::kGet
                   : Starts(tool, "config_") ? Verb::kConfig
                                             : Verb::kDelete;
    request.group = "";
    const bool secret = Starts(tool, "secret_") || Starts(tool, "reveal_");
    if (secret) request.verb = Verb::kGet;
    request.resource = secret ? "secrets" : "pods";
    request.subresource = "";
    request.namespace_name = "dev";
    request.name = "web";
    request.context = "dev";
    return request;
  }
  static Decision DecisionOf(std::string_view tool) {
    Decision decision;
    if (Starts(tool, "read_") || Starts(tool, "write_") ||
        Starts(tool, "config_") || Starts(tool, "unclear_") ||
        Starts(tool, "secret_") || Starts(tool, "reveal_")) {
      decision.reveals = Starts(tool, "reveal_");
      decision.effect = Effect::kAllow;
      decision.code = Code::kAllowed;
      decision.rule = "pods-in-dev";
      decision.sentence = "Pods in dev are allowed.";
    } else if (Starts(tool, "ask_")) {
      decision.effect = Effect::kAsk;
      decision.rule = "ask-first";
    } else {
      decision.code = Code::kDeniedByRule;
      decision.rule = "no-writes";
      decision.sentence = "Nothing is deleted here.";
      decision.enforced = !Starts(tool, "observe_");
    }
    return decision;
  }
};

}  // namespace gatehouse
