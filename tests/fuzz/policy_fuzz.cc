// SPDX-License-Identifier: Apache-2.0
// Any bytes as a policy. Nothing crashes; every rejection says why; and a
// policy that compiles denies a request of which nothing is known, unless it
// allows unclear calls by name, which is the only way to let such a one go.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "policy/embedded.h"
#include "policy/rule_compiler.h"
#include "policy/rule_reader.h"

namespace {

using namespace gatehouse;  // NOLINT: one short file

Result<SourceText> LoadPreset(std::string_view name, std::string_view) {
  const auto text = EmbeddedText("presets/" + std::string(name) + ".yaml");
  if (!text) return Error{ErrorCode::kNotFound, "no such preset"};
  return SourceText{"preset " + std::string(name), std::string(*text)};
}

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const SourceText source{
      "fuzz", std::string(reinterpret_cast<const char*>(data), size)};
  Issues issues;
  const auto files =
      ResolveExtends(ReadRules(source, issues), LoadPreset, issues);
  static const auto tables = KubernetesTables::Embedded();  // slow to make
  const auto engine = CompileRules(files, tables, {}, issues);
  Require((engine == nullptr) == issues.HasErrors());
  for (const Issue& issue : issues.items()) Require(!Render(issue).empty());
  if (engine == nullptr) return 0;
  Classification call;
  call.tool = "tool";
  call.known_tool = true;
  call.requests.resize(1);  // of an unknown verb
  const Decision decision = engine->Decide(call, {}, {});
  Require(decision.effect == Effect::kDeny && !decision.sentence.empty());
  Require(engine->Explain(call, {}, {}).decision.effect == Effect::kDeny);
  return 0;
}
