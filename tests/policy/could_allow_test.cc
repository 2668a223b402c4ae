// SPDX-License-Identifier: Apache-2.0
#include "policy/could_allow.h"

#include <gtest/gtest.h>

#include <ostream>

#include "tests/policy/policy_fixture.h"

namespace gatehouse {
namespace {

struct Row {
  const char* policy;
  const char* requests;  // "!" before a certain part, "|" between parts
  bool could;
};
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.policy << " / " << row.requests;
}

PossibleCall PossibleFrom(std::string_view text) {
  PossibleCall call;
  call.facts = testing::Call(std::vector<Request>());
  PossibleStep step{true, {}};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('|'), text.size());
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    PossiblePart made;
    made.certain = part.starts_with('!');
    if (made.certain) part.remove_prefix(1);
    made.alternatives.push_back(testing::Asked(part));
    step.parts.push_back(std::move(made));
  }
  call.steps.push_back(std::move(step));
  return call;
}

class CouldAllowRows : public ::testing::TestWithParam<Row> {};

TEST_P(CouldAllowRows, Holds) {
  const auto engine = testing::Compile(GetParam().policy);
  EXPECT_EQ(engine->CouldAllow(PossibleFrom(GetParam().requests),
                               testing::Someone(), {}),
            GetParam().could);
}

// "dry run or delete": a step that some calls take must pass as a whole.
TEST(CouldAllow, AStepThatIsTakenIsTakenWithAllItsCertainParts) {
  const auto engine = testing::Compile("rules: [{id: a, allow: read}]");
  PossibleCall call = PossibleFrom("!get pods ?/?|!delete pods ?/?");
  call.steps[0].certain = false;
  EXPECT_FALSE(engine->CouldAllow(call, testing::Someone(), {}));
  call.steps.push_back(PossibleFrom("get pods ?/?").steps[0]);
  EXPECT_TRUE(engine->CouldAllow(call, testing::Someone(), {}));
}

constexpr const char* kDev = "rules: [{id: a, allow: any, namespaces: dev}]";
constexpr const char* kRead = "rules: [{id: a, allow: read}]";
constexpr const char* kDenied =
    "rules: [{id: a, allow: any}, {id: d, deny: delete, namespaces: dev}]";
constexpr const char* kUnless =
    "rules: [{id: a, allow: any}, {id: d, deny: any, unless: {namespaces: "
    "dev}}]";
constexpr const char* kNotIn =
    "rules: [{id: a, allow: any, unless: {namespaces: dev}}]";

INSTANTIATE_TEST_SUITE_P(
    Table, CouldAllowRows,
    ::testing::Values(
        // What is unknown may turn out well.
        Row{kDev, "!get pods ?/?", true}, Row{kDev, "!get pods dev/?", true},
        Row{kDev, "!get pods prod/?", false}, Row{kDev, "!? ? ?/?", true},
        Row{kRead, "!delete ? ?/?", false}, Row{kRead, "!? ? ?/?", true},
        // A certain part decides, another only helps.
        Row{kRead, "!get pods ?/?|!delete pods ?/?", false},
        Row{kRead, "!get pods ?/?|delete pods ?/?", true},
        Row{kRead, "delete pods ?/?|patch pods ?/?", false},
        Row{kRead, "delete pods ?/?|get pods ?/?", true}, Row{kRead, "", false},
        // A deny must be sure to fire.
        Row{kDenied, "!delete pods ?/?", true},
        Row{kDenied, "!delete pods dev/?", false},
        Row{kDenied, "!delete pods prod/?", true},
        Row{kUnless, "!get pods ?/?", true},
        Row{kUnless, "!get pods prod/?", false},
        Row{kNotIn, "!get pods ?/?", true},
        Row{kNotIn, "!get pods dev/?", false},
        // Fences and sensitive resources.
        Row{"rules: [{id: a, allow: any}]", "!delete pods kube-system/?",
            false},
        Row{"rules: [{id: a, allow: any}]", "!get secrets ?/?", false},
        Row{"rules: [{id: a, allow: any}]", "!get ? ?/?", true},
        Row{"scope: {namespaces: dev}\nrules: [{id: a, allow: any}]",
            "!list pods *", false},
        Row{"rules: [{id: a, ask: delete}]", "!delete pods ?/?", true},
        Row{"rules: [{id: a, allow: any, mode: observe}]", "!get pods ?/?",
            false},
        Row{"mode: observe\nrules: [{id: a, allow: read}]", "!delete pods ?/?",
            true}));

}  // namespace
}  // namespace gatehouse
