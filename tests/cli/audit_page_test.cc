// SPDX-License-Identifier: Apache-2.0
// docs/audit-trail.md shows nothing that was not printed: its commands are run,
// in order, on one small trail. Hashes, ids and times differ from run to run
// and are compared as such.
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <sstream>

#include "cli/audit.h"
#include "policy/policy_text.h"
#include "tests/audit/trail_fixture.h"
#include "tests/cli/command_fixture.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kPage = GATEHOUSE_SOURCE_DIR "/docs/audit-trail.md";
constexpr const char* kPolicy =
    "apiVersion: gatehouse/v1\nkind: Policy\nname: shop\nrules:\n"
    "- {id: look, allow: read}\n";
constexpr std::int64_t kSecond = 1'000'000'000;
// Long enough ago that "2h" stays "2h".
constexpr std::int64_t kAgo = 2 * 3600 * kSecond;

class AuditPageTest : public audit::TrailTest {
 protected:
  AuditPageTest() : before_(std::filesystem::current_path()) {
    const auto sink = OpenSink();
    EXPECT_TRUE(sink->KeepPolicy(HashOf(kPolicy), kPolicy).ok());
    Event(*sink, "guard start",
          "gatehouse 0.1.0 before npx -y kubernetes-mcp-server@0.0.67");
    Call(*sink, "pods_list_in_namespace", Verb::kList, "pods", "");
    Call(*sink, "pods_delete", Verb::kDelete, "pods", "web-0");
    Call(*sink, "resources_get", Verb::kGet, "secrets", "db");
    Event(*sink, "guard stop", "the client closed the session");
    EXPECT_TRUE(sink->Commit(audit::Durability::kFull).ok());
    std::filesystem::current_path(folder_ + "/state");
    setenv("GATEHOUSE_DB", database_.c_str(), 1);
  }
  ~AuditPageTest() override {
    unsetenv("GATEHOUSE_DB");
    std::filesystem::current_path(before_);
  }

  void Put(audit::Sink& sink, audit::Record record) {
    record.time_ns = start_ + kSecond * ++written_;
    record.session = "019ac000-0000-7000-8000-00000000000a";
    record.client_name = "an-editor";
    record.client_version = "1.2";
    record.kube_user = "ada@shop";
    EXPECT_TRUE(sink.Append(record).ok());
  }
  void Event(audit::Sink& sink, const char* event, const char* detail) {
    audit::Record record;
    record.event = event;
    record.detail = detail;
    record.os_user = "ada";
    record.policy_hash = HashOf(kPolicy);
    Put(sink, std::move(record));
  }
  void Call(audit::Sink& sink, const char* tool, Verb verb,
            const char* resource, const char* name) {
    const bool allowed = verb == Verb::kList;
    const std::string id =
        "019ac000-0000-7000-8000-0000000000c" + std::to_string(written_ % 10);
    audit::Record asked =
        audit::SampleDecision(id, allowed ? Effect::kAllow : Effect::kDeny);
    asked.server = "kubernetes-mcp-server";
    asked.tool = tool;
    asked.context = "shop";
    asked.policy_hash = HashOf(kPolicy);
    Request& request = asked.requests[0];
    request.verb = verb;
    request.resource = resource;
    request.namespace_name = "shop";
    request.name = name;
    request.context = "shop";
    asked.arguments =
        std::string(R"({"namespace":"shop")") +
        (*name == '\0' ? "" : std::string(R"(,"name":")") + name + "\"") + "}";
    asked.decision->rule = allowed ? "look" : "";
    if (!allowed) {
      const bool secret = std::string_view(resource) == "secrets";
      asked.decision->code = secret ? Code::kSensitive : Code::kNoRule;
      asked.decision->sentence =
          secret ? "no rule names secrets, which are sensitive"
                 : "no rule lets pods be deleted in shop";
    } else {
      asked.decision->sentence = "the rule look allows it";
    }
    Put(sink, asked);
    if (!allowed) return;
    audit::Record came = audit::SampleOutcome(id);
    came.tool = tool;
    came.bytes = 4711;
    Put(sink, came);
  }

  const std::int64_t start_ = audit::NowNanoseconds() - kAgo - 600 * kSecond;
  std::filesystem::path before_;
  int written_ = 0;
};

// Words as a shell takes them: blanks between, "..." around what holds some.
std::vector<std::string> Words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, any = false;
  for (const char letter : line) {
    if (letter == '"') {
      quoted = !quoted;
      any = true;
    } else if (letter == ' ' && !quoted) {
      if (any || !word.empty()) words.push_back(std::move(word));
      word.clear();
      any = false;
    } else {
      word += letter;
    }
  }
  if (any || !word.empty()) words.push_back(word);
  return words;
}

// What the command prints; with "> FILE" at its end, on standard error only.
std::string RunLine(const std::string& line, const std::string& database) {
  std::vector<std::string> words = Words(line);
  if (words[0] == "sqlite3") {
    audit::Tamper(database, words[2]);
    return "";
  }
  EXPECT_EQ(words[0], "gatehouse") << line;
  words.erase(words.begin());
  std::string file;
  if (words.size() > 2 && words[words.size() - 2] == ">") {
    file = words.back();
    words.resize(words.size() - 2);
  }
  const CommandRun run = RunCommand(AddAudit, words);
  if (file.empty()) return run.out + run.err;
  std::ofstream(file) << run.out;
  return run.err;
}

// The page with every command's output as it is now.
std::string PrintAnew(const std::string& page, const std::string& database) {
  std::istringstream lines(page);
  std::string out;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    const bool command = inside && line.starts_with("$ ");
    if (line == "```console") {
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside && !command) {
      continue;  // what it printed before
    }
    out += line + "\n";
    if (command) out += RunLine(line.substr(2), database);
  }
  return out;
}

std::string WithoutWhatDiffers(std::string text) {
  for (const auto& [pattern, word] :
       std::initializer_list<std::pair<const char*, const char*>>{
           {"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "TIME"},
           {"\\b[0-9]{2}:[0-9]{2}:[0-9]{2}\\b", "TIME"},
           {"\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", "UUID"},
           {"\\b[0-9a-f]{16,}\\b", "HEX"},
           {"\\b([0-9]+[smhd]|later)\\b", "AGO"},
           {"[0-9a-f]+\u2026", "HEX"},
           {" +", " "}}) {
    text = std::regex_replace(text, std::regex(pattern), word);
  }
  return text;
}

TEST_F(AuditPageTest, ShowsWhatIsPrinted) {
  const std::string page = audit::ReadWholeFile(kPage);
  ASSERT_NE(page, "");
  const std::string now = PrintAnew(page, database_);
  if (std::getenv("GATEHOUSE_ACCEPT") != nullptr) {
    std::ofstream(kPage) << now;
    return;
  }
  EXPECT_EQ(WithoutWhatDiffers(page), WithoutWhatDiffers(now))
      << "to accept: GATEHOUSE_ACCEPT=1, then read the diff";
}

}  // namespace
}  // namespace gatehouse::cli
