// SPDX-License-Identifier: Apache-2.0
// An MCP server of one tool, `kubectl` of the profile sample-server: runs the
// program in $HUNT_KUBECTL with the words of `args`, as they are and without a
// shell, and answers with what it said. For the hunt: kubectl alone behind the
// guard.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "proxy/fd.h"

namespace gatehouse::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A watch or a follow is ended then.
constexpr milliseconds kPatience{4000};
constexpr std::size_t kMaxOutput = 256 * 1024;

[[noreturn]] void Become(std::vector<std::string>& words, int out) {
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(argv.front(), argv.data());
  _exit(127);
}

std::string ReadAll(int fd) {
  std::string text;
  std::array<char, 65536> block{};
  const auto end = steady_clock::now() + kPatience;
  while (text.size() < kMaxOutput) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
    pollfd wait{fd, POLLIN, 0};
    if (left.count() <= 0 ||
        poll(&wait, 1, static_cast<int>(left.count())) <= 0) {
      break;
    }
    const ssize_t got = read(fd, block.data(), block.size());
    if (got <= 0) break;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  return text;
}

std::string RunKubectl(std::vector<std::string> words) {
  Pipe out = std::move(MakePipe()).value();
  const pid_t pid = fork();
  if (pid == 0) Become(words, out.write.get());
  out.write.Close();
  std::string text = ReadAll(out.read.get());
  kill(pid, SIGKILL);  // has ended by itself, or is asked to no longer
  waitpid(pid, nullptr, 0);
  return text;
}

void Call(const JsonValue& params, JsonWriter& out) {
  std::vector<std::string> words = {std::getenv("HUNT_KUBECTL")};
  const JsonValue* arguments = Member(params, "arguments");
  const JsonValue* args =
      arguments == nullptr ? nullptr : Member(*arguments, "args");
  if (args != nullptr) {
    for (const JsonValue* word : Elements(*args)) {
      words.emplace_back(AsString(*word).value_or(""));
    }
  }
  out.BeginObject().Key("content").BeginArray().BeginObject();
  out.Key("type").String("text").Key("text").String(RunKubectl(words));
  out.EndObject().EndArray().EndObject();
}

constexpr std::string_view kHello =
    R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
    R"("serverInfo":{"name":"kubectl-server","version":"1"}})";
constexpr std::string_view kTools =
    R"({"tools":[{"name":"kubectl","description":"Runs kubectl.",)"
    R"("inputSchema":{"type":"object","properties":{"args":)"
    R"({"type":"array","items":{"type":"string"}}},"required":["args"]}}]})";

void Answer(const JsonValue& message) {
  const JsonValue* id = Member(message, "id");
  if (id == nullptr) return;
  const std::string_view method = StringMember(message, "method").value_or("");
  JsonWriter out;
  out.BeginObject().Key("jsonrpc").String("2.0").Key("id").Value(*id);
  out.Key("result");
  if (method == "initialize") {
    out.Raw(kHello);
  } else if (method == "tools/list") {
    out.Raw(kTools);
  } else if (method == "tools/call") {
    Call(*Member(message, "params"), out);
  } else {
    out.Raw("{}");
  }
  std::cout << out.EndObject().text() << std::endl;
}

}  // namespace
}  // namespace gatehouse::testing

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto message = gatehouse::ParseJson(line);
    if (message.ok()) gatehouse::testing::Answer(message.value());
  }
}
