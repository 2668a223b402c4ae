// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy diff OLD NEW`: what changes from one policy to another,
// for the check of a pull request. Needs no cluster and no kubeconfig.

#include "policy/policy_diff.h"

#include <algorithm>
#include <iostream>

#include "cli/output_width.h"
#include "cli/policy.h"
#include "cli/table.h"
#include "cli/word_list.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kLabelWidth = 13;
// The context at start stands for itself where none is named.
constexpr std::string_view kCurrent = "(current)";

struct DiffOptions {
  std::vector<std::string> policies;  // two
  std::vector<std::string> settings;
  std::string context = std::string(kCurrent);
  bool system = false;
  std::string fail_on = "wider";
  std::string format = "text";
};

struct Compared {
  LoadedPolicy loaded;
  std::shared_ptr<const CompiledPolicy> policy;
};

// Of the layer itself, without the system's policy beside a user's.
Compared Load(const DiffOptions& options, const std::string& name,
              const std::shared_ptr<const KubernetesTables>& tables) {
  PolicyChoice choice;
  choice.policy = name;
  choice.settings = options.settings;
  choice.current_context = options.context;
  choice.system.path = "";
  choice.tables = tables;
  Compared compared;
  compared.loaded =
      options.system ? LoadSystemPolicy(choice) : LoadPolicy(choice);
  if (compared.loaded.engine == nullptr) return compared;
  Issues issues;
  CompileOptions own = compared.loaded.options;
  own.system.clear();
  compared.policy =
      CompileLayer(compared.loaded.rule_files, tables, own, issues);
  return compared;
}

void PrintField(std::string_view label, const std::vector<std::string>& words) {
  const auto lines = Wrapped(words, OutputWidth() - kLabelWidth - 2);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::cout << "  " << Padded(i == 0 ? label : "", kLabelWidth) << lines[i]
              << "\n";
  }
}

Style StyleOf(Direction direction) {
  return direction == Direction::kNarrower ? Style::kGood : Style::kBad;
}

std::string Titled(Direction direction) {
  return Styled(StyleOf(direction), std::string(DirectionName(direction)));
}

enum class Odd : std::uint8_t { kWhereAlone = 0, kToo };

// All that the row is about; what no person has in mind only where there is
// nothing else, or where all is asked for.
std::vector<std::string> ResourceNames(const QuestionSpace& space,
                                       const DiffRow& row, Odd odd) {
  std::vector<std::string> names;
  std::vector<std::string> odd_names;
  for (const std::uint16_t index : row.where[0]) {
    const ResourceClass& resource = space.resources()[index];
    names.insert(names.end(), resource.names.begin(), resource.names.end());
    odd_names.insert(odd_names.end(), resource.odd_names.begin(),
                     resource.odd_names.end());
  }
  if (names.empty() || odd == Odd::kToo) {
    names.insert(names.end(), odd_names.begin(), odd_names.end());
  }
  return names;
}

std::vector<std::string> FirstOf(std::vector<std::string> names) {
  constexpr std::size_t kShown = 12;
  if (names.size() <= kShown) return names;
  const std::size_t more = names.size() - kShown;
  names.resize(kShown);
  names.push_back("and " + std::to_string(more) + " more");
  return names;
}

std::vector<std::string> Labels(const QuestionSpace& space, const DiffRow& row,
                                Axis axis) {
  std::vector<std::string> labels;
  for (const std::uint16_t index : row.where[static_cast<std::size_t>(axis)]) {
    labels.push_back(Printable(space.Label(axis, index)));
  }
  return labels;
}

void PrintRow(const QuestionSpace& space, const DiffRow& row) {
  std::cout << "\n"
            << Titled(row.direction) << ": " << row.was << " -> " << row.now
            << "\n";
  PrintField("resources", FirstOf(ResourceNames(space, row, Odd::kWhereAlone)));
  for (std::size_t axis = 1; axis < kAxisCount; ++axis) {
    const auto labels = Labels(space, row, static_cast<Axis>(axis));
    if (!labels.empty()) PrintField(AxisName(static_cast<Axis>(axis)), labels);
  }
  PrintField("was by", {row.was_by.begin(), row.was_by.end()});
  PrintField("now by", {row.now_by.begin(), row.now_by.end()});
}

