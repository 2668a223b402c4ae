// SPDX-License-Identifier: Apache-2.0
// The fastest server there can be: answers each request with one text, by its
// id. Trusts its input. Environment:
//   ECHO_BYTES=N    the text of an answer to tools/call is so long
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

void Answer(std::string_view line, const std::string& text, std::string& out) {
  const std::string_view id = IdOf(line);
  if (id.empty()) return;
  out.append(R"({"jsonrpc":"2.0","id":)").append(id).append(",\"result\":");
  if (line.find("tools/call") != line.npos) {
    out += R"({"content":[{"type":"text","text":")";
    out += text;
    out += "\"}]}}\n";
  } else if (line.find("\"initialize\"") != line.npos) {
    out += R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
           R"("serverInfo":{"name":"echo","version":"1"}}})"
           "\n";
  } else {
    out += "{}}\n";
  }
}

// Lines as `kubectl logs` gives them.
std::string Text(std::size_t bytes) {
  const std::string_view line =
      "2026-11-27T10:00:00Z INFO request served path=/healthz status=200\\n";
  std::string text;
  while (text.size() + line.size() <= bytes) text += line;
  return text + std::string(bytes - text.size(), '.');
}

}  // namespace

int main() {
  const std::string text =
      Text(std::max<std::size_t>(Setting("ECHO_BYTES"), 64));
  const std::size_t flood = Setting("ECHO_FLOOD");
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
      Answer(std::string_view(buffer).substr(begin, end - begin), text, out);
      begin = end + 1;
    }
    buffer.erase(0, begin);
    WriteAll(out);
    out.clear();
    if (begin == 0 || !first) continue;
    first = false;
    if (flood > 0) Flood(flood);
    while (std::getenv("ECHO_STALL") != nullptr) pause();
  }
}
