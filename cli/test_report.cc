// SPDX-License-Identifier: Apache-2.0
#include "cli/test_report.h"

#include <algorithm>
#include <string_view>

#include "cli/explain_output.h"
#include "cli/table.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

std::string Count(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string CaseAsText(const TestReport& report, const CaseResult& result) {
  std::string text =
      result.passed() ? "  ok    " : Styled(Style::kBad, "  FAIL") + "  ";
  text += Printable(result.asked->name);
  if (result.passed()) return text + "\n";
  text += "  (" + report.cases.name + ":" + std::to_string(result.asked->line) +
          ")\n";
  if (!result.error.empty()) {
    return text + "        cannot be judged: " + result.error + "\n";
  }
  text += "        expected " + result.wanted + "\n        got      " +
          result.got + "\n";
  for (const RequestTrace& request : result.trace.requests) {
    text += "        asks     " + Printable(request.request) + "\n";
  }
  return text;
}

std::string CoverageAsText(const TestReport& report) {
  const std::vector<RuleSource>& uncovered = *report.uncovered;
  std::string text =
      "  coverage: " + std::to_string(report.rules - uncovered.size()) +
      " of " + Count(report.rules, "rule");
  text += uncovered.empty() ? "\n" : "; no case makes these decide:\n";
  for (const RuleSource& rule : uncovered) {
    text += "    " + rule.id + "  (" + PlaceOf(rule) + ")\n";
  }
  return text;
}

std::string MutantsAsText(const TestReport& report) {
  const std::vector<UnnoticedMutant>& unnoticed = *report.unnoticed;
  std::string text =
      "  mutants:  " + std::to_string(report.mutants - unnoticed.size()) +
      " of " + std::to_string(report.mutants) + " noticed";
  text += unnoticed.empty() ? "\n" : "; with these every case still passes:\n";
  for (const UnnoticedMutant& mutant : unnoticed) {
    text += "    " + mutant.rule.id + ": " + mutant.change + "  (" +
            PlaceOf(mutant.rule) + ")\n";
  }
  return text;
}

std::string ReportAsText(const TestReport& report) {
  std::string text = report.cases.name + "  (" + report.policy + ")\n";
  for (const CaseResult& result : report.results) {
    text += CaseAsText(report, result);
  }
  if (report.uncovered) text += CoverageAsText(report);
  if (report.unnoticed) text += MutantsAsText(report);
  return text;
}

void WriteRule(const RuleSource& rule, JsonWriter& out) {
  out.Key("rule").String(rule.id);
  out.Key("file").String(rule.file).Key("line").Integer(rule.line);
}

void WriteResult(const CaseResult& result, JsonWriter& out) {
  const Decision& decision = result.trace.decision;
  out.BeginObject().Key("name").String(result.asked->name);
  out.Key("line").Integer(result.asked->line);
  out.Key("passed").Bool(result.passed());
  if (!result.error.empty()) {
    out.Key("error").String(result.error).EndObject();
    return;
  }
  if (!result.passed()) out.Key("expected").String(result.wanted);
  out.Key("decision").String(EffectName(decision.effect));
  out.Key("code").String(CodeName(decision.code)).Key("rule");
  decision.rule.empty() ? out.Null() : out.String(decision.rule);
  out.Key("requests").BeginArray();
  for (const RequestTrace& request : result.trace.requests) {
    out.String(request.request);
  }
  out.EndArray().EndObject();
}

void WriteReport(const TestReport& report, JsonWriter& out) {
  out.BeginObject().Key("cases").String(report.cases.name);
  out.Key("policy").String(report.policy).Key("hash").String(report.hash);
  out.Key("failed").Unsigned(report.failed());
  out.Key("results").BeginArray();
  for (const CaseResult& result : report.results) WriteResult(result, out);
  out.EndArray();
  if (report.uncovered) {
    out.Key("coverage").BeginObject().Key("rules").Unsigned(report.rules);
    out.Key("uncovered").BeginArray();
    for (const RuleSource& rule : *report.uncovered) {
      out.BeginObject();
      WriteRule(rule, out);
      out.EndObject();
    }
    out.EndArray().EndObject();
  }
  if (report.unnoticed) {
    out.Key("mutants").BeginObject().Key("tried").Unsigned(report.mutants);
    out.Key("unnoticed").BeginArray();
    for (const UnnoticedMutant& mutant : *report.unnoticed) {
      out.BeginObject().Key("change").String(mutant.change);
      WriteRule(mutant.rule, out);
      out.EndObject();
    }
    out.EndArray().EndObject();
  }
  out.EndObject();
}

// For XML 1.0, which has no control characters but tab and line breaks.
std::string Xml(std::string_view text) {
  std::string out;
  for (const char letter : Printable(text)) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

struct JunitCase {
  std::string name;
  std::string file;
  int line = 0;
  std::string failure;  // "" where it passed
};

std::vector<JunitCase> JunitCases(const TestReport& report) {
  std::vector<JunitCase> cases;
  for (const CaseResult& result : report.results) {
    const std::string why =
        result.passed() ? ""
        : !result.error.empty()
            ? "cannot be judged: " + result.error
            : "expected " + result.wanted + ", got " + result.got;
    cases.push_back(
        {result.asked->name, report.cases.name, result.asked->line, why});
  }
  if (report.uncovered) {
    for (const RuleSource& rule : *report.uncovered) {
      cases.push_back({"coverage of rule " + rule.id, rule.file, rule.line,
                       "no case makes this rule decide"});
    }
  }
  if (report.unnoticed) {
    for (const UnnoticedMutant& mutant : *report.unnoticed) {
      cases.push_back(
          {"mutant of rule " + mutant.rule.id + ": " + mutant.change,
           mutant.rule.file, mutant.rule.line,
           "with this change every case still passes"});
    }
  }
  return cases;
}

std::string SuiteAsJunit(const TestReport& report) {
  const std::vector<JunitCase> cases = JunitCases(report);
  const auto failures = static_cast<std::size_t>(std::ranges::count_if(
      cases, [](const JunitCase& test) { return !test.failure.empty(); }));
  std::string text = "  <testsuite name=\"" + Xml(report.cases.name) +
                     "\" tests=\"" + std::to_string(cases.size()) +
                     "\" failures=\"" + std::to_string(failures) +
                     "\" errors=\"0\">\n";
  for (const JunitCase& test : cases) {
    text += "    <testcase classname=\"" + Xml(report.policy) + "\" name=\"" +
            Xml(test.name) + "\" file=\"" + Xml(test.file) + "\" line=\"" +
            std::to_string(test.line) + "\"";
    text += test.failure.empty() ? "/>\n"
                                 : "><failure message=\"" + Xml(test.failure) +
                                       "\"/></testcase>\n";
  }
  return text + "  </testsuite>\n";
}

}  // namespace

std::size_t TestReport::failed() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      results, [](const CaseResult& result) { return !result.passed(); }));
}

bool TestReport::clean() const {
  return failed() == 0 && (!uncovered || uncovered->empty()) &&
         (!unnoticed || unnoticed->empty());
}

std::string TestsAsText(std::span<const TestReport> reports) {
  std::string text;
  std::size_t cases = 0;
  std::size_t failed = 0;
  for (const TestReport& report : reports) {
    text += ReportAsText(report);
    cases += report.results.size();
    failed += report.failed();
  }
  return text + Count(cases, "case") + ", " + std::to_string(failed) +
         " failed\n";
}

std::string TestsAsJson(std::span<const TestReport> reports) {
  JsonWriter out;
  out.BeginArray();
  for (const TestReport& report : reports) WriteReport(report, out);
  return out.EndArray().Take() + "\n";
}

std::string TestsAsJunit(std::span<const TestReport> reports) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const TestReport& report : reports) text += SuiteAsJunit(report);
  return text + "</testsuites>\n";
}

}  // namespace gatehouse::cli
