// SPDX-License-Identifier: Apache-2.0
// A tiny MCP server of both eras that keeps every byte it receives: what the
// end-to-end tests put behind the guard to see what came through. Its tools
// are those of the profile `sample-server`. Environment:
//   FAKE_SERVER_LOG         file that every received byte is appended to
//   FAKE_SERVER_EXIT_AT=N   exits with code 9 at the N-th tools/call
//   FAKE_SERVER_HOLD=FILE   answers to tools/call wait until FILE exists
//   FAKE_SERVER_SAY=FILE    FILE's text is written before each call's answer
//   FAKE_SERVER_ANSWERS=FILE  each line of FILE answers one call, read or get:
//                           the rest of a response; "" as ever
//   FAKE_SERVER_TOOLS=FILE  tools/list gives FILE's text as its array of tools
//   FAKE_SERVER_RESULT=FILE each call's result is FILE's text, a JSON object
//   FAKE_SERVER_BIG=N       each call's result holds a text of N bytes, written
//                           as it goes
//   FAKE_SERVER_TELLS       declares that its list of tools may change, and
//                           agrees to subscriptions/listen
//   FAKE_SERVER_IGNORE_EOF  stays when its stdin ends (as some real ones do)
//   FAKE_SERVER_IGNORE_TERM stays deaf to SIGTERM
//   FAKE_SERVER_STDERR      this text is written to stderr at the start
//   FAKE_SERVER_BROOD=FILE  starts processes that are hard to end (see below);
//                           FILE gets their ids, the server's own first

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse {
namespace {

constexpr std::string_view kModern = "2026-07-28";

struct Tool {
  std::string_view name;
  std::vector<std::string_view> strings;  // properties of type string
  std::string_view list;                  // a property of type list, or ""
};

const std::vector<Tool>& Tools() {
  static const std::vector<Tool> tools = {
      {"list_pods", {"namespace"}, ""},
      {"get_resource", {"resource", "name", "namespace"}, ""},
      {"delete_resource", {"resource", "name", "namespace"}, ""},
      {"apply", {"manifest"}, ""},
      {"kubectl", {}, "args"},
      {"echo", {"text"}, ""},
  };
  return tools;
}

std::string Setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator(file), {});
}

void WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(fd, text.data(), text.size());
    if (count <= 0) std::_Exit(1);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void NotePid(const std::string& path) {
  const int file =
      open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  WriteAll(file, std::to_string(getpid()) + "\n");
  close(file);
}

// What a server can leave behind, deaf to all signals that can be ignored: a
// child of its group, one in a session of its own, and one that is nobody's
// child and has no environment. All keep the server's streams open.
void StartBrood(const std::string& path) {
  NotePid(path);
  for (int kind = 0; kind < 3; ++kind) {
    if (fork() != 0) continue;
    for (const int deaf : {SIGTERM, SIGINT, SIGHUP}) signal(deaf, SIG_IGN);
    if (kind > 0) setsid();
    if (kind == 2 && fork() != 0) std::_Exit(0);
    NotePid(path);
    char* const nothing[] = {nullptr};
    if (kind == 2) execle("/bin/sleep", "sleep", "600", nullptr, nothing);
    while (true) pause();
  }
}

class FakeServer {
 public:
  int Run();

 private:
  bool ReadMore();
  void Handle(std::string_view line);
  void Answer(const JsonValue& message, std::string_view method);
  void Call(const JsonValue& message);
  void ReleaseHeld();
  static void Listen(const JsonValue& message);
  std::string GivenAnswer();
  static void AnswerBig(const JsonValue& message, std::size_t bytes);
  static void WriteTools(JsonWriter& json);
  static void WriteEra(JsonWriter& json, const JsonValue& message);
  static std::string Whole(const JsonValue& message, std::string_view result);

  int log_ = -1;
  std::string buffer_;
  int calls_ = 0;
  std::optional<std::ifstream> answers_;
  std::vector<std::string> held_;
};

bool IsModern(const JsonValue& message) {
  const JsonValue* params = Member(message, "params");
  const JsonValue* meta =
      params != nullptr ? Member(*params, "_meta") : nullptr;
  return meta != nullptr &&
         Member(*meta, "io.modelcontextprotocol/protocolVersion") != nullptr;
}

