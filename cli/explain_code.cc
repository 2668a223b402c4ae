// SPDX-License-Identifier: Apache-2.0
// `gatehouse explain-code CODE`: a row of the table of reason codes, or the
// whole table.

#include <iostream>

#include "cli/command.h"
#include "policy/decision.h"
#include "policy/issue.h"

namespace gatehouse::cli {
namespace {

void Print(const CodeRow& row) {
  std::cout << row.slug << "\n  " << row.meaning << "\n  " << row.hint << "\n";
}

int Explain(const std::string& slug) {
  if (slug.empty()) {
    for (const CodeRow& row : AllCodes()) Print(row);
    return kExitDone;
  }
  if (const auto code = CodeFromName(slug)) {
    Print(RowOf(*code));
    return kExitDone;
  }
  std::vector<std::string_view> known;
  for (const CodeRow& row : AllCodes()) known.push_back(row.slug);
  const std::string_view nearest = NearestWord(slug, known);
  std::cerr << "gatehouse: there is no code \"" << slug << "\"";
  if (!nearest.empty()) std::cerr << "; did you mean \"" << nearest << "\"?";
  std::cerr << "\n";
  return kExitMisuse;
}

}  // namespace

void AddExplainCode(Command app) {
  const Command command = app.AddCommand(
      "explain-code", "What a reason code means and what to do about it");
  auto slug = std::make_shared<std::string>();
  command.Add("CODE", *slug, "A code such as no-rule; none: all codes");
  command.Do([slug] { return Explain(*slug); });
}

}  // namespace gatehouse::cli
