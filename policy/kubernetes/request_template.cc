// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/request_template.h"

#include <utility>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

class TemplateReader {
 public:
  explicit TemplateReader(std::string_view text) : words_(SplitWords(text)) {}

  std::optional<RequestTemplate> Read() {
    if (words_.empty()) return std::nullopt;
    const std::optional<Verb> verb = VerbFromName(words_[0]);
    if (!verb) return std::nullopt;
    request_.verb = *verb;
    for (at_ = 1; at_ < words_.size(); ++at_) {
      if (!ReadWord(words_[at_])) return std::nullopt;
    }
    return std::move(request_);
  }

 private:
  bool ReadWord(const std::string& word) {
    if (word == "if") return ReadList(request_.if_flags, '|');
    if (word == "unless") return ReadList(request_.unless_flags, '|');
    if (word == "for") return ReadList(request_.for_types, ',');
    if (word == "dry") return request_.dry_run = true;
    if (word.starts_with('@')) {
      request_.scope = word.substr(1);
      return true;
    }
    if (at_ == 1) {
      ReadType(word);
      return true;
    }
    return ReadName(word);
  }

  bool ReadList(std::vector<std::string>& list, char separator) {
    if (++at_ >= words_.size() || !list.empty()) return false;
    list = SplitAt(words_[at_], separator);
    return true;
  }

  void ReadType(const std::string& word) {
    const std::size_t slash = word.find('/');
    request_.types = SplitAt(word.substr(0, slash), ',');
    if (slash != std::string::npos) {
      request_.subresource = word.substr(slash + 1);
    }
    const std::string& first = request_.types.front();
    const bool target = first == "{}" || !FlagInBrackets(first).empty();
    if (target) request_.name = NameFrom::kOperand;
  }

  bool ReadName(const std::string& word) {
    const std::string_view flag = FlagInBrackets(word);
    if (word == "?") {
      request_.name = NameFrom::kUnknown;
    } else if (word == "*") {
      request_.name = NameFrom::kNone;
    } else if (word == "1") {
      request_.name = NameFrom::kWord;
    } else if (word == "{}") {
      request_.name = NameFrom::kOperand;
    } else if (word == "namespace") {
      request_.name = NameFrom::kNamespace;
    } else if (!flag.empty()) {
      request_.name = NameFrom::kFlag;
      request_.name_flag = flag;
    } else {
      return false;
    }
    return true;
  }

  const std::vector<std::string> words_;
  std::size_t at_ = 0;
  RequestTemplate request_;
};

}  // namespace

std::optional<RequestTemplate> ParseRequestTemplate(std::string_view text) {
  return TemplateReader(text).Read();
}

std::string_view FlagInBrackets(std::string_view text) {
  if (text.size() < 3 || text.front() != '<' || text.back() != '>') return "";
  return text.substr(1, text.size() - 2);
}

}  // namespace gatehouse