int FakeServer::Run() {
  if (!Setting("FAKE_SERVER_IGNORE_TERM").empty()) signal(SIGTERM, SIG_IGN);
  WriteAll(STDERR_FILENO, Setting("FAKE_SERVER_STDERR"));
  const std::string brood = Setting("FAKE_SERVER_BROOD");
  if (!brood.empty()) StartBrood(brood);
  const std::string path = Setting("FAKE_SERVER_LOG");
  if (!path.empty()) {
    log_ = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  }
  while (ReadMore()) {
    std::size_t end = buffer_.find('\n');
    while (end != std::string::npos) {
      Handle(std::string_view(buffer_).substr(0, end));
      buffer_.erase(0, end + 1);
      end = buffer_.find('\n');
    }
    ReleaseHeld();
  }
  while (!Setting("FAKE_SERVER_IGNORE_EOF").empty()) pause();
  return 0;
}

// False at the end of stdin. Wakes up while answers are held.
bool FakeServer::ReadMore() {
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  if (poll(&input, 1, held_.empty() ? -1 : 5) == 0) return true;
  std::array<char, 65536> bytes = {};
  const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count <= 0) return false;
  const std::string_view read_bytes(bytes.data(),
                                    static_cast<std::size_t>(count));
  if (log_ >= 0) WriteAll(log_, read_bytes);
  buffer_ += read_bytes;
  return true;
}

void FakeServer::Handle(std::string_view line) {
  const Result<JsonValue> message = ParseJson(line);
  if (!message.ok()) return;
  const auto method = StringMember(message.value(), "method");
  if (!method || Member(message.value(), "id") == nullptr) return;
  const bool asks = *method == "tools/call" || *method == "resources/read" ||
                    *method == "prompts/get";
  if (const std::string given = asks ? GivenAnswer() : ""; !given.empty()) {
    held_.push_back(Whole(message.value(), given));
  } else if (*method == "tools/call") {
    Call(message.value());
  } else if (*method == "subscriptions/listen" &&
             !Setting("FAKE_SERVER_TELLS").empty()) {
    Listen(message.value());
  } else {
    Answer(message.value(), *method);
  }
}

std::string FakeServer::GivenAnswer() {
  const std::string path = Setting("FAKE_SERVER_ANSWERS");
  if (path.empty()) return "";
  if (!answers_) answers_.emplace(path, std::ios::binary);
  std::string line;
  std::getline(*answers_, line);
  return line;
}

std::string FakeServer::Whole(const JsonValue& message,
                              std::string_view result) {
  JsonWriter id;
  id.Value(*Member(message, "id"));
  return R"({"jsonrpc":"2.0","id":)" + id.text() + "," + std::string(result) +
         "}\n";
}

void FakeServer::WriteEra(JsonWriter& json, const JsonValue& message) {
  if (!IsModern(message)) return;
  json.Key("resultType").String("complete");
}

void FakeServer::WriteTools(JsonWriter& json) {
  json.Key("tools");
  if (const std::string path = Setting("FAKE_SERVER_TOOLS"); !path.empty()) {
    json.Raw(Text(path));
    return;
  }
  json.BeginArray();
  for (const Tool& tool : Tools()) {
    json.BeginObject().Key("name").String(tool.name);
    json.Key("inputSchema").BeginObject().Key("type").String("object");
    json.Key("properties").BeginObject();
    for (const std::string_view name : tool.strings) {
      json.Key(name).BeginObject().Key("type").String("string").EndObject();
    }
    if (!tool.list.empty()) {
      json.Key(tool.list).BeginObject().Key("type").String("array");
      json.Key("items").BeginObject().Key("type").String("string").EndObject();
      json.EndObject();
    }
    json.EndObject().EndObject().EndObject();
  }
  json.EndArray();
}

