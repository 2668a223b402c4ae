// SPDX-License-Identifier: Apache-2.0
#pragma once
// The part of reading a profile that all of a tool's fields share: they name
// the tool's arguments. A name that the tool does not declare is a fault, so
// that a misspelt one cannot turn into "always absent".

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {

// Borrows both for its lifetime. Not thread-safe; all faults become issues.
class ArgumentReader {
 public:
  ArgumentReader(const SourceText& source, Issues& issues)
      : source_(source), issues_(issues) {}

  void Declare(std::string name, ArgumentType type) {
    arguments_.emplace(std::move(name), type);
  }
  void Declared(const YamlNode& at, const std::string& name);
  // A field that holds the name of an argument; "" where absent.
  std::string Argument(Fields& fields, std::string_view field);
  // An issue where the argument is no command line.
  void RequireWords(const YamlNode& at, const std::string& name);
  // `name`, or `{argument: name, is: [a, b]}`, or with `not`, each with
  // `name|lower` or `name|exact` where it is known how the server compares; or
  // `{missing: name}`; or `{argument: line, program: kubectl}`.
  Condition ReadCondition(const YamlNode& node);
  // One request of a tool that is not a kubectl run (request_reader.cc).
  RequestStep ReadRequest(const YamlNode& node);

  void Report(const YamlNode& at, Fault fault, std::string message);

 protected:
  const SourceText& source_;
  Issues& issues_;
  std::map<std::string, ArgumentType, std::less<>> arguments_;
  std::vector<Condition> comparisons_;  // the conditions read with `values`

 private:
  void ReadLetterCase(const YamlNode& at, Condition& condition);
  void ReadType(Fields& fields, RequestStep& request);
  void ReadName(Fields& fields, RequestStep& request);
  NamespaceSource ReadNamespace(const YamlNode& node);
};

}  // namespace gatehouse
