// SPDX-License-Identifier: Apache-2.0
// `gatehouse run -- SERVER`: puts the stages together and runs the relay. The
// server is started first, so that it comes up while policy and database are
// read; its first line waits for both, and for the `guard start` record.

#include <unistd.h>

#include <memory>

#include "audit/key_file.h"
#include "audit/redact.h"
#include "audit/sqlite_sink.h"
#include "cli/cluster_file.h"
#include "cli/command.h"
#include "cli/failed_session.h"
#include "cli/os_user.h"
#include "cli/paths.h"
#include "cli/policy_source.h"
#include "cli/profile_source.h"
#include "cli/version.h"
#include "proxy/gate.h"
#include "proxy/relay.h"
#include "proxy/return_gate.h"

namespace gatehouse::cli {
namespace {

struct RunOptions {
  PolicyChoice policy;
  std::string database;
  std::string profile;
  std::string kubeconfig;
  std::string context;
  std::string durability = "normal";
  std::string log_level = "warn";
  std::string log_file;
  bool pin_namespace = false;
  std::vector<std::string> server;
};

// Everything between the two streams, in the order of a message's way. Made
// by Assemble; members borrow from those above them.
struct Guard {
  SystemClock clock;
  Session session;
  Identity identity;
  std::unique_ptr<ClusterFile> cluster;
  std::shared_ptr<const Engine> engine;
  std::unique_ptr<Classifier> classifier;
  std::unique_ptr<PolicyJudge> judge;
  std::unique_ptr<audit::Redactor> redactor;
  std::unique_ptr<audit::Sink> sink;
  std::unique_ptr<Trail> trail;
  std::unique_ptr<Gate> gate;
  std::unique_ptr<ReturnGate> return_gate;
};

std::string CommandLine(const std::vector<std::string>& argv) {
  std::string line;
  for (const std::string& word : argv) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::int64_t Nanoseconds(std::chrono::system_clock::time_point time) {
  return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

std::optional<Failure> ReadCluster(const RunOptions& options, Guard& guard) {
  auto cluster = ClusterFile::Open(options.kubeconfig, options.context);
  if (!cluster.ok()) return Failure{cluster.error().sentence, Code::kContext};
  guard.cluster = std::move(cluster).value();
  return std::nullopt;
}

std::optional<Failure> ReadRulesAndProfile(const RunOptions& options, Log& log,
                                           Guard& guard) {
  auto profile = ChooseProfile(options.profile, options.server);
  if (!profile.ok())
    return Failure{profile.error().sentence, Code::kUnknownTool, kExitMisuse};
  if (profile.value() == nullptr) {
    log.Warn(WhyNoProfile(options.server));
  }
  PolicyChoice choice = options.policy;
  choice.current_context = guard.cluster->start_context();
  choice.tables = KubernetesTables::Embedded();
  LoadedPolicy policy = LoadPolicy(choice);
  if (policy.engine == nullptr) {
    return Failure{policy.Faults(), Code::kNoPolicy,
                   policy.error.empty() ? kExitNo : kExitEnvironment};
  }
  for (const Issue& issue : policy.issues.items()) log.Warn(Render(issue));
  guard.engine = policy.engine;
  guard.classifier =
      std::make_unique<Classifier>(profile.value(), choice.tables);
  guard.judge = std::make_unique<PolicyJudge>(
      *guard.classifier, [engine = guard.engine] { return engine; },
      *guard.cluster, profile.value(),
      options.pin_namespace ? PinNamespaces::kOn : PinNamespaces::kOff);
  return std::nullopt;
}

void Identify(Guard& guard) {
  const OsUser user = CurrentUser();
  const ClusterView& view = guard.cluster->View();
  const ContextView* context = view.Find(view.current);
  guard.identity.session =
      audit::NewUuidV7(Nanoseconds(guard.clock.UtcNow()) / 1'000'000);
  guard.identity.subject.user = user.name;
  guard.identity.subject.groups = user.groups;
  guard.identity.subject.kube_user = context == nullptr ? "" : context->user;
  guard.identity.uid = user.uid;
  guard.identity.pid = getpid();
  guard.identity.server = std::string(guard.classifier->server());
}

// The record that says which guard, policy and server a session had; durable
// before the first line leaves.
std::optional<Failure> RecordEvent(Guard& guard, std::string event,
                                   std::string detail) {
  audit::Record record = guard.trail->Make(audit::Stage::kEvent);
  record.event = std::move(event);
  record.policy_hash = guard.engine->hash();
  record.mode = guard.engine->mode() == Mode::kObserve ? "observe" : "enforce";
  record.detail = guard.redactor->MaskText(detail);
  auto written = guard.trail->Write({record}, audit::Durability::kNormal);
  if (written.ok()) return std::nullopt;
  return Failure{written.error().sentence, Code::kAuditUnavailable};
}

std::optional<Failure> OpenTrail(const RunOptions& options, Guard& guard) {
  const std::string path =
      options.database.empty() ? DefaultDatabase() : options.database;
  auto sink = audit::OpenSqliteSink(path);
  if (!sink.ok())
    return Failure{sink.error().sentence, Code::kAuditUnavailable};
  auto key = audit::OpenKeyFile(path);
  if (!key.ok()) return Failure{key.error().sentence, Code::kAuditUnavailable};
  guard.sink = std::move(sink).value();
  guard.redactor =
      std::make_unique<audit::Redactor>(key.value(), guard.identity.session);
  guard.trail = std::make_unique<Trail>(*guard.sink, guard.clock,
                                        guard.identity, guard.session);
  const Status kept =
      guard.sink->KeepPolicy(guard.engine->hash(), guard.engine->text());
  if (!kept.ok())
    return Failure{kept.error().sentence, Code::kAuditUnavailable};
  return RecordEvent(guard, "guard start",
                     "gatehouse " + std::string(Version()) + " before " +
                         CommandLine(options.server));
}

std::optional<Failure> Assemble(const RunOptions& options, Log& log,
                                Guard& guard) {
  if (auto failure = ReadCluster(options, guard)) return failure;
  if (auto failure = ReadRulesAndProfile(options, log, guard)) return failure;
  Identify(guard);
  if (auto failure = OpenTrail(options, guard)) return failure;
  const GateContext context{*guard.judge,
                            *guard.trail,
                            guard.session,
                            guard.clock,
                            *guard.redactor,
                            options.durability == "full"
                                ? audit::Durability::kFull
                                : audit::Durability::kNormal,
                            [&log](std::string_view text) { log.Warn(text); }};
  guard.gate = std::make_unique<Gate>(context);
  guard.return_gate = std::make_unique<ReturnGate>(context);
  return std::nullopt;
}

RelayHandlers Handlers(Guard& guard) {
  RelayHandlers handlers;
  handlers.from_client = [&guard](std::span<const Frame> frames) {
    return guard.gate->Handle(frames);
  };
  handlers.from_server = [&guard](std::span<const Frame> frames) {
    return guard.return_gate->Handle(frames);
  };
  handlers.in_flight = [&guard] { return guard.session.in_flight() > 0; };
  handlers.on_idle = [&guard] {
    (void)guard.return_gate->Flush();  // kept for the next commit on failure
    guard.sink->Idle();
  };
  handlers.on_server_gone = [&guard] {
    std::string lines;
    for (Verdict& verdict : guard.return_gate->OnServerGone()) {
      lines += verdict.bytes;
    }
    return lines;
  };
  handlers.on_unfinished = [&guard](RelaySide side, std::string_view rest) {
    if (side == RelaySide::kClient) guard.gate->OnUnfinished(rest);
  };
  return handlers;
}

std::string ExitText(const RelayExit& exit) {
  if (!exit.server.has_value()) return "the server's end was not seen";
  if (exit.server->signal != 0) {
    return "the server ended by signal " + std::to_string(exit.server->signal);
  }
  return "the server exited with " + std::to_string(exit.server->code);
}

int Relay(Guard& guard, Child& child, int signal_fd, Log& log) {
  auto client_in = Stream::Share(STDIN_FILENO);
  auto client_out = Stream::Share(STDOUT_FILENO);
  ChildPipes pipes = child.TakePipes();
  auto server_in = Stream::Adopt(std::move(pipes.server_stdin));
  auto server_out = Stream::Adopt(std::move(pipes.server_stdout));
  auto server_err = Stream::Adopt(std::move(pipes.server_stderr));
  for (const auto* stream :
       {&client_in, &client_out, &server_in, &server_out, &server_err}) {
    if (stream->ok()) continue;
    log.Error(stream->error().sentence);
    return kExitEnvironment;
  }
  RelayStreams streams{std::move(client_in).value(),
                       std::move(client_out).value(),
                       std::move(server_in).value(),
                       std::move(server_out).value(),
                       std::move(server_err).value(),
                       &child,
                       signal_fd};
  const RelayExit exit =
      RunRelay(std::move(streams), Handlers(guard), RelayLimits{}, log);
  if (!exit.detail.empty()) log.Error(exit.detail);
  if (auto failure = RecordEvent(guard, "guard stop", ExitText(exit))) {
    log.Error(failure->cause);
  }
  return exit.ExitCode();
}

ChildSpec SpecFor(const RunOptions& options) {
  ChildSpec spec;
  spec.argv = options.server;
  if (!options.kubeconfig.empty()) {
    spec.environment.push_back({"KUBECONFIG", options.kubeconfig});
  }
  // kuberc may set defaults for kubectl's flags, unseen by the classifier.
  spec.environment.push_back({"KUBECTL_KUBERC", "false"});
  return spec;
}

int Run(const RunOptions& options) {
  auto log = Log::Open({*ParseLogLevel(options.log_level), options.log_file});
  if (!log.ok()) {
    std::cerr << "gatehouse: " << log.error().sentence << "\n";
    return kExitEnvironment;
  }
  auto child = Child::Start(SpecFor(options));
  if (!child.ok())
    return ServeFailure({child.error().sentence, Code::kServerDied},
                        log.value());
  auto signals = WatchSignals();
  if (!signals.ok())
    return ServeFailure({signals.error().sentence, Code::kServerDied},
                        log.value());
  Guard guard;
  std::optional<Failure> failure = Assemble(options, log.value(), guard);
  if (!failure.has_value()) {
    const Status running =
        child.value().AwaitExec(std::chrono::milliseconds(2000));
    if (!running.ok())
      failure = Failure{running.error().sentence, Code::kServerDied};
  }
  if (failure.has_value()) {
    child.value().TakePipes();  // closed: the server sees the end
    child.value().Shutdown(ShutdownPace::kFast);
    return ServeFailure(*failure, log.value());
  }
  return Relay(guard, child.value(), signals.value().get(), log.value());
}

void AddOptions(CLI::App& command, RunOptions& options) {
  AddPolicyOptions(command, options.policy);
  command.add_option("--db", options.database, "The audit database")
      ->envname("GATEHOUSE_DB")
      ->type_name("FILE");
  command
      .add_option("--profile", options.profile,
                  "The server's profile; found from its command line if left "
                  "out (" +
                      ProfileNames() + ")")
      ->type_name("NAME");
  command
      .add_option("--kubeconfig", options.kubeconfig,
                  "The kubeconfig that the server gets and calls are judged by")
      ->type_name("FILE");
  command
      .add_option("--context", options.context,
                  "The one kubeconfig context that calls may go to")
      ->type_name("NAME");
  command
      .add_option("--durability", options.durability,
                  "full: every record is on disk before its call leaves; "
                  "normal: those that can change something")
      ->check(CLI::IsMember({"normal", "full"}))
      ->capture_default_str();
  command.add_flag("--pin-namespace", options.pin_namespace,
                   "Write the namespace that a call leaves out into it, so "
                   "that it goes where it was judged to go");
  command
      .add_option("--log-level", options.log_level,
                  "off, error, warn, info or debug")
      ->envname("GATEHOUSE_LOG")
      ->check(CLI::IsMember({"off", "error", "warn", "info", "debug"}))
      ->capture_default_str();
  command
      .add_option("--log-file", options.log_file,
                  "Where log lines go instead of standard error")
      ->type_name("FILE");
  command
      .add_option("SERVER", options.server,
                  "The server's command line, after --")
      ->required();
}

}  // namespace

void AddRun(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "run", "Guard an MCP server: gatehouse run [OPTIONS] -- SERVER [ARG...]");
  command->footer(
      "\nExamples:\n"
      "  gatehouse run -- npx -y kubernetes-mcp-server\n"
      "  gatehouse run --policy team-a.yaml -- npx -y mcp-server-kubernetes\n"
      "  gatehouse run --policy read-only-scoped --set scope.namespaces=dev "
      "-- kubernetes-mcp-server\n"
      "\nWith no --policy, the preset read-only rules. In a client's "
      "configuration, put\n`gatehouse run --` before the server's own "
      "command.\n");
  auto options = std::make_shared<RunOptions>();
  AddOptions(*command, *options);
  command->callback(
      [&action, options] { action = [options] { return Run(*options); }; });
}

}  // namespace gatehouse::cli
