// SPDX-License-Identifier: Apache-2.0
#include "policy/could_allow.h"

#include <gtest/gtest.h>

#include <ostream>

#include "tests/policy/policy_fixture.h"

namespace gatehouse {
namespace {

struct CouldAllowRow {
  const char* policy;
  const char* requests;  // "!" before a certain part, "|" between parts
  bool could;
};
void PrintTo(const CouldAllowRow& row, std::ostream* out) {
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

class CouldAllowRows : public ::testing::TestWithParam<CouldAllowRow> {};

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
        CouldAllowRow{kDev, "!get pods ?/?", true},
        CouldAllowRow{kDev, "!get pods dev/?", true},
        CouldAllowRow{kDev, "!get pods prod/?", false},
        CouldAllowRow{kDev, "!? ? ?/?", true},
        CouldAllowRow{kRead, "!delete ? ?/?", false},
        CouldAllowRow{kRead, "!? ? ?/?", true},
        // A certain part decides, another only helps.
        CouldAllowRow{kRead, "!get pods ?/?|!delete pods ?/?", false},
        CouldAllowRow{kRead, "!get pods ?/?|delete pods ?/?", true},
        CouldAllowRow{kRead, "delete pods ?/?|patch pods ?/?", false},
        CouldAllowRow{kRead, "delete pods ?/?|get pods ?/?", true},
        CouldAllowRow{kRead, "", false},
        // A deny must be sure to fire.
        CouldAllowRow{kDenied, "!delete pods ?/?", true},
        CouldAllowRow{kDenied, "!delete pods dev/?", false},
        CouldAllowRow{kDenied, "!delete pods prod/?", true},
        CouldAllowRow{kUnless, "!get pods ?/?", true},
        CouldAllowRow{kUnless, "!get pods prod/?", false},
        CouldAllowRow{kNotIn, "!get pods ?/?", true},
        CouldAllowRow{kNotIn, "!get pods dev/?", false},
        // Fences and sensitive resources.
        CouldAllowRow{"rules: [{id: a, allow: any}]",
                      "!delete pods kube-system/?", false},
        CouldAllowRow{"rules: [{id: a, allow: any}]", "!get secrets ?/?",
                      false},
        CouldAllowRow{"rules: [{id: a, allow: any}]", "!get ? ?/?", true},
        CouldAllowRow{"scope: {namespaces: dev}\nrules: [{id: a, allow: any}]",
                      "!list pods *", false},
        CouldAllowRow{"rules: [{id: a, ask: delete}]", "!delete pods ?/?",
                      true},
        CouldAllowRow{"rules: [{id: a, allow: any, mode: observe}]",
                      "!get pods ?/?", false},
        CouldAllowRow{"mode: observe\nrules: [{id: a, allow: read}]",
                      "!delete pods ?/?", true}));

}  // namespace
}  // namespace gatehouse
