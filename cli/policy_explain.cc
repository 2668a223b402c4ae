// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy explain`: what a call would do, and what the policy says
// of it.

#include <fstream>
#include <iostream>
#include <utility>

#include "cli/call_explainer.h"
#include "cli/cluster_policy.h"
#include "cli/explain_output.h"
#include "cli/os_user.h"
#include "cli/policy.h"
#include "cli/profile_source.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

struct ExplainOptions {
  PolicyChoice policy;
  std::string profile;
  std::string kubeconfig;
  std::string context;
  std::string tool;
  std::string uri;
  std::string prompt;
  std::string arguments = "{}";
  std::string calls;
  std::string format;
};

// What every call of one run of the command shares.
class Explainer {
 public:
  Explainer(const LoadedPolicy& policy, ClusterFile& cluster,
            std::shared_ptr<const KubernetesTables> tables)
      : calls_(cluster, std::move(tables)) {
    calls_.Use(policy.engine);
    const OsUser user = CurrentUser();
    subject_.user = user.name;
    subject_.groups = user.groups;
    const ClusterView& view = cluster.View();
    if (const ContextView* context = view.Find(view.current)) {
      subject_.kube_user = context->user;
    }
  }

  // An error where the server's profile is unknown.
  Result<Answer> Explain(const Question& question) {
    return calls_.Explain(question, subject_, std::chrono::system_clock::now());
  }

 private:
  CallExplainer calls_;
  Subject subject_;
};

// What a line of --calls may name.
constexpr std::pair<const char*, Asked> kAskedBy[] = {
    {"tool", Asked::kToolCall},
    {"uri", Asked::kResource},
    {"prompt", Asked::kPrompt}};

// A line of --calls; its server may be left out where --profile is given.
Result<Question> ReadQuestion(const std::string& line,
                              const std::string& profile) {
  auto value = ParseJson(line);
  if (!value.ok()) return value.error();
  Question question;
  for (const auto& [key, asked] : kAskedBy) {
    const auto target = StringMember(value.value(), key);
    if (!target.has_value()) continue;
    if (!question.target.empty()) {
      return Error{ErrorCode::kInvalid,
                   "the line names more than one of tool, uri and prompt"};
    }
    question.target = *target;
    question.asked = asked;
  }
  if (question.target.empty()) {
    return Error{ErrorCode::kInvalid,
                 "the line has no \"tool\", \"uri\" or \"prompt\""};
  }
  question.server =
      profile.empty()
          ? std::string(StringMember(value.value(), "server").value_or(""))
          : profile;
  const JsonValue* arguments = Member(value.value(), "arguments");
  question.arguments =
      arguments == nullptr ? "{}" : JsonWriter().Value(*arguments).Take();
  return question;
}

// A line of --calls and what is made of it.
struct ExplainedLine {
  int number = 0;
  std::string server;
  Result<Answer> answer;  // the error of a bad line too
};

ExplainedLine ExplainLine(Explainer& explainer, const std::string& line,
                          const std::string& profile, int number) {
  auto question = ReadQuestion(line, profile);
  if (!question.ok()) return {number, "", question.error()};
  return {number, question.value().server, explainer.Explain(question.value())};
}

void WriteLine(const ExplainedLine& line, JsonWriter& out) {
  out.BeginObject().Key("line").Integer(line.number);
  if (line.answer.ok()) {
    out.Key("server").String(line.server);
    WriteAnswer(line.answer.value(), out);
  } else {
    out.Key("error").String(line.answer.error().sentence);
  }
  out.EndObject();
}

// Prints the answers one by one, as they come: in JSON lines where nothing else
// is asked for.
class LinePrinter {
 public:
  LinePrinter(const std::string& format, const Engine& engine)
      : text_(format == "text"), array_(format == "json"), engine_(engine) {
    if (array_) std::cout << "[";
  }
  LinePrinter(const LinePrinter&) = delete;
  LinePrinter& operator=(const LinePrinter&) = delete;
  ~LinePrinter() {
    if (array_) std::cout << "]\n";
  }

  void Print(const ExplainedLine& line) {
    if (text_) {
      PrintText(line);
    } else {
      JsonWriter out;
      WriteLine(line, out);
      std::cout << (array_ && !first_ ? "," : "") << out.text()
                << (array_ ? "" : "\n");
    }
    first_ = false;
  }

 private:
  void PrintText(const ExplainedLine& line) {
    if (!line.answer.ok()) {
      std::cerr << "gatehouse: line " << line.number << ": "
                << line.answer.error().sentence << "\n";
      return;
    }
    std::cout << (first_ ? "" : "\n") << "line       " << line.number << "\n";
    PrintAnswer(line.answer.value(), engine_);
  }

