// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy replay`: every recorded call judged again by another
// policy, as if it were enforced; the calls whose answer changes, with counts.

#include <iostream>
#include <map>

#include "cli/output_width.h"
#include "cli/policy.h"
#include "cli/table.h"
#include "cli/trail_calls.h"
#include "cli/trail_reading.h"
#include "cli/word_list.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

struct ReplayOptions {
  PolicyChoice policy;
  TrailChoice trail;
  std::string fail_on = "any";
  std::string format = "text";
};

// Calls that read the same and change in the same way.
struct Change {
  std::string before;  // "allow", "observed" (refused, but forwarded), …
  Effect after = Effect::kDeny;
  std::string tool;
  std::string requests;
  std::string why;  // the new rule or code
  std::size_t count = 0;
  audit::Sequence last = 0;
};

struct Replay {
  std::size_t calls = 0;
  std::size_t left_out = 0;
  std::size_t allowed = 0;  // by the new policy
  std::vector<Change> changes;
  std::size_t narrower = 0;  // calls, of those that change
  std::size_t wider = 0;
};

// A policy without scope.contexts is bound to the context that is current at
// start, so it is compiled for each that the trail knows.
class Engines {
 public:
  explicit Engines(PolicyChoice choice) : choice_(std::move(choice)) {}

  const LoadedPolicy& For(const std::string& context) {
    auto [at, fresh] = loaded_.try_emplace(context);
    if (fresh) {
      choice_.current_context = context;
      at->second = LoadPolicy(choice_);
    }
    return at->second;
  }

 private:
  PolicyChoice choice_;
  std::map<std::string, LoadedPolicy> loaded_;
};

std::string RequestsOf(const TrailCall& call) {
  std::string text;
  for (const Request& request : call.call.requests) {
    text += (text.empty() ? "" : "; ") + Describe(request);
  }
  return text;
}

std::string Before(const TrailCall& call) {
  if (call.effect == Effect::kAllow) return "allow";
  return call.forwarded ? "observed" : std::string(EffectName(call.effect));
}

// What became of the call then, and what would now: a call that was let
// through, whatever for, counts as let through.
void Compare(const TrailCall& call, const Decision& now, Replay& replay) {
  ++replay.calls;
  replay.allowed += now.effect == Effect::kAllow ? 1 : 0;
  const Effect then = call.forwarded ? Effect::kAllow : call.effect;
  if (then == now.effect) return;
  (now.effect < then ? replay.narrower : replay.wider) += 1;
  Change change{Before(call),
                now.effect,
                call.call.tool,
                RequestsOf(call),
                now.rule.empty() ? std::string(CodeName(now.code)) : now.rule,
                0,
                0};
  for (Change& known : replay.changes) {
    if (known.before == change.before && known.after == change.after &&
        known.tool == change.tool && known.requests == change.requests &&
        known.why == change.why) {
      ++known.count;
      known.last = call.seq;
      return;
    }
  }
  change.count = 1;
  change.last = call.seq;
  replay.changes.push_back(std::move(change));
}

void PrintReplay(const Replay& replay, const Engine& engine) {
  std::cout << Calls(replay.calls) << " by " << engine.name() << ", "
            << engine.hash().substr(0, 19) << ":\n"
            << replay.allowed << " allowed; " << replay.narrower
            << " newly refused, " << replay.wider << " newly let through, "
            << replay.calls - replay.narrower - replay.wider << " as before\n";
  if (replay.left_out > 0) {
    std::cout << Calls(replay.left_out)
              << " left out: the guard itself refused them, or their record "
                 "was erased\n";
  }
  if (replay.changes.empty()) return;
  Table table({"CALLS", "BEFORE", "NOW", "TOOL", "REQUESTS", "WHY"});
  for (const Change& change : replay.changes) {
    table.Add({{std::to_string(change.count)},
               {change.before},
               {std::string(EffectName(change.after)),
                change.after == Effect::kAllow ? Style::kGood : Style::kBad},
               {change.tool},
               {change.requests},
               {change.why}});
  }
  std::cout << "\n" << table.Render(OutputWidth());
}

