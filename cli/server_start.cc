// SPDX-License-Identifier: Apache-2.0
#include "cli/server_start.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "cli/cluster_file.h"
#include "cli/confined_copy.h"
#include "cli/private_folder.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse::cli {
namespace {

std::optional<std::string> Environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::vector<ServerSetting> SettingsOf(const ToolProfile* profile) {
  std::vector<ServerSetting> settings;
  if (profile != nullptr) settings = profile->settings;
  for (ServerSetting& common : CommonSettings()) {
    settings.push_back(std::move(common));
  }
  return settings;
}

// --kubeconfig, else what the server itself would take first.
KubeconfigOrigin OriginOf(const StartPlan& plan) {
  KubeconfigOrigin origin = DefaultKubeconfig();
  if (!plan.options.kubeconfig.empty()) {
    origin.paths = {plan.options.kubeconfig};
    origin.named = true;
    return origin;
  }
  for (const GivenSetting& given : plan.given) {
    if (given.hidden) continue;
    if (given.setting.role == SettingRole::kKubeconfigText) {
      origin.paths.clear();
      origin.text = SourceText{given.setting.name, given.value};
      return origin;
    }
    if (given.setting.role == SettingRole::kKubeconfig) {
      // KUBECONFIG alone is a list, and may name what is not there.
      origin.named = given.setting.name != "KUBECONFIG";
      origin.paths = origin.named ? std::vector<std::string>{given.value}
                                  : SplitPaths(given.value);
      return origin;
    }
  }
  return origin;
}

// Both names whole: those of clouds differ at their ends.
std::string Disagreement(const GivenSetting& given, const std::string& named_by,
                         const std::string& context) {
  std::string sentence = given.setting.name + " names the context \"";
  sentence.append(given.value).append("\", and ").append(named_by);
  sentence.append(" \"").append(context).append("\": leave one of them out");
  return sentence;
}

// The context to start in: --context, else what a setting names, else the
// kubeconfig's. Two that differ are a misunderstanding.
Result<std::string> ContextOf(const StartPlan& plan) {
  std::string context = plan.options.context;
  std::string named_by = "--context";
  for (const GivenSetting& given : plan.given) {
    if (given.setting.role != SettingRole::kContext || given.hidden) continue;
    if (!context.empty() && context != given.value) {
      return Error{ErrorCode::kInvalid, Disagreement(given, named_by, context)};
    }
    context = given.value;
    named_by = given.setting.name;
  }
  if (context.empty()) return plan.whole.current;
  if (plan.whole.contexts.Find(context) == nullptr) {
    return Error{ErrorCode::kNotFound,
                 "the kubeconfig has no context \"" + context + "\""};
  }
  return context;
}

void SetUnlessChanged(ChildSpec& spec, const std::string& name,
                      std::optional<std::string> value) {
  for (const EnvironmentChange& change : spec.environment) {
    if (change.name == name) return;
  }
  spec.environment.push_back({name, std::move(value)});
}

std::string Names(const ClusterView& view) {
  std::string names;
  for (const ContextView& context : view.contexts) {
    names += (names.empty() ? "" : ", ") + context.name;
  }
  return names;
}

Result<ServerStart> Unconfined(StartPlan plan, const Warn& warn) {
  ServerStart start;
  start.spec.argv = plan.command.argv;
  if (!plan.options.kubeconfig.empty()) {
    start.spec.environment.push_back({"KUBECONFIG", plan.options.kubeconfig});
  }
  start.watched = plan.files.paths();
  auto cluster = ClusterFile::Open(std::move(plan.files));
  if (!cluster.ok()) return cluster.error();
  start.cluster = std::move(cluster).value();
  start.note = "not confined (--no-confine)";
  warn("--no-confine: the server has the whole kubeconfig");
  return start;
}

// Whether the pod's own cluster is all that is in scope.
bool OnlyInCluster(const StartPlan& plan,
                   const std::vector<std::string>& names) {
  return !plan.origin.service_account.host.empty() && names.size() == 1 &&
         names.front() == kInClusterContext &&
         plan.whole.contexts.Find(names.front())->folder ==
             plan.origin.service_account.folder;
}

// A pod's way to its cluster beside the copy: what a client makes of it may be
// another address (kubernetes.default.svc) than the one that is judged. For a
// server that looks at nothing else the profile, or the policy, leaves it.
constexpr const char* kServiceHost = "KUBERNETES_SERVICE_HOST";
constexpr const char* kServicePort = "KUBERNETES_SERVICE_PORT";

bool NeedsInCluster(const std::vector<ServerSetting>& settings) {
  return std::any_of(settings.begin(), settings.end(), [](const auto& each) {
    return each.role == SettingRole::kInCluster;
  });
}

std::string AllowedNames(const std::vector<GivenSetting>& given,
                         const Engine& engine) {
  std::string names;
  for (const GivenSetting& each : given) {
    if (!engine.AllowsSetting(each.setting.name)) continue;
    names += (names.empty() ? "; allowed: " : ", ") + each.setting.name;
  }
  return names;
}

Result<ServerStart> Confined(StartPlan plan,
                             const std::shared_ptr<const Engine>& engine,
                             const Warn& warn) {
  CopySpec copy{std::move(plan.files), plan.whole,
                [engine](std::string_view context) {
                  return engine->ContextInScope(context);
                },
                plan.context, warn};
  const auto names = ContextsInScope(plan.whole, {copy.in_scope, "", {}});
  const std::string refused = RefusedSetting(
      plan.given,
      {[&engine](std::string_view name) { return engine->AllowsSetting(name); },
       names.size()});
  if (!refused.empty()) return Error{ErrorCode::kInvalid, refused};
  const bool in_cluster = OnlyInCluster(plan, names);
  if (in_cluster) {
    copy.in_scope = [](std::string_view context) {
      return context == kInClusterContext;
    };
  }
  Result<PrivateFolder> folder = PrivateFolder::Make();
  if (!folder.ok()) return folder.error();
  auto made = ConfinedCopy::Make(std::move(copy), std::move(folder).value());
  if (!made.ok()) return made.error();

  ServerStart start;
  const std::string path = made.value()->path();
  start.spec = WithCopy(plan.command, plan.given, path);
  const std::string fault =
      AddRequired(plan.settings, plan.given, path, start.spec);
  if (!fault.empty()) return Error{ErrorCode::kInvalid, fault};
  SetUnlessChanged(start.spec, "KUBECONFIG", path);
  start.note = "confined to " + Names(made.value()->View()) +
               AllowedNames(plan.given, *engine);
  const bool allowed = engine->AllowsSetting(kServiceHost);
  if (!in_cluster || (!allowed && !NeedsInCluster(plan.settings))) {
    SetUnlessChanged(start.spec, kServiceHost, std::nullopt);
    SetUnlessChanged(start.spec, kServicePort, std::nullopt);
  } else if (allowed) {
    start.note += std::string("; allowed: ") + kServiceHost;
  }
  start.watched = made.value()->sources();
  start.watched.push_back(path);
  start.cluster = std::move(made).value();
  return start;
}

}  // namespace