struct DiffCounts {
  std::size_t wider = 0;
  std::size_t narrower = 0;
};

DiffCounts CountsOf(const PolicyDiff& diff) {
  DiffCounts counts;
  const auto count = [&](const auto& changes) {
    for (const auto& change : changes) {
      ++(change.direction == Direction::kNarrower ? counts.narrower
                                                  : counts.wider);
    }
  };
  count(diff.settings);
  count(diff.rows);
  return counts;
}

void PrintPolicyLine(std::string_view label, const Compared& compared) {
  std::cout << Padded(label, 5) << Printable(compared.loaded.origin) << ", "
            << compared.policy->name << ", "
            << compared.policy->hash.substr(0, 19) << "\n";
}

void Print(const PolicyDiff& diff, const Compared& was, const Compared& now) {
  PrintPolicyLine("old", was);
  PrintPolicyLine("new", now);
  if (!diff.settings.empty()) std::cout << "\n";
  for (const SettingChange& change : diff.settings) {
    std::cout << Titled(change.direction) << ": " << Printable(change.what)
              << "\n";
  }
  for (const DiffRow& row : diff.rows) PrintRow(diff.space, row);
  const DiffCounts counts = CountsOf(diff);
  std::cout << "\n";
  if (diff.IsEmpty()) {
    std::cout << "no change";
  } else {
    std::cout << counts.wider << " wider, " << counts.narrower << " narrower";
  }
  std::cout << " among " << diff.space.CountPoints()
            << " kinds of requests that the two tell apart\n";
  if (!diff.space.exact()) {
    std::cout << "expressions (/.../) were compared by samples: not all of "
                 "what they match\n";
  }
}

void WriteWords(const std::vector<std::string>& words, JsonWriter& out) {
  out.BeginArray();
  for (const std::string& word : words) out.String(word);
  out.EndArray();
}

void WriteRow(const QuestionSpace& space, const DiffRow& row, JsonWriter& out) {
  out.BeginObject().Key("direction").String(DirectionName(row.direction));
  out.Key("was").String(row.was).Key("now").String(row.now);
  out.Key("was_by");
  WriteWords({row.was_by.begin(), row.was_by.end()}, out);
  out.Key("now_by");
  WriteWords({row.now_by.begin(), row.now_by.end()}, out);
  out.Key("where").BeginObject().Key("resources");
  WriteWords(ResourceNames(space, row, Odd::kToo), out);
  for (std::size_t axis = 1; axis < kAxisCount; ++axis) {
    const auto labels = Labels(space, row, static_cast<Axis>(axis));
    if (labels.empty()) continue;
    out.Key(AxisName(static_cast<Axis>(axis)));
    WriteWords(labels, out);
  }
  out.EndObject().EndObject();
}

void WritePolicy(const Compared& compared, JsonWriter& out) {
  out.BeginObject().Key("file").String(compared.loaded.origin);
  out.Key("policy").String(compared.policy->name);
  out.Key("hash").String(compared.policy->hash).EndObject();
}

void Write(const PolicyDiff& diff, const Compared& was, const Compared& now) {
  JsonWriter out;
  out.BeginObject().Key("old");
  WritePolicy(was, out);
  out.Key("new");
  WritePolicy(now, out);
  const DiffCounts counts = CountsOf(diff);
  out.Key("wider").Unsigned(counts.wider);
  out.Key("narrower").Unsigned(counts.narrower);
  out.Key("kinds").Unsigned(diff.space.CountPoints());
  out.Key("exact").Bool(diff.space.exact());
  out.Key("settings").BeginArray();
  for (const SettingChange& change : diff.settings) {
    out.BeginObject().Key("direction").String(DirectionName(change.direction));
    out.Key("what").String(change.what).EndObject();
  }
  out.EndArray().Key("changes").BeginArray();
  for (const DiffRow& row : diff.rows) WriteRow(diff.space, row, out);
  std::cout << out.EndArray().EndObject().text() << "\n";
}

