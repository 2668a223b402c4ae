// SPDX-License-Identifier: Apache-2.0
// `gatehouse run -- SERVER`: puts the stages together and runs the relay. The
// keeper is forked before all else. What the server may have of the kubeconfig
// depends on the policy, so that is read first, while a thread opens the trail;
// the rest is done while the server comes up. Its first line waits for that,
// and for the `guard start` record.

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/guard_anchors.h"
#include "cli/memory_ahead.h"
#include "cli/paced_cluster.h"
#include "cli/paths.h"
#include "cli/profile_source.h"
#include "cli/result_limit.h"
#include "cli/start_choice.h"
#include "cli/store_options.h"
#include "cli/trail_opening.h"
#include "cli/version.h"
#include "policy/kubernetes/tool_profile.h"
#include "proxy/catalogue.h"

namespace gatehouse::cli {
namespace {

// What a start allocates here by its first answer.
constexpr std::size_t kStartHeap = 384 << 10;

struct RunOptions {
  StartChoice start;
  StoreChoice trail;
  std::string durability = "normal";
  std::string log_level = "warn";
  std::string log_file;
  AnchorChoice anchors;
  bool pin_namespace = false;
  bool show_denied = false;
  std::string max_result = "10MiB";
};

std::string CommandLine(const std::vector<std::string>& argv) {
  std::string line;
  for (const std::string& word : argv) line += (line.empty() ? "" : " ") + word;
  return line;
}

// What is learned before the server starts, for what is done meanwhile.
struct Prepared {
  ProfileHead profile;
  ServerStart start;
  UniqueFd signals;
};

// Of a faulty profile the first fault: a page has no place in a log, nor in
// what a client shows.
std::string OnOneLine(const std::string& faults) {
  const std::size_t first = faults.find('\n');
  if (first == std::string::npos) return faults;
  const std::size_t second =
      std::min(faults.find('\n', first + 1), faults.size());
  return faults.substr(0, first) + ": " +
         faults.substr(first + 1, second - first - 1) +
         " (`gatehouse server inspect` with this --profile shows all)";
}

std::optional<Failure> ReadProfileHead(const RunOptions& options, Log& log,
                                       Prepared& prepared) {
  auto profile = ChooseProfileHead(options.start.profile, options.start.server);
  if (!profile.ok()) {
    return Failure{OnOneLine(profile.error().sentence), Code::kUnknownTool};
  }
  prepared.profile = std::move(profile).value();
  if (prepared.profile.profile == nullptr) {
    log.Warn(WhyNoProfile(options.start.server));
  }
  return std::nullopt;
}

// What the server gets depends on the policy, and on nothing that comes later.
std::optional<Failure> Prepare(const RunOptions& options, StartPlan plan,
                               Log& log, Guard& guard, Prepared& prepared) {
  const auto warn = [&log](std::string_view text) { log.Warn(text); };
  auto policy = LoadStartPolicy(options.start, plan, warn);
  if (!policy.ok()) return Failure{policy.error().sentence, Code::kNoPolicy};
  guard.policy = std::make_unique<LivePolicy>(std::move(policy.value().choice),
                                              std::move(policy.value().loaded));
  auto start = PrepareServer(std::move(plan), guard.policy->engine(), warn);
  if (!start.ok()) return Failure{start.error().sentence, Code::kContext};
  prepared.start = std::move(start).value();
  return std::nullopt;
}

// The files that calls are judged by.
void WatchFiles(Prepared& prepared, Guard& guard) {
  std::vector<std::string> watched = std::move(prepared.start.watched);
  const std::vector<std::string>& files = guard.policy->files();
  watched.insert(watched.end(), files.begin(), files.end());
  guard.watch = std::make_unique<FileWatch>(std::move(watched));
  guard.policy_pace = FilePace(guard.watch.get());
  guard.cluster = std::make_unique<PacedCluster>(
      std::move(prepared.start.cluster), guard.watch.get(), guard.clock);
}

void MakeJudge(const RunOptions& options, const ProfileHead& profile,
               Guard& guard) {
  guard.profile = WholeProfile(profile);
  guard.classifier =
      std::make_unique<Classifier>(guard.profile, guard.policy->tables());
  guard.judge = std::make_unique<PolicyJudge>(
      *guard.classifier, [&live = *guard.policy] { return live.engine(); },
      *guard.cluster, guard.profile,
      options.pin_namespace ? PinNamespaces::kOn : PinNamespaces::kOff);
}

std::string DatabaseOf(const RunOptions& options) {
  const std::string& named = options.trail.database;
  return named.empty() ? DefaultDatabase() : named;
}

// Whose this session is, in every record, but for the user here.
Identity WhoStarts(const RunOptions& options, const Prepared& prepared,
                   const StartPlan& plan, const Guard& guard) {
  Identity identity;
  identity.session = NewSession(guard);
  identity.pid = getpid();
  if (const auto* context = plan.whole.contexts.Find(plan.context)) {
    identity.subject.kube_user = context->Text("user");
  }
  if (prepared.profile.profile != nullptr) {
    identity.server = prepared.profile.profile->name;
  }
  identity.command = ServerKey(options.start.server);
  return identity;
}

// While the server comes up. First what is waited for: where there are two
// processors, the server gets the one that we leave.
std::optional<Failure> Assemble(const RunOptions& options, Prepared& prepared,
                                Log& log, TrailOpening& opening, Guard& guard) {
  const auto key = opening.Key();
  if (!key.ok()) return Failure{key.error().sentence, Code::kAuditUnavailable};
  auto opened = opening.Take();
  if (!opened.ok()) {
    return Failure{opened.error().sentence, Code::kAuditUnavailable};
  }
  WatchFiles(prepared, guard);
  TakeTrail(guard, std::move(opened).value());
  guard.show_denied = options.show_denied;
  guard.result_limit = ReadResultLimit(options.max_result).value();
  guard.redactor = std::make_unique<audit::Redactor>(
      key.value(), guard.identity.session, guard.policy->engine()->settings());
  MakeJudge(options, prepared.profile, guard);
  if (auto failure =
          BeginTrail(guard, "gatehouse " + std::string(Version()) + " before " +
                                CommandLine(options.start.server) + "; " +
                                prepared.start.note)) {
    return failure;
  }
  auto anchors = StartAnchors(options.anchors, DatabaseOf(options), log);
  if (!anchors.ok()) {
    return Failure{anchors.error().sentence, Code::kAuditUnavailable};
  }
  guard.anchors = std::move(anchors).value();
  MakeGates(guard,
            options.durability == "full" ||
                    guard.policy->engine()->locks().full_durability
                ? audit::Durability::kFull
                : audit::Durability::kNormal,
            log);
  return std::nullopt;
}

std::optional<Failure> StartServer(const RunOptions& options, Log& log,
                                   Guard& guard, Prepared& prepared,
                                   Child& child) {
  // Before anything is made that would stay behind: a signal that just ends us
  // would leave it.
  auto signals = WatchSignals();
  if (!signals.ok())
    return Failure{signals.error().sentence, Code::kServerDied};
  prepared.signals = std::move(signals).value();
  TrailOpening opening(DatabaseOf(options), StoreOptionsOf(options.trail), log);
  if (auto failure = ReadProfileHead(options, log, prepared)) return failure;
  auto plan = PlanStart(options.start, prepared.profile.profile.get());
  if (!plan.ok()) return Failure{plan.error().sentence, Code::kContext};
  guard.identity = WhoStarts(options, prepared, plan.value(), guard);
  opening.BeginSession(guard.identity);
  if (auto failure =
          Prepare(options, std::move(plan).value(), log, guard, prepared)) {
    return failure;
  }
  // Nothing was begun that would have to be told of it.
  if (WaitingSignal() != 0) {
    return Failure{"the start was ended from outside", Code::kServerDied};
  }
  const Status launched = child.Launch(std::move(prepared.start.spec));
  if (!launched.ok())
    return Failure{launched.error().sentence, Code::kServerDied};
  if (auto failure = Assemble(options, prepared, log, opening, guard)) {
    return failure;
  }
  const Status running = child.AwaitExec(std::chrono::milliseconds(2000));
  if (!running.ok())
    return Failure{running.error().sentence, Code::kServerDied};
  return std::nullopt;
}

int Start(const RunOptions& options, Log& log) {
  MapProgramAhead();
  Guard guard;  // outlives the server: the copy of the kubeconfig is its own
  // Before anything is read: the less memory there is, the less a fork costs.
  auto child = Child::Fork(ServerStderr::kPipe);
  if (!child.ok())
    return ServeFailure({child.error().sentence, Code::kServerDied}, log);
  const HeapAhead heap(kStartHeap);
  Prepared prepared;
  if (auto failure =
          StartServer(options, log, guard, prepared, child.value())) {
    child.value().TakePipes();  // closed: the server sees the end
    child.value().Shutdown(ShutdownPace::kFast);
    EndTrail(guard, "the session could not start: " + failure->cause, log);
    if (const int signal = WaitingSignal()) return 128 + signal;
    return ServeFailure(*failure, log);
  }
  return RunSession(guard, child.value(), prepared.signals.get(), log);
}

int Run(const RunOptions& options) {
  if (options.start.server.empty()) {
    std::cerr << "gatehouse: no server is named: gatehouse run [OPTIONS] -- "
                 "SERVER [ARG...]\n";
    return kExitMisuse;
  }
  const LogLevel level = *ParseLogLevel(options.log_level);
  auto log = Log::Open({level, options.log_file});
  if (log.ok()) return Start(options, log.value());
  auto terminal = Log::OnFd(STDERR_FILENO, level);
  if (terminal.ok()) {
    return ServeFailure({log.error().sentence, Code::kServerDied},
                        terminal.value());
  }
  std::cerr << "gatehouse: " << terminal.error().sentence << "\n";
  return kExitEnvironment;
}

void AddOptions(Command command, RunOptions& options) {
  AddStartOptions(command, options.start);
  AddStoreOptions(command, options.trail);
  command.AddFlag("--show-denied", options.show_denied,
                  "List tools that the policy never lets through, marked, "
                  "instead of hiding them");
  command
      .Add("--durability", options.durability,
           "full: every record is on disk before its call leaves; "
           "normal: those that can change something")
      .OneOf({"normal", "full"})
      .ShowDefault();
  AddAnchorOptions(command, options.anchors);
  command.AddFlag("--pin-namespace", options.pin_namespace,
                  "Write the namespace that a call leaves out into it, so "
                  "that it goes where it was judged to go");
  command
      .Add("--max-result", options.max_result,
           "The longest answer that is held while it is read, in bytes, "
           "KiB, MiB or GiB; a longer one becomes an error. off: answers "
           "that need no change pass while they arrive, of any length")
      .Check([](const std::string& text) {
        return ReadResultLimit(text) ? "" : "not 1KiB to 4GiB, nor \"off\"";
      })
      .Word("BYTES|off")
      .ShowDefault();
  command
      .Add("--log-level", options.log_level, "off, error, warn, info or debug")
      .Environment("GATEHOUSE_LOG")
      .OneOf({"off", "error", "warn", "info", "debug"})
      .ShowDefault();
  command
      .Add("--log-file", options.log_file,
           "Where log lines go instead of standard error")
      .Word("FILE");
  command.Add("SERVER", options.start.server,
              "The server's command line, after --");
}

}  // namespace

void AddRun(Command app) {
  const Command command = app.AddCommand(
      "run", "Guard an MCP server: put this before its own command");
  command.Footer(
      "\nExamples:\n"
      "  gatehouse run -- npx -y kubernetes-mcp-server\n"
      "  gatehouse run --policy team-a.yaml -- npx -y mcp-server-kubernetes\n"
      "  gatehouse run --policy read-only-scoped --set scope.namespaces=dev "
      "-- kubernetes-mcp-server\n"
      "\nWith no --policy, the preset read-only rules. In a client's "
      "configuration, put\n`gatehouse run --` before the server's own "
      "command.\n");
  auto options = std::make_shared<RunOptions>();
  AddOptions(command, *options);
  command.Do([options] { return Run(*options); });
}

}  // namespace gatehouse::cli
