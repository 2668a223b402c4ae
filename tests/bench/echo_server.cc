// SPDX-License-Identifier: Apache-2.0
// The fastest server there can be: answers each request with one text, by its
// id. Trusts its input. Environment:
//   ECHO_BYTES=N    the text of an answer to tools/call is so long
//   ECHO_TOKEN      it ends with a token, which is to be masked
//   ECHO_PROGRESS=N so many progress notifications come before that answer,
//                   each written by itself
//   ECHO_DELAY_US=N it takes so long
//   ECHO_FLOOD=N    after the first line, N bytes of log notifications follow
//   ECHO_STALL      never reads again after the first line

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

std::size_t Setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? 0 : std::strtoull(value, nullptr, 10);
}

void WriteAll(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(STDOUT_FILENO, text.data(), text.size());
    if (count <= 0) std::_Exit(0);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// The scalar behind `"id":`.
std::string_view IdOf(std::string_view line) {
  const std::size_t at = line.find("\"id\":");
  if (at == line.npos) return {};
  const std::string_view rest = line.substr(at + 5);
  return rest.substr(0, rest.find_first_of(",}"));
}

void Flood(std::size_t bytes) {
  const std::string line =
      R"({"jsonrpc":"2.0","method":"notifications/message","params":{)"
      R"("level":"info","data":")" +
      std::string(1024, 'x') + "\"}}\n";
  for (std::size_t sent = 0; sent < bytes; sent += line.size()) WriteAll(line);
}

// What the environment asks for.
struct Manner {
  std::string text;       // of an answer to tools/call
  std::size_t notes = 0;  // of progress, before it
  useconds_t delay_us = 0;
  std::size_t flood = 0;
  bool stalls = false;
};

// Lines as `kubectl logs` gives them.
std::string Text(std::size_t bytes) {
  const std::string_view line =
      "2026-11-27T10:00:00Z INFO request served path=/healthz status=200\\n";
  std::string text;
  while (text.size() + line.size() <= bytes) text += line;
  return text + std::string(bytes - text.size(), '.');
}

Manner ReadManner() {
  Manner manner;
  manner.text = Text(std::max<std::size_t>(Setting("ECHO_BYTES"), 64));
  if (std::getenv("ECHO_TOKEN") != nullptr) {
    manner.text += "ghp_" + std::string(36, 'a');
  }
  manner.notes = Setting("ECHO_PROGRESS");
  manner.delay_us = static_cast<useconds_t>(Setting("ECHO_DELAY_US"));
  manner.flood = Setting("ECHO_FLOOD");
  manner.stalls = std::getenv("ECHO_STALL") != nullptr;
  return manner;
}

// As servers do: whoever waits sees each at once.
void TellProgress(std::size_t notes) {
  for (; notes > 0; --notes) {
    WriteAll(R"({"jsonrpc":"2.0","method":"notifications/progress","params":{)"
             R"("progressToken":7,"progress":1,"message":"still at it"}})"
             "\n");
  }
}

void Answer(std::string_view line, const Manner& manner, std::string& out) {
  const std::string_view id = IdOf(line);
  if (id.empty()) return;
  const bool call = line.find("tools/call") != line.npos;
  if (call) {
    TellProgress(manner.notes);
    if (manner.delay_us > 0) usleep(manner.delay_us);
  }
  out.append(R"({"jsonrpc":"2.0","id":)").append(id).append(",\"result\":");
  if (call) {
    out += R"({"content":[{"type":"text","text":")";
    out += manner.text;
    out += "\"}]}}\n";
  } else if (line.find("\"initialize\"") != line.npos) {
    out += R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
           R"("serverInfo":{"name":"echo","version":"1"}}})"
           "\n";
  } else {
    out += "{}}\n";
  }
}

}  // namespace

int main() {
  const Manner manner = ReadManner();
  std::array<char, 256 << 10> bytes;
  std::string buffer;
  std::string out;
  bool first = true;
  while (true) {
    const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count <= 0) return 0;
    buffer.append(bytes.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end = buffer.find('\n'); end != buffer.npos;
         end = buffer.find('\n', begin)) {
      Answer(std::string_view(buffer).substr(begin, end - begin), manner, out);
      begin = end + 1;
    }
    buffer.erase(0, begin);
    WriteAll(out);
    out.clear();
    if (begin == 0 || !first) continue;
    first = false;
    if (manner.flood > 0) Flood(manner.flood);
    while (manner.stalls) pause();
  }
}