int ExitCodeOf(const PolicyDiff& diff, const std::string& fail_on) {
  const bool fails = fail_on == "any"     ? !diff.IsEmpty()
                     : fail_on == "wider" ? diff.Widens()
                                          : false;
  return fails ? kExitNo : kExitDone;
}

// What a system policy locks, which its rules do not show.
void AddLocks(const Compared& was, const Compared& now, PolicyDiff& diff) {
  const auto lock = [](const Compared& compared) {
    return compared.loaded.rule_files.front().lock.value_or(LockFields());
  };
  const LockFields old_lock = lock(was);
  const LockFields new_lock = lock(now);
  const auto add = [&](bool locked, bool locks, const std::string& what) {
    if (locked == locks) return;
    diff.settings.push_back(
        {locks ? Direction::kNarrower : Direction::kWider,
         "lock: " + what + (locks ? " is locked" : " is no longer locked")});
  };
  add(old_lock.enforce, new_lock.enforce, "mode");
  add(old_lock.full_durability, new_lock.full_durability, "durability");
  add(old_lock.confine, new_lock.confine, "confine");
}

int Diff(const DiffOptions& options) {
  const auto tables = KubernetesTables::Embedded();
  const Compared was = Load(options, options.policies[0], tables);
  const Compared now = Load(options, options.policies[1], tables);
  for (const Compared* each : {&was, &now}) {
    if (each->policy != nullptr) continue;
    std::cerr << each->loaded.Faults() << "\n";
    return each->loaded.error.empty() ? kExitNo : kExitEnvironment;
  }
  auto diff =
      DiffPolicies(*was.policy, *now.policy, std::chrono::system_clock::now());
  if (!diff.ok()) {
    std::cerr << "gatehouse: " << diff.error().sentence << "\n";
    return kExitEnvironment;
  }
  AddLocks(was, now, diff.value());
  if (options.format == "json") {
    Write(diff.value(), was, now);
  } else {
    Print(diff.value(), was, now);
  }
  return ExitCodeOf(diff.value(), options.fail_on);
}

constexpr std::string_view kDiffHelp =
    "\nAsks both policies about every kind of request that they can tell "
    "apart (verbs,\nresources, namespaces, names, contexts, tools, subjects, "
    "times) and shows where\nthe answers differ. Rules in `mode: observe` "
    "decide nothing and are left out; a\nchange of the policy's own mode is "
    "shown as such, and decisions are compared as\nif both were enforced.\n"
    "\nExample, in the check of a pull request:\n"
    "  git show main:team.yaml > old.yaml\n"
    "  gatehouse policy diff old.yaml team.yaml\n"
    "\nExit codes: 0 no change that --fail-on names, 1 there is one or a "
    "policy has\nerrors, 2 misuse, 3 one cannot be read or the two cannot be "
    "compared.\n";

}  // namespace

void AddPolicyDiff(Command policy) {
  const Command command = policy.AddCommand(
      "diff", "What one policy lets through that another does not");
  auto options = std::make_shared<DiffOptions>();
  command
      .Add("POLICIES", options->policies,
           "The old policy and the new one: files or presets")
      .AtLeastAndMost(2, 2)
      .Required();
  command
      .Add("--set", options->settings,
           "A setting of both policies: scope.namespaces=dev,team-*")
      .Word("NAME=VALUES")
      .OneWordEach();
  command
      .Add("--context", options->context,
           "The kubeconfig context at start, which is the only one "
           "where scope.contexts is left out")
      .Word("NAME")
      .ShowDefault();
  command.AddFlag("--system", options->system,
                  "Compare them as system policies, whoever they belong to");
  command
      .Add("--fail-on", options->fail_on, "Which changes make it exit with 1")
      .OneOf({"any", "wider", "none"})
      .ShowDefault();
  command.Add("--format", options->format, "text or json")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.Footer(std::string(kDiffHelp));
  command.Do([options] { return Diff(*options); });
}

}  // namespace gatehouse::cli