void WriteReplay(const Replay& replay, const Engine& engine, JsonWriter& out) {
  out.BeginObject().Key("policy").String(engine.name());
  out.Key("hash").String(engine.hash());
  out.Key("calls").Unsigned(replay.calls);
  out.Key("left_out").Unsigned(replay.left_out);
  out.Key("allowed").Unsigned(replay.allowed);
  out.Key("narrower").Unsigned(replay.narrower);
  out.Key("wider").Unsigned(replay.wider);
  out.Key("changes").BeginArray();
  for (const Change& change : replay.changes) {
    out.BeginObject().Key("count").Unsigned(change.count);
    out.Key("last").Unsigned(change.last);
    out.Key("before").String(change.before);
    out.Key("after").String(EffectName(change.after));
    out.Key("tool").String(change.tool);
    out.Key("requests").String(change.requests);
    out.Key("why").String(change.why).EndObject();
  }
  out.EndArray().EndObject();
}

int ExitCodeOf(const Replay& replay, const std::string& fail_on) {
  const bool narrower = fail_on == "any" || fail_on == "narrower";
  const bool wider = fail_on == "any" || fail_on == "wider";
  const bool fails =
      (narrower && replay.narrower > 0) || (wider && replay.wider > 0);
  return fails ? kExitNo : kExitDone;
}

int FailedToLoad(const LoadedPolicy& policy) {
  std::cerr << policy.Faults() << "\n";
  return policy.error.empty() ? kExitNo : kExitEnvironment;
}

int RunReplay(const ReplayOptions& options) {
  auto trail = ReadTrailCalls(options.trail);
  if (!trail.ok()) {
    std::cerr << "gatehouse: " << trail.error().sentence << "\n";
    return trail.error().code == ErrorCode::kInvalid ? kExitMisuse
                                                     : kExitEnvironment;
  }
  PolicyChoice choice = options.policy;
  choice.tables = KubernetesTables::Embedded();
  Engines engines(choice);
  const std::vector<TrailCall>& calls = trail.value().calls;
  const LoadedPolicy& any =
      engines.For(calls.empty() ? "" : calls.front().context);
  if (any.engine == nullptr) return FailedToLoad(any);
  Replay replay;
  replay.left_out = trail.value().left_out;
  for (const TrailCall& call : calls) {
    const LoadedPolicy& policy = engines.For(call.context);
    if (policy.engine == nullptr) return FailedToLoad(policy);
    Compare(call, policy.engine->Decide(call.call, call.subject, call.time),
            replay);
  }
  if (options.format == "json") {
    JsonWriter out;
    WriteReplay(replay, *any.engine, out);
    std::cout << out.text() << "\n";
  } else {
    PrintReplay(replay, *any.engine);
  }
  return ExitCodeOf(replay, options.fail_on);
}

constexpr std::string_view kReplayHelp =
    "\nThe policy is tried as if enforced, whatever its mode, at each call's "
    "own\ntime, context and user; of the groups only your own are known. A "
    "call that was\nobserved counts as let through.\n"
    "\nExample, in the check of a pull request:\n"
    "  gatehouse policy replay --db audit.db --policy new.yaml --fail-on "
    "wider\n"
    "\nExit codes: 0 no change that --fail-on names, 1 there is one, 2 misuse, "
    "3 no\nsuch file.\n";

}  // namespace

void AddPolicyReplay(Command policy) {
  const Command command = policy.AddCommand(
      "replay", "Judges the recorded calls by another policy: what changes");
  auto options = std::make_shared<ReplayOptions>();
  AddPolicyOptions(command, options->policy);
  AddTrailOptions(command, options->trail);
  command
      .Add("--fail-on", options->fail_on, "Which changes make it exit with 1")
      .OneOf({"any", "narrower", "wider", "none"})
      .ShowDefault();
  command.Add("--format", options->format, "text or json")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.Footer(std::string(kReplayHelp));
  command.Do([options, command] {
    options->trail.spoken = command.Spoken();
    return RunReplay(*options);
  });
}

}  // namespace gatehouse::cli
