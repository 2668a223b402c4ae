// SPDX-License-Identifier: Apache-2.0
#include "cli/access_output.h"

#include <algorithm>
#include <iostream>

#include "cli/output_width.h"
#include "cli/table.h"
#include "cli/word_list.h"

namespace gatehouse::cli {
namespace {

// What a header of the matrix shows for each of kObjectVerbs.
constexpr std::array<std::string_view, kObjectVerbs.size()> kHeads = {
    "GET", "LIST", "WATCH", "CREATE", "UPDATE", "PATCH", "DELETE", "DEL-ALL"};
constexpr std::size_t kHeadsWidth = 50;  // each with a blank before it

// What is left of the line; the heads stand as they are.
std::size_t NamesWidth() {
  return std::max(OutputWidth(), kUsualWidth) - kHeadsWidth - 1;
}

Style StyleOf(Access access) {
  switch (access) {
    case Access::kYes:
      return Style::kGood;
    case Access::kAsk:
    case Access::kSome:
      return Style::kStrong;
    case Access::kNo:
    case Access::kNoSuchVerb:
      return Style::kPlain;
  }
  return Style::kPlain;
}

std::string Cells(const AccessRow& row) {
  std::string text;
  for (std::size_t i = 0; i < kHeads.size(); ++i) {
    const Access access = row.answers[i];
    const std::string_view word =
        access == Access::kNo ? "-" : AccessName(access);
    text += " " + Styled(StyleOf(access), std::string(word));
    text.append(kHeads[i].size() - word.size(), ' ');
  }
  return text;
}

void PrintLine(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  std::cout << line << "\n";
}

// Resources with the same answers.
struct RowGroup {
  const AccessRow* row = nullptr;
  std::vector<std::string> names;
};

// In the order in which the first of each stands in the table; a large group
// last, as the rest that it is.
std::vector<RowGroup> Grouped(const std::vector<AccessRow>& rows) {
  constexpr std::size_t kMany = 12;
  std::vector<RowGroup> groups;
  for (const AccessRow& row : rows) {
    auto group = std::ranges::find_if(groups, [&](const RowGroup& known) {
      return known.row->answers == row.answers;
    });
    if (group == groups.end()) group = groups.insert(groups.end(), {&row, {}});
    group->names.push_back(row.resource);
  }
  const auto largest = std::ranges::max_element(
      groups, {}, [](const RowGroup& group) { return group.names.size(); });
  if (largest == groups.end() || largest->names.size() < kMany) return groups;
  largest->names = {"everything else (" +
                    std::to_string(largest->names.size()) + ")"};
  std::rotate(largest, largest + 1, groups.end());
  return groups;
}

void PrintObjects(const std::vector<AccessRow>& rows) {
  const std::size_t width = NamesWidth();
  std::string heads = Padded("RESOURCES", width + 1);
  for (const std::string_view head : kHeads) heads += " " + std::string(head);
  PrintLine(heads);
  for (const auto& [row, names] : Grouped(rows)) {
    const auto lines = Wrapped(names, width);
    PrintLine(Padded(lines[0], width + 1) + Cells(*row));
    for (std::size_t i = 1; i < lines.size(); ++i) PrintLine(lines[i]);
  }
}

std::string WhereOf(const std::string& namespace_name) {
  return namespace_name == "*" ? "all namespaces at once"
                               : "namespace " + Printable(namespace_name);
}

void WriteVerbs(const std::vector<VerbAccess>& answers, JsonWriter& out) {
  out.BeginArray();
  for (const VerbAccess& answer : answers) {
    out.BeginObject().Key("verb").String(VerbName(answer.verb));
    out.Key("resource").String(answer.resource);
    out.Key("access").String(AccessName(answer.access)).EndObject();
  }
  out.EndArray();
}

}  // namespace

void PrintMatrix(const AccessQuestion& asked) {
  const Engine& engine = asked.engine;
  std::cout << "policy     " << engine.name() << " ("
            << (engine.mode() == Mode::kObserve ? "observe" : "enforce")
            << "), " << engine.hash().substr(0, 19) << "\n"
            << "subject    " << Printable(asked.who.subject.user)
            << ", in context "
            << (asked.who.context.empty() ? "(none)"
                                          : Printable(asked.who.context))
            << "\n";
  for (const std::string& space : asked.namespaces) {
    std::cout << "\nIn " << WhereOf(space) << ", and of the cluster:\n";
    PrintObjects(ObjectAccess(engine, asked.tables, asked.who, space));
    std::cout << "\n";
    for (const VerbAccess& answer : FurtherAccess(engine, asked.who, space)) {
      PrintLine(Padded(VerbName(answer.verb), 10) +
                Padded(AccessName(answer.access), 6) + answer.resource);
    }
  }
  std::cout
      << "\nyes: allowed, ask: asked first, some: by the object's name or "
         "its pods, -: no\n"
         "--format json names every resource\n";
}

void WriteMatrix(const AccessQuestion& asked, JsonWriter& out) {
  out.BeginObject().Key("policy").String(asked.engine.name());
  out.Key("hash").String(asked.engine.hash());
  out.Key("user").String(asked.who.subject.user);
  out.Key("context").String(asked.who.context);
  out.Key("namespaces").BeginArray();
  for (const std::string& space : asked.namespaces) {
    out.BeginObject().Key("namespace").String(space);
    out.Key("resources").BeginArray();
    for (const AccessRow& row :
         ObjectAccess(asked.engine, asked.tables, asked.who, space)) {
      out.BeginObject().Key("resource").String(row.resource);
      for (std::size_t i = 0; i < kObjectVerbs.size(); ++i) {
        if (row.answers[i] == Access::kNoSuchVerb) continue;
        out.Key(VerbName(kObjectVerbs[i])).String(AccessName(row.answers[i]));
      }
      out.EndObject();
    }
    out.EndArray().Key("verbs");
    WriteVerbs(FurtherAccess(asked.engine, asked.who, space), out);
    out.EndObject();
  }
  out.EndArray().EndObject();
}

}  // namespace gatehouse::cli
