// SPDX-License-Identifier: Apache-2.0
#include "audit/cited_policies.h"

#include <gtest/gtest.h>

namespace gatehouse::audit {
namespace {

std::string Hash(char letter) { return "sha256:" + std::string(64, letter); }

StoredRecord CitingRow(Sequence seq, const std::string& payload) {
  StoredRecord row;
  row.seq = seq;
  row.stage = "decision";
  row.payload = payload;
  return row;
}

TEST(CitedPolicies, MissesTheFirstThatWasNotFound) {
  CitedPolicies cited;
  for (const auto& [seq, letter] : {std::pair{1, 'b'}, {2, 'a'}, {3, 'b'}}) {
    cited.Note(CitingRow(
        static_cast<Sequence>(seq),
        R"({"tool":"x","policy":")" + Hash(letter) + R"(","mode":"enforce"})"));
  }
  EXPECT_EQ(cited.FirstMissing()->hash, Hash('b'));
  EXPECT_EQ(cited.FirstMissing()->seq, 1u);
  cited.Found(Hash('b'));
  EXPECT_EQ(cited.FirstMissing()->hash, Hash('a'));
  cited.Found(Hash('a'));
  cited.Found("another");
  EXPECT_FALSE(cited.FirstMissing());
}

// What is no policy of the record itself.
TEST(CitedPolicies, PassesOverOtherText) {
  CitedPolicies cited;
  for (const std::string& payload :
       {std::string("{}"), std::string("{"), std::string(R"({"policy":"sha)"),
        R"({"arguments":{"policy":")" + Hash('a') + "\"}}",
        R"({"policy":")" + Hash('b'),
        std::string(R"({"policy":"sha256:00"})")}) {
    cited.Note(CitingRow(1, payload));
  }
  StoredRecord outcome = CitingRow(2, R"({"policy":")" + Hash('c') + "\"}");
  outcome.stage = "outcome";
  cited.Note(outcome);
  outcome.stage = "decision";
  outcome.payload.reset();
  cited.Note(outcome);
  EXPECT_FALSE(cited.FirstMissing());
}

}  // namespace
}  // namespace gatehouse::audit
