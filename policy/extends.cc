// SPDX-License-Identifier: Apache-2.0
// Follows `extends` through a callback, so that policy/ opens no file.
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "policy/document.h"
#include "policy/fault.h"
#include "policy/rule_reader.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxFiles = 32;

class Resolver {
 public:
  Resolver(const LoadExtended& load, Issues& issues)
      : load_(load), issues_(issues) {}

  void Add(RuleFile file) {
    const Words extends = file.extends;
    const SourceText source = file.source;
    path_.push_back(source.name);
    files_.push_back(std::move(file));
    for (const Word& word : extends) Follow(word, source);
    path_.pop_back();
  }

  std::vector<RuleFile> Take() { return std::move(files_); }

 private:
  void Refuse(Fault fault, const Word& word, const SourceText& from,
              std::string message) {
    AddIssue(from, word.position, FaultCode(fault), std::move(message),
             issues_);
  }

  void Follow(const Word& word, const SourceText& from) {
    Result<SourceText> text = load_(word.text, from.name);
    if (!text.ok()) {
      Refuse(
          Fault::kExtendsUnknown, word, from,
          "cannot extend " + Quoted(word.text) + ": " + text.error().sentence);
      return;
    }
    const std::string& name = text.value().name;
    if (std::find(path_.begin(), path_.end(), name) != path_.end()) {
      Refuse(Fault::kExtendsCycle, word, from,
             Quoted(word.text) + " extends itself by way of this file");
      return;
    }
    const bool known = std::any_of(
        files_.begin(), files_.end(),
        [&](const RuleFile& file) { return file.source.name == name; });
    if (known) return;
    if (files_.size() >= kMaxFiles) {
      Refuse(Fault::kTooLarge, word, from, "too many extended policies");
      return;
    }
    Add(ReadRules(text.value(), issues_));
  }

  const LoadExtended& load_;
  Issues& issues_;
  std::vector<RuleFile> files_;
  std::vector<std::string> path_;  // from the outermost to the current one
};

}  // namespace

std::vector<RuleFile> ResolveExtends(RuleFile outermost,
                                     const LoadExtended& load, Issues& issues) {
  Resolver resolver(load, issues);
  resolver.Add(std::move(outermost));
  return resolver.Take();
}

}  // namespace gatehouse