  const bool text_;
  const bool array_;
  const Engine& engine_;
  bool first_ = true;
};

int ExplainCalls(Explainer& explainer, const ExplainOptions& options,
                 const Engine& engine) {
  std::ifstream file;
  if (options.calls != "-") {
    file.open(options.calls);
    if (!file) {
      std::cerr << "gatehouse: " << options.calls << " cannot be read\n";
      return kExitEnvironment;
    }
  }
  std::istream& in = options.calls == "-" ? std::cin : file;
  LinePrinter printer(options.format, engine);
  int number = 0;
  int exit_code = kExitDone;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const ExplainedLine explained =
        ExplainLine(explainer, line, options.profile, number);
    printer.Print(explained);
    if (!explained.answer.ok()) exit_code = kExitNo;
  }
  return exit_code;
}

int ExplainOne(Explainer& explainer, const ExplainOptions& options,
               const Engine& engine) {
  auto arguments = ParseJson(options.arguments);
  if (!arguments.ok()) {
    std::cerr << "gatehouse: --arguments: " << arguments.error().sentence
              << "\n";
    return kExitMisuse;
  }
  Question question{options.profile, options.tool,
                    JsonWriter().Value(arguments.value()).Take()};
  if (!options.uri.empty()) {
    question.target = options.uri;
    question.asked = Asked::kResource;
  } else if (!options.prompt.empty()) {
    question.target = options.prompt;
    question.asked = Asked::kPrompt;
  }
  auto answer = explainer.Explain(question);
  if (!answer.ok()) {
    std::cerr << "gatehouse: " << answer.error().sentence << "\n";
    return kExitMisuse;
  }
  if (options.format != "json" && options.format != "jsonl") {
    PrintAnswer(answer.value(), engine);
    return kExitDone;
  }
  JsonWriter out;
  out.BeginObject().Key("server").String(options.profile);
  WriteAnswer(answer.value(), out);
  WriteTrace(answer.value(), engine, out);
  std::cout << out.EndObject().text() << "\n";
  return kExitDone;
}

int Explain(const ExplainOptions& options) {
  const int asked = static_cast<int>(!options.calls.empty()) +
                    static_cast<int>(!options.tool.empty()) +
                    static_cast<int>(!options.uri.empty()) +
                    static_cast<int>(!options.prompt.empty());
  if (asked != 1) {
    std::cerr << "gatehouse: name one call with --tool and --arguments, a "
                 "resource with --uri, a prompt with --prompt and "
                 "--arguments, or many with --calls\n";
    return kExitMisuse;
  }
  const ClusterPolicy opened =
      OpenClusterPolicy(options.policy, options.kubeconfig, options.context);
  if (opened.exit_code != kExitDone) return opened.exit_code;
  Explainer explainer(opened.policy, *opened.cluster, opened.tables);
  return options.calls.empty()
             ? ExplainOne(explainer, options, opened.engine())
             : ExplainCalls(explainer, options, opened.engine());
}

}  // namespace

void AddPolicyExplain(Command policy) {
  const Command command = policy.AddCommand(
      "explain", "What a call would do, and what the policy says of it");
  auto options = std::make_shared<ExplainOptions>();
  AddPolicyOptions(command, options->policy);
  command
      .Add("--profile,--server", options->profile,
           "The server's profile, or a file of your own (.yaml) (" +
               ProfileNames() + ")")
      .Word("NAME|FILE");
  command
      .Add("--kubeconfig", options->kubeconfig,
           "The kubeconfig that calls are judged by")
      .Word("FILE");
  command
      .Add("--context", options->context,
           "The one kubeconfig context that calls may go to")
      .Word("NAME");
  command.Add("--tool", options->tool, "The tool's name").Word("NAME");
  command
      .Add("--uri", options->uri, "In place of a tool: a resource that is read")
      .Word("URI");
  command
      .Add("--prompt", options->prompt,
           "In place of a tool: a prompt that is filled in")
      .Word("NAME");
  command.Add("--arguments", options->arguments, "Its arguments")
      .Word("JSON")
      .ShowDefault();
  command
      .Add("--calls", options->calls,
           "Many calls, one {\"server\",\"tool\",\"arguments\"} a "
           "line, or \"uri\" or \"prompt\" for the tool; - for "
           "standard input")
      .Word("FILE");
  command
      .Add("--format", options->format,
           "text, json or jsonl; text for one call and jsonl for --calls if "
           "left out")
      .OneOf({"text", "json", "jsonl"});
  command.Footer(
      "\nExample:\n  gatehouse policy explain --profile kubernetes-mcp-server "
      "\\\n    --tool pods_delete --arguments '{\"name\":\"web-0\"}'\n");
  command.Do([options] { return Explain(*options); });
}

}  // namespace gatehouse::cli
