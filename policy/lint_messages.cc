// SPDX-License-Identifier: Apache-2.0
// Of lint: servers, tools, methods and their targets. Whose profile is their
// own, under a name of its own, names servers that are not known here.
#include <algorithm>
#include <string>
#include <vector>

#include "policy/embedded.h"
#include "policy/fault.h"
#include "policy/judged_methods.h"
#include "policy/kubernetes/tool_profile.h"
#include "policy/lint_finding.h"
#include "policy/rule_cover.h"

namespace gatehouse {
namespace {

// What is answered or forwarded without a rule, so that naming it is idle.
constexpr std::string_view kUnjudged[] = {
    "initialize",      "ping",
    "server/discover", "logging/setLevel",
    "tools/list",      "prompts/list",
    "resources/list",  "resources/templates/list",
    "tasks/get",       "tasks/result",
    "tasks/list",      "tasks/cancel",
    "tasks/update"};

std::string DidYouMean(std::string_view word,
                       const std::vector<std::string_view>& known) {
  const std::string_view nearest = NearestWord(word, known);
  return nearest.empty() ? "" : "; did you mean " + Quoted(nearest) + "?";
}

class MessageLinter {
 public:
  MessageLinter(const LintedRule& linted, LintFindings& findings)
      : match_(linted.written.match), rule_(linted.rule), findings_(findings) {}

  void Check() {
    CheckServers();
    CheckTools();
    CheckMethods();
    CheckTargets();
  }

 private:
  void Add(Position position, std::string message) {
    findings_.push_back({Lint::kMatchesNothing, position, std::move(message)});
  }

  void CheckServers() {
    if (!match_.servers) return;
    const std::vector<std::string> names = EmbeddedProfileNames();
    for (const Word& word : *match_.servers) {
      const auto pattern = Pattern::Compile(word.text);
      if (!pattern.ok()) continue;
      bool known = false;
      for (const std::string& name : names) {
        if (!pattern.value().Matches(name)) continue;
        known = true;
        servers_.push_back(name);
      }
      if (known) continue;
      unknown_server_ = true;
      Add(word.position,
          "the pattern " + Quoted(word.text) + " matches no shipped profile" +
              DidYouMean(word.text, {names.begin(), names.end()}));
    }
  }

  // Of servers that are all known. A tool that their profile lacks is unclear,
  // whatever it does: a rule that covers that may mean it.
  void CheckTools() {
    if (!match_.tools || servers_.empty() || unknown_server_) return;
    if (Contains(rule_.verbs, Verb::kUnclear)) return;
    std::vector<std::shared_ptr<const ToolProfile>> profiles;
    std::vector<std::string_view> known;
    for (const std::string& server : servers_) {
      profiles.push_back(EmbeddedProfile(server));
      if (profiles.back() == nullptr) return;
      for (const auto& [tool, spec] : profiles.back()->tools) {
        known.push_back(tool);
      }
    }
    for (const Word& word : *match_.tools) {
      const auto pattern = Pattern::Compile(word.text);
      if (!pattern.ok()) continue;
      const bool found = std::any_of(
          known.begin(), known.end(),
          [&](std::string_view tool) { return pattern.value().Matches(tool); });
      if (found) continue;
      Add(word.position, "the pattern " + Quoted(word.text) +
                             " matches no tool in the profile of the server" +
                             (servers_.size() > 1 ? "s" : "") +
                             DidYouMean(word.text, known));
    }
  }

  void CheckMethods() {
    if (!match_.methods) return;
    for (const Word& word : *match_.methods) {
      const auto pattern = Pattern::Compile(word.text);
      if (!pattern.ok() || MatchesJudged(pattern.value())) continue;
      Add(word.position, WhyNoMethod(word.text));
    }
  }

  static bool MatchesJudged(const Pattern& pattern) {
    return std::any_of(
        std::begin(kJudgedMethods), std::end(kJudgedMethods),
        [&](const JudgedMethod& each) { return pattern.Matches(each.name); });
  }

  static std::string WhyNoMethod(const std::string& word) {
    if (word == "tools/call") {
      return "\"tools/call\" is no such method here: name the tools with "
             "\"tools\"";
    }
    if (std::ranges::find(kUnjudged, word) != std::end(kUnjudged)) {
      return Quoted(word) + " is never a rule's to decide; leave it out";
    }
    std::vector<std::string_view> known;
    for (const JudgedMethod& each : kJudgedMethods) known.push_back(each.name);
    return "the pattern " + Quoted(word) + " matches no method that a rule " +
           "decides" + DidYouMean(word, known);
  }

  // A method names a URI or a prompt, and never both.
  void CheckTargets() {
    if (match_.uris && match_.prompts) {
      Add(match_.prompts->front().position,
          "no method has both a URI and a prompt; write a rule for each");
      return;
    }
    if (match_.uris) CheckTarget(*match_.uris, &JudgedMethod::uri, "URI");
    if (match_.prompts) {
      CheckTarget(*match_.prompts, &JudgedMethod::prompt, "prompt");
    }
  }

  void CheckTarget(const Words& words, bool JudgedMethod::*has,
                   const std::string& what) {
    if (!rule_.match.methods || words.empty()) return;
    bool judged = false;
    for (const JudgedMethod& each : kJudgedMethods) {
      if (!AnyMatches(*rule_.match.methods, each.name)) continue;
      judged = true;
      if (each.*has) return;
    }
    if (!judged) return;  // it was said of the methods
    Add(words.front().position, "none of the rule's methods names a " + what +
                                    "; leave the field out, or the methods");
  }

  const MatchFields& match_;
  const CompiledRule& rule_;
  LintFindings& findings_;
  std::vector<std::string> servers_;  // those that are known
  bool unknown_server_ = false;
};

}  // namespace

void LintMessages(const LintedRule& linted, LintFindings& findings) {
  MessageLinter(linted, findings).Check();
}

}  // namespace gatehouse
