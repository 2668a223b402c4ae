// SPDX-License-Identifier: Apache-2.0
// Any text as a server's answer. The masked line is JSON of the same shape, its
// envelope as it was; what it changes is never passed on while it comes,
// wherever a piece of it ends; and a Secret in a document of its own never gets
// through, whatever stands before and behind it. The first byte chooses what is
// known of the call.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "audit/base64.h"
#include "audit/json_string.h"
#include "audit/json_tree.h"
#include "audit/redact.h"
#include "audit/redact_token.h"

namespace {

using gatehouse::audit::AnswerFacts;
using gatehouse::audit::IsJsonTree;
using gatehouse::audit::MaskedLine;
using gatehouse::audit::Origin;
using gatehouse::audit::QuoteJson;
using gatehouse::audit::Redactor;
using gatehouse::audit::TextTree;

// Slow to make, so kept: of what it saw, no input has the canary of another.
const Redactor& TheRedactor() {
  static int uses = 0;
  static auto redactor = std::make_unique<Redactor>("key", "session");
  if (++uses % 500 == 0)
    redactor = std::make_unique<Redactor>("key", "session");
  return *redactor;
}

std::string CanaryOf(std::string_view text) {
  return "c4n4ry-S3cret-" + std::to_string(std::hash<std::string_view>()(text));
}

void Require(bool condition) {
  if (!condition) std::abort();
}

AnswerFacts FactsOf(unsigned choice) {
  AnswerFacts facts;
  if (choice % 3 == 1) facts.origin = Origin::kStrict;
  if (choice % 3 == 2) facts.origin = Origin::kShaped;
  facts.listing = choice % 7 == 6;
  return facts;
}

// Keys, in their order and depth; what a scalar says is not looked at.
std::string ShapeOf(std::string_view json) {
  TextTree tree;
  tree.text = json;
  Require(IsJsonTree(tree));
  std::string shape;
  for (const auto& node : tree.nodes) {
    const bool map = node.shape == gatehouse::audit::NodeShape::kMap;
    const bool list = node.shape == gatehouse::audit::NodeShape::kList;
    shape += (map    ? "{"
              : list ? "["
                     : ".") +
             std::to_string(node.next - (&node - tree.nodes.data())) + " ";
  }
  return shape;
}

std::string LineOf(std::string_view text) {
  return R"({"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text",)"
         R"("text":)" +
         QuoteJson(text) + "}]}}";
}

// The same text as what programs read, where it is JSON.
std::string StructuredLine(std::string_view json) {
  return R"({"jsonrpc":"2.0","id":7,"result":{"structuredContent":)" +
         std::string(json) + "}}";
}

// In two pieces, as proxy/return_gate looks at them: what is kept back comes
// again with the rest.
bool StopsStream(const Redactor& redactor, const std::string& line,
                 const AnswerFacts& facts) {
  const std::size_t cut =
      std::hash<std::string_view>()(line) % (line.size() + 1);
  const std::size_t sent = cut - std::min(cut, gatehouse::audit::kKeptBytes);
  return redactor.MayChange(line.substr(0, cut), facts) ||
         redactor.MayChange(line.substr(sent), facts);
}

void CheckLine(const std::string& line, const AnswerFacts& facts) {
  const Redactor& redactor = TheRedactor();
  const MaskedLine masked = redactor.MaskLine(line, facts);
  if (!masked.line) return;
  Require(StopsStream(redactor, line, facts));
  Require(ShapeOf(*masked.line) == ShapeOf(line));
  Require(masked.line->starts_with(R"({"jsonrpc":"2.0","id":7,)"));
}

void CheckSecret(std::string_view text, const AnswerFacts& facts) {
  if (facts.listing) return;
  const std::string canary = CanaryOf(text);
  const std::string half(text.substr(0, text.size() / 2));
  const std::string rest(text.substr(text.size() / 2));
  const std::string secret = "\n---\napiVersion: v1\ndata:\n  pw: " +
                             gatehouse::audit::ToBase64(canary) +
                             "\nkind: Secret\nmetadata:\n  name: db\n---\n";
  const Redactor& redactor = TheRedactor();
  const MaskedLine masked =
      redactor.MaskLine(LineOf(half + secret + rest), facts);
  Require(masked.line.has_value());
  Require(masked.line->find(gatehouse::audit::ToBase64(canary)) ==
          std::string::npos);
  // A key in PEM without an end takes all behind it: nothing is learned then.
  if (masked.line->find("masked secret:pw") == std::string::npos) return;
  const MaskedLine log = redactor.MaskLine(LineOf("it is " + canary), {});
  Require(log.line && log.line->find(canary) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0 || size > 65'536) return 0;
  const AnswerFacts facts = FactsOf(data[0]);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1,
                              size - 1);
  CheckLine(LineOf(text), facts);
  TextTree tree;
  tree.text = text;
  if (IsJsonTree(tree)) CheckLine(StructuredLine(text), facts);
  CheckSecret(text, facts);
  return 0;
}
