// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is wrong with the words of a command line that does not parse: the
// parser itself would name what it stumbles over, or nothing at all. Which word
// is near is policy/issue.h's to say.

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace gatehouse::cli {

// The command that words name, as far as they do. Borrows the command.
struct NamedCommand {
  const CLI::App* app = nullptr;
  std::string spoken;             // "gatehouse audit"
  std::vector<std::string> rest;  // the words behind it
};
NamedCommand CommandNamedBy(const CLI::App& root,
                            std::vector<std::string> words);

// "" where the parser's own sentence says it.
std::string WhyNotParsed(const NamedCommand& named,
                         const CLI::ParseError& error);

}  // namespace gatehouse::cli
