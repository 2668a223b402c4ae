// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubectl_targets.h"

#include <algorithm>
#include <utility>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/manifest.h"

namespace gatehouse {
namespace {

// "key=value:Effect", "key:Effect", "key-".
bool IsTaint(std::string_view word) {
  return word.find_first_of("=:") != std::string_view::npos ||
         word.ends_with('-');
}

class TargetReader {
 public:
  TargetReader(const CommandArguments& arguments,
               const KubernetesTables& tables, const Place& place,
               Meaning& meaning)
      : arguments_(arguments),
        tables_(tables),
        place_(place),
        meaning_(meaning) {}

  std::vector<Target> Read(const KubectlRun& run) {
    for (const GivenFlag& given : arguments_.flags) {
      if (given.flag->role == FlagRole::kFile) ReadFile(given.value, run);
    }
    ReadWords();
    if (targets_.size() > kMaxObjects) {
      meaning_.Refuse(TooManyObjects());
      targets_.resize(kMaxObjects);
    }
    return std::move(targets_);
  }

 private:
  void ReadFile(const std::string& file, const KubectlRun& run) {
    has_file_ = true;
    if (file == kInlineManifest && run.manifest != nullptr) {
      return ReadInlineManifest(*run.manifest);
    }
    const bool url = file.find("://") != std::string::npos;
    meaning_.Add(PlainRequest(url ? Verb::kFetch : Verb::kLocal, place_));
    meaning_.Refuse(url ? "what a URL holds is not known"
                        : "what a file holds is not known");
  }

  void ReadInlineManifest(const std::string& text) {
    const Manifest manifest =
        ReadManifest(text, ManifestDialect::kKubectl, tables_);
    for (const ManifestObject& object : manifest.objects) {
      Target target{OperandOf(object), std::nullopt};
      if (!object.namespace_name.empty()) {
        target.namespace_name = object.namespace_name;
      }
      targets_.push_back(std::move(target));
    }
    if (manifest.unclear) meaning_.Refuse(*manifest.unclear);
  }

  void ReadWords() {
    const CommandRow& command = *arguments_.command;
    switch (command.words) {
      case WordRule::kTypes:
        return ReadTypes(AllWords());
      case WordRule::kPairs:
        return ReadTypes(WordsBefore(IsPair));
      case WordRule::kTaints:
        return ReadTypes(WordsBefore(IsTaint));
      case WordRule::kTypesThenWord:
        return ReadTypes(WithoutLast());
      case WordRule::kFirst:
        return ReadFirst(command.default_type);
      case WordRule::kEach:
        return ReadEach(command.default_type);
      case WordRule::kCopies:
        return ReadCopies();
      case WordRule::kNames:
        return CheckNames();
      case WordRule::kFiles:
        if (!AllWords().empty()) meaning_.Refuse("operands beside -f");
        return NeedTarget("no objects are named");
      case WordRule::kRelease:
      case WordRule::kChart:
      case WordRule::kCharts:
      case WordRule::kLocal:  // helm's
      case WordRule::kUnclear:
        return meaning_.Refuse(command.path + " is not resolved");
      case WordRule::kNone:
        return;
    }
  }

  std::vector<std::string> AllWords() const {
    std::vector<std::string> words = arguments_.words;
    words.insert(words.end(), arguments_.rest.begin(), arguments_.rest.end());
    return words;
  }

  // "label pod web a=b c-": what follows the operands is no name.
  std::vector<std::string> WordsBefore(bool (*is)(std::string_view)) const {
    std::vector<std::string> words = AllWords();
    words.erase(std::find_if(words.begin(), words.end(), is), words.end());
    return words;
  }

  std::vector<std::string> WithoutLast() const {
    std::vector<std::string> words = AllWords();
    if (!words.empty()) words.pop_back();
    return words;
  }

  void NeedTarget(std::string reason) {
    if (targets_.empty()) meaning_.Refuse(std::move(reason));
  }

  void Take(Operands operands) {
    if (operands.unclear) meaning_.Refuse(operands.unclear->reason);
    for (Operand& operand : operands.items) {
      targets_.push_back({std::move(operand), std::nullopt});
    }
  }

  void ReadTypes(const std::vector<std::string>& words) {
    Take(ReadOperands(words, tables_));
    NeedTarget("no resource is named");
  }

  Operand OfType(const std::string& type, const std::string& name) const {
    Operand operand;
    operand.type = tables_.Find(type).front();
    operand.name = name;
    operand.word = name;
    return operand;
  }

  // NAME of `type`, or TYPE/NAME.
  void ReadNamed(const std::string& word, const std::string& type) {
    if (word.find('/') != std::string::npos) {
      return Take(ReadOperands({word}, tables_));
    }
    if (!IsPlainName(word)) return meaning_.Refuse("not a name");
    targets_.push_back({OfType(type, word), std::nullopt});
  }

  void ReadEach(const std::string& type) {
    const std::vector<std::string> words = AllWords();
    for (const std::string& word : words) ReadNamed(word, type);
    if (words.empty()) ReadSelected(type);
  }

  // Without a word it is what a file holds or a selector finds.
  void ReadSelected(const std::string& type) {
    if (has_file_) return;
    if (arguments_.OfRole(FlagRole::kSelector) == nullptr) {
      return meaning_.Refuse("no object is named");
    }
    targets_.push_back({OfType(type, ""), std::nullopt});
  }

  // What follows the first word is a container, a port or a command; after
  // "--" all of it is a command.
  void ReadFirst(const std::string& type) {
    if (arguments_.words.empty()) return ReadSelected(type);
    ReadNamed(arguments_.words.front(), type);
  }

  // "[[NAMESPACE/]POD:]PATH" twice, one of them without a pod.
  void ReadCopies() {
    for (const std::string& word : AllWords()) {
      const std::size_t colon = word.find(':');
      if (colon == std::string::npos) continue;
      ReadCopy(SplitAt(word.substr(0, colon), '/'));
    }
    NeedTarget("no pod is named");
  }

  void ReadCopy(const std::vector<std::string>& parts) {
    const std::string& pod = parts.back();
    if (parts.size() > 2 || !IsPlainName(pod)) {
      return meaning_.Refuse("not of the form NAMESPACE/POD:PATH");
    }
    Target target{OfType("pods", pod), std::nullopt};
    if (parts.size() == 2) {
      if (!IsNamespaceName(parts.front())) {
        return meaning_.Refuse("not the name of a namespace");
      }
      target.namespace_name = parts.front();
    }
    targets_.push_back(std::move(target));
  }

  void CheckNames() {
    for (const std::string& word : arguments_.words) {
      if (!IsPlainName(word)) meaning_.Refuse("not a name");
    }
  }

  const CommandArguments& arguments_;
  const KubernetesTables& tables_;
  const Place& place_;
  Meaning& meaning_;
  bool has_file_ = false;
  std::vector<Target> targets_;
};

}  // namespace

std::vector<Target> TargetsOf(const KubectlRun& run,
                              const CommandArguments& arguments,
                              const KubernetesTables& tables,
                              const Place& place, Meaning& meaning) {
  return TargetReader(arguments, tables, place, meaning).Read(run);
}

}  // namespace gatehouse