// Agrees to all that is asked for.
void FakeServer::Listen(const JsonValue& message) {
  JsonWriter json;
  json.BeginObject().Key("jsonrpc").String("2.0").Key("method");
  json.String("notifications/subscriptions/acknowledged").Key("params");
  json.BeginObject().Key("notifications");
  json.Value(*Member(*Member(message, "params"), "notifications"));
  json.Key("_meta").BeginObject();
  json.Key("io.modelcontextprotocol/subscriptionId");
  json.Value(*Member(message, "id"));
  json.EndObject().EndObject().EndObject();
  WriteAll(STDOUT_FILENO, json.text() + "\n");
}

void FakeServer::Answer(const JsonValue& message, std::string_view method) {
  JsonWriter json;
  json.BeginObject();
  WriteEra(json, message);
  const JsonValue* params = Member(message, "params");
  if (method == "initialize" || method == "server/discover") {
    const auto asked = params != nullptr
                           ? StringMember(*params, "protocolVersion")
                           : std::nullopt;
    if (method == "initialize") {
      json.Key("protocolVersion").String(asked.value_or("2025-11-25"));
    } else {
      json.Key("supportedVersions").BeginArray().String(kModern).EndArray();
    }
    json.Key("capabilities").BeginObject();
    json.Key("tools").BeginObject();
    if (!Setting("FAKE_SERVER_TELLS").empty()) {
      json.Key("listChanged").Bool(true);
    }
    json.EndObject().EndObject();
    json.Key("serverInfo").BeginObject().Key("name").String("fake");
    json.Key("version").String("1").EndObject();
  } else if (method == "tools/list") {
    WriteTools(json);
  } else if (method != "ping") {
    WriteAll(
        STDOUT_FILENO,
        Whole(message, R"("error":{"code":-32601,"message":"not found"})"));
    return;
  }
  if (IsModern(message)) {
    json.Key("ttlMs").Integer(1000).Key("cacheScope").String("public");
  }
  json.EndObject();
  WriteAll(STDOUT_FILENO, Whole(message, "\"result\":" + json.text()));
}

void FakeServer::Call(const JsonValue& message) {
  ++calls_;
  const std::string exit_at = Setting("FAKE_SERVER_EXIT_AT");
  if (!exit_at.empty() && std::stoi(exit_at) == calls_) std::_Exit(9);
  if (const std::string path = Setting("FAKE_SERVER_RESULT"); !path.empty()) {
    held_.push_back(Whole(message, "\"result\":" + Text(path)));
    return;
  }
  if (const std::string big = Setting("FAKE_SERVER_BIG"); !big.empty()) {
    return AnswerBig(message, std::stoul(big));
  }
  const JsonValue* params = Member(message, "params");
  const auto name =
      params != nullptr ? StringMember(*params, "name") : std::nullopt;
  JsonWriter json;
  json.BeginObject();
  WriteEra(json, message);
  json.Key("content").BeginArray().BeginObject().Key("type").String("text");
  json.Key("text").String("done: " + std::string(name.value_or("?")));
  json.EndObject().EndArray().EndObject();
  held_.push_back(Whole(message, "\"result\":" + json.text()));
}

void FakeServer::AnswerBig(const JsonValue& message, std::size_t bytes) {
  std::string part;
  while (part.size() < std::size_t{64} << 10) part += "ordinary words, ";
  const std::string whole =
      Whole(message, R"("result":{"content":[{"type":"text","text":""}]})");
  const std::size_t text = whole.rfind('"');
  WriteAll(STDOUT_FILENO, whole.substr(0, text));
  for (std::size_t left = bytes; left > 0;) {
    const std::size_t count = std::min(left, part.size());
    WriteAll(STDOUT_FILENO, std::string_view(part).substr(0, count));
    left -= count;
  }
  WriteAll(STDOUT_FILENO, whole.substr(text));
}

void FakeServer::ReleaseHeld() {
  const std::string gate = Setting("FAKE_SERVER_HOLD");
  if (!gate.empty() && access(gate.c_str(), F_OK) != 0) return;
  const std::string say = Setting("FAKE_SERVER_SAY");
  for (const std::string& answer : held_) {
    if (!say.empty()) WriteAll(STDOUT_FILENO, Text(say));
    WriteAll(STDOUT_FILENO, answer);
  }
  held_.clear();
}

}  // namespace
}  // namespace gatehouse

int main() { return gatehouse::FakeServer().Run(); }
