// SPDX-License-Identifier: Apache-2.0
#pragma once
// Operands of kubectl and of tools that take the same spellings: TYPE,
// TYPE.GROUP, TYPE/NAME, comma lists, categories; and the checks on names and
// namespaces that come from a tool call. Turns words into types and names,
// nothing more.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/tables.h"
#include "policy/request.h"

namespace gatehouse {

// One thing that words name. `type` is nullptr for a type we do not know.
struct Operand {
  const ResourceType* type = nullptr;
  std::optional<std::string> group;  // of an unknown type, where it is told
  std::string name;                  // "": none, so all of the type
  std::string word;                  // as it was written
  // No built-in type goes by this word; or all the types of a category that
  // are not built in.
  bool custom = false;
  bool of_category = false;
  // What its pods ask for, where it stands in a manifest.
  std::optional<PodFacts> pods = std::nullopt;
};

struct Operands {
  std::vector<Operand> items;
  std::optional<Unclear> unclear;
};

// What one call may name. More is refused: the rules and the trail look at each
// one, and comma lists times names would be more than the memory holds.
inline constexpr std::size_t kMaxObjects = 500;
// The reason for which it is.
std::string TooManyObjects();

// The operands of `words` as kubectl's resource builder reads them: either
// TYPE[,TYPE] [NAME...] or TYPE/NAME...; both at once is refused. At most
// kMaxObjects of them, each type once.
Operands ReadOperands(const std::vector<std::string>& words,
                      const KubernetesTables& tables);

// "a=b" or "a-", where operands of label and annotate end; "=b" and "-" are
// operands still.
bool IsPair(std::string_view word);
// Whether --subresource may say `name` of the operand's type. Of a type we do
// not know only status and scale.
bool MayHaveSubresource(const Operand& operand, std::string_view name);

// A DNS-1123 label: what a namespace's name must be.
bool IsNamespaceName(std::string_view text);
// A DNS-1123 subdomain: what an API group's name must be.
bool IsGroupName(std::string_view text);
// "v1", "v1beta2", "v2alpha1".
bool IsVersion(std::string_view text);
// Nothing that a path, a flag or a list could be made of: no leading "-", "/",
// "..", "%", blank, comma, control character, or other than ASCII.
bool IsPlainName(std::string_view text);
// As IsPlainName, with the characters that kubeconfig contexts have besides
// ("/", ":", "@").
bool IsContextName(std::string_view text);

}  // namespace gatehouse
