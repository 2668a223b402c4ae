// SPDX-License-Identifier: Apache-2.0
// Where a command line goes. A namespace too few is a way out of a fence.
#include "policy/kubernetes/command_place.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse {
namespace {

// "CONTEXT NAMESPACE" with "?" unknown, "*" all, "!" where it is unclear.
std::string PlaceOf(std::string_view line) {
  static const auto tables = KubernetesTables::Embedded();
  const ClusterView cluster = {
      "dev", {{"dev", "d", "", "u", "team"}, {"prod", "p", "", "u", "x"}}};
  const CommandArguments parsed =
      ParseCommand(SplitWords(line), tables->kubectl());
  EXPECT_FALSE(parsed.unclear) << line;
  const NamedPlace named = PlaceOfArguments(parsed, cluster);
  const Place& place = named.place;
  return place.context.value_or("?") + " " +
         (place.all_namespaces ? "*" : place.namespace_name.value_or("?")) +
         (named.unclear.empty() ? "" : "!");
}

TEST(CommandPlace, IsThatOfTheLastFlags) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"get pods", "dev team"},
      {"get pods -n a -n b", "dev b"},
      {"get pods -n b -A", "dev *"},
      {"get pods -A -n b", "dev *"},
      {"get pods -A -A=false -n b", "dev b"},
      {"get pods -n=", "dev ?!"},
      {"get pods --namespace=", "dev team"},
      {"get pods --context prod", "prod x"},
      {"get pods --context prod -n b", "prod b"},
      {"get pods --context=", "dev team"},
      {"get pods --context nowhere", "nowhere ?"},
      {"get pods --context nowhere -n b", "nowhere b"},
      {"get pods --context a,b", "a,b ?!"},
      {"get pods -n a,b", "dev ?!"},
      {"get pods -n ../b", "dev ?!"},
  };
  for (const auto& [line, expected] : rows) {
    EXPECT_EQ(PlaceOf(line), expected) << line;
  }
}

}  // namespace
}  // namespace gatehouse
