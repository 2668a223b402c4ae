// SPDX-License-Identifier: Apache-2.0
// Any line of a server as the answer to a list: what reaches the client is one
// line that a second parser reads to the entries that the judge lets through,
// all of those and in their order, each as the server wrote it, masked; the
// result's other members stay. The first byte chooses the list and the era.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "proxy/tool_definition.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Json = nlohmann::ordered_json;

struct List {
  const char* method;
  const char* member;
  const char* key;
};
constexpr std::array<List, 4> kLists = {
    {{"tools/list", "tools", "name"},
     {"prompts/list", "prompts", "name"},
     {"resources/list", "resources", "uri"},
     {"resources/templates/list", "resourceTemplates", "uriTemplate"}}};

void Require(bool property, std::string_view what) {
  if (property) return;
  std::cerr << "property does not hold: " << what << "\n";
  std::abort();
}

// As the fake judge says it.
bool Passes(const List& list, const std::string& target) {
  FakeJudge judge;
  const std::string_view word =
      std::string_view(target).substr(target.rfind('/') + 1);
  const bool tool = std::string_view(list.member) == "tools";
  return judge
      .DecideMethod({Asked::kPrompt, "", tool ? target : word, nullptr}, {}, {})
      .decision.Passes();
}

std::string TargetOf(const List& list, const Json& entry) {
  if (!entry.is_object() || !entry.contains(list.key)) return "";
  const Json& target = entry[list.key];
  return target.is_string() ? target.get<std::string>() : "";
}

// What a client may see of the server's list, as `masked`.
Json Shown(const List& list, const Json& entries, const Json& masked) {
  std::map<std::string, int> times;
  for (const Json& entry : entries) ++times[TargetOf(list, entry)];
  const bool tools = std::string_view(list.member) == "tools";
  Json shown = Json::array();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string target = TargetOf(list, entries[i]);
    if (target.empty() || !Passes(list, target)) continue;
    if (tools && (times[target] > 1 || !IsToolName(target))) continue;
    shown.push_back(masked[i]);
  }
  return shown;
}

// What masks is tested elsewhere (answer_fuzz).
std::string Masked(std::string_view line, bool modern) {
  audit::AnswerFacts facts;
  facts.listing = true;
  facts.links = modern;
  const audit::Redactor redactor("a key of the database", "0198-session",
                                 GateBench::Rules());
  return redactor.MaskLine(line, facts).line.value_or(std::string(line));
}

void CheckList(const List& list, bool modern, std::string_view line,
               std::string_view sent) {
  const Json before = Json::parse(line, nullptr, false);
  const Json masked = Json::parse(Masked(line, modern), nullptr, false);
  const Json after = Json::parse(sent, nullptr, false);
  Require(!before.is_discarded(), "a second parser reads the server's line");
  Require(!after.is_discarded(), "a second parser reads what is sent");
  Require(sent.find('\n') == sent.size() - 1, "one line");
  if (after.contains("error")) return;
  Require(after["result"].is_object(), "a result");
  const Json& result = after["result"];
  Require(result.contains(list.member), "the list is there");
  Require(result[list.member] == Shown(list, before["result"][list.member],
                                       masked["result"][list.member]),
          "the entries that may be used, all and in order");
  for (const auto& [key, value] : masked["result"].items()) {
    if (key == list.member || key == "ttlMs" || key == "cacheScope") continue;
    Require(result.contains(key) && result[key] == value,
            "the other members stay");
  }
  if (modern) {
    Require(result.value("cacheScope", "") == "private", "this user's own");
  }
}

}  // namespace
}  // namespace gatehouse

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace gatehouse;  // NOLINT: one short function
  if (size == 0) return 0;
  const List& list = kLists[data[0] / 2 % kLists.size()];
  const bool modern = data[0] % 2 == 1;
  std::string_view line(reinterpret_cast<const char*>(data) + 1, size - 1);
  line = line.substr(0, line.find('\n'));
  GateBench bench;
  const std::string meta =
      modern ? R"(,"params":{"_meta":{)"
               R"("io.modelcontextprotocol/protocolVersion":"2026-07-28"}})"
             : "";
  (void)bench.Client(R"({"jsonrpc":"2.0","id":1,"method":")" +
                     std::string(list.method) + "\"" + meta + "}");
  const Verdict verdict = bench.Server(std::string(line));
  if (verdict.kind != Verdict::Kind::kForward) return 0;
  const Json message = Json::parse(line, nullptr, false);
  // Notifications and errors pass as they are.
  if (!message.is_object() || !message.contains("result")) return 0;
  CheckList(list, modern, line, verdict.bytes);
  return 0;
}
