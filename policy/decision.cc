// SPDX-License-Identifier: Apache-2.0
#include "policy/decision.h"

#include <array>

namespace gatehouse {
namespace {

constexpr std::array<CodeRow, kCodeCount> kCodeRows = {{
    {Code::kNoPolicy, "no-policy",
     "No policy is loaded, so nothing is allowed.",
     "Name a policy with --policy, or leave it out for the preset read-only."},
    {Code::kAllowed, "allowed", "A rule allows every request of the call.",
     "Nothing to do."},
    {Code::kDeniedByRule, "denied-by-rule",
     "A deny rule of the policy covers a request of the call.",
     "Read the rule's reason; `gatehouse policy explain` shows the rule."},
    {Code::kNoRule, "no-rule", "No rule of the policy allows a request.",
     "Ask for something the policy allows, or have a rule added."},
    {Code::kOutsideScope, "outside-scope",
     "A request reaches a namespace outside the policy's scope.",
     "Name one of the namespaces in scope in the call."},
    {Code::kProtected, "protected",
     "A request would change something inside a protected namespace.",
     "Leave the protected namespaces alone; `protect:` lists them."},
    {Code::kUnclear, "unclear",
     "What the call would do is not fully known, so it is refused.",
     "Make the call with fewer or plainer arguments; the reason names one."},
    {Code::kUnknownTool, "unknown-tool",
     "The profile does not describe this tool, or there is no profile.",
     "Choose the server's profile with --profile; see `tools:` in a rule."},
    {Code::kSensitive, "sensitive",
     "The resource is sensitive, and no rule names it exactly.",
     "A rule must list the resource by its own name, without globs."},
    {Code::kContext, "context",
     "A request goes to a kubeconfig context outside the policy's scope.",
     "Leave the context out, or have it added to scope.contexts."},
    {Code::kLimit, "limit", "The rule's call limit is used up for now.",
     "Wait until the limit's period has passed."},
    {Code::kApprovalTimeout, "approval-timeout",
     "Nobody approved the call in time.", "Make the call again and approve."},
    {Code::kApprovalRefused, "approval-refused", "A person refused the call.",
     "Do not repeat it; ask the person why."},
    {Code::kApprovalUnavailable, "approval-unavailable",
     "The rule wants a person's approval, and there is no way to ask.",
     "This version has no approval channel: use allow or deny instead."},
    {Code::kAuditUnavailable, "audit-unavailable",
     "The call could not be recorded, so it was not made.",
     "Make the audit database writable and its disk free, then try again."},
    {Code::kMalformed, "malformed",
     "The message is not what the protocol defines, or can be read two ways.",
     "Send one well-formed JSON-RPC 2.0 message on one line."},
    {Code::kDuplicateKey, "duplicate-key",
     "An object in the message has the same key twice.", "Send each key once."},
    {Code::kTooLarge, "too-large", "The message is over the size limit.",
     "Send less in one message."},
    {Code::kTooDeep, "too-deep", "The message is nested over the limit.",
     "Nest at most 64 levels deep."},
    {Code::kBatch, "batch", "JSON-RPC batches are refused.",
     "Send each message on a line of its own."},
    {Code::kDrift, "drift",
     "The server's tool is not the one that the profile describes.",
     "Review the tool's new definition, then accept it: "
     "gatehouse server pin --accept -- SERVER."},
    {Code::kUnknownMethod, "unknown-method",
     "The guard does not let this MCP method through.",
     "Use tools, prompts, resources, completions and tasks by the methods "
     "that MCP has for them."},
    {Code::kNotInFlight, "not-in-flight",
     "The message refers to a request that is not in flight.",
     "Answer or cancel each request once, while it is open."},
    {Code::kClock, "clock", "The machine's clock is outside its bounds.",
     "Set the clock."},
    {Code::kServerDied, "server-died",
     "The wrapped server ended before it answered.",
     "Start it again; its own message is on standard error."},
    {Code::kServerBusy, "server-busy",
     "Too many calls are in flight to the wrapped server, or it has stopped "
     "reading.",
     "Wait for answers before asking more; start the server again if none "
     "come."},
    {Code::kResultTooLarge, "result-too-large",
     "The server's answer is larger than the client can take.",
     "Ask for less: a namespace, a label selector, fewer log lines; or start "
     "the guard with a larger --max-result."},
}};

constexpr bool RowsAreInOrder() {
  for (std::size_t i = 0; i < kCodeRows.size(); ++i) {
    if (static_cast<std::size_t>(kCodeRows[i].code) != i) return false;
    if (kCodeRows[i].slug.empty() || kCodeRows[i].hint.empty()) return false;
  }
  return true;
}
static_assert(RowsAreInOrder(), "one row per code, in the order of the enum");

}  // namespace

std::string_view EffectName(Effect effect) {
  switch (effect) {
    case Effect::kDeny:
      return "deny";
    case Effect::kAsk:
      return "ask";
    case Effect::kAllow:
      return "allow";
  }
  return "deny";
}

const CodeRow& RowOf(Code code) {
  return kCodeRows[static_cast<std::size_t>(code)];
}

std::string_view CodeName(Code code) { return RowOf(code).slug; }

std::optional<Code> CodeFromName(std::string_view slug) {
  for (const CodeRow& row : kCodeRows) {
    if (row.slug == slug) return row.code;
  }
  return std::nullopt;
}

std::span<const CodeRow> AllCodes() { return kCodeRows; }

}  // namespace gatehouse