Result<StartPlan> MakeStartPlan(StartOptions options,
                                const ToolProfile* profile) {
  ServerCommand command{options.server, Environment};
  StartPlan plan{std::move(options),
                 std::move(command),
                 {},
                 {},
                 false,
                 {},
                 KubeconfigFiles({}),
                 {},
                 ""};
  plan.profiled = profile != nullptr;
  plan.settings = SettingsOf(profile);
  plan.given = FindSettings(plan.settings, plan.command);
  plan.origin = OriginOf(plan);
  plan.files = KubeconfigFiles(plan.origin);
  auto whole = plan.files.Read();
  if (!whole.ok()) return whole.error();
  plan.whole = std::move(whole).value();
  auto context = ContextOf(plan);
  if (!context.ok()) return context.error();
  plan.context = std::move(context).value();
  return plan;
}

Result<ServerStart> PrepareServer(StartPlan plan,
                                  const std::shared_ptr<const Engine>& engine,
                                  const Warn& warn) {
  const bool confine = plan.options.confine;
  if (confine && RunsElsewhere(plan.command.argv)) {
    return Error{ErrorCode::kUnsupported,
                 plan.command.argv[0] +
                     " runs the server where its private kubeconfig is not: "
                     "give it one with only the contexts in scope, and say "
                     "--no-confine"};
  }
  if (confine && !plan.profiled) {
    warn(
        "without a profile only the kubeconfig is confined: what else this "
        "server may find a cluster by is not known");
  }
  auto start = confine ? Confined(std::move(plan), engine, warn)
                       : Unconfined(std::move(plan), warn);
  if (!start.ok()) return start;
  // kuberc may set defaults for kubectl's flags, unseen by the classifier.
  SetUnlessChanged(start.value().spec, "KUBECTL_KUBERC", "false");
  return start;
}

}  // namespace gatehouse::cli
