// SPDX-License-Identifier: Apache-2.0
// The same pattern as a grant, a hold and an exception: what reaches more than
// it says must not be granted, must be held back, and lifts nothing.
#include "policy/field_match.h"

#include <gtest/gtest.h>

#include <set>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;

Truth Meets(Field field, const CompiledMatch& match, const Request& request,
            Reading reading) {
  const Classification call = testing::Call({request});
  const Subject subject = testing::Someone();
  for (const FieldTest& test : FieldTests()) {
    if (test.field == field) {
      return test.meets(match, request, {call, subject}, reading);
    }
  }
  ADD_FAILURE() << "no row for the field";
  return Truth::kUnknown;
}

TEST(FieldMatch, WhatReachesMoreIsReadAsItIsMeant) {
  CompiledMatch match;
  match.namespaces = {{Pattern::Literal("dev")}, false};
  match.names = {Pattern::Literal("web")};
  const Request all = Asked("list pods *");
  const Request nameless = Asked("list pods dev");
  EXPECT_EQ(Meets(Field::kNamespaces, match, all, Reading::kGrant),
            Truth::kFalse);
  EXPECT_EQ(Meets(Field::kNamespaces, match, all, Reading::kHold),
            Truth::kTrue);
  EXPECT_EQ(Meets(Field::kNamespaces, match, all, Reading::kException),
            Truth::kUnknown);
  EXPECT_EQ(Meets(Field::kNames, match, nameless, Reading::kGrant),
            Truth::kFalse);
  EXPECT_EQ(Meets(Field::kNames, match, nameless, Reading::kHold),
            Truth::kTrue);
  EXPECT_EQ(Meets(Field::kNames, match, nameless, Reading::kException),
            Truth::kUnknown);
}

TEST(FieldMatch, AFieldThatIsOmittedIsTrue) {
  Request unknown;
  for (const FieldTest& test : FieldTests()) {
    EXPECT_EQ(Meets(test.field, {}, unknown, Reading::kGrant), Truth::kTrue)
        << FieldName(test.field);
  }
}

TEST(FieldMatch, EachFieldHasOneRow) {
  std::set<Field> fields;
  for (const FieldTest& test : FieldTests()) fields.insert(test.field);
  EXPECT_EQ(fields.size(), FieldTests().size());
}

}  // namespace
}  // namespace gatehouse
