// SPDX-License-Identifier: Apache-2.0
#pragma once
// The hostile frames of protocol.md §2, as data for protocol_e2e_test. "A" is
// a tool that the policy allows (list_pods), "B" one that it denies
// (delete_resource).

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::testing {

struct Row {
  std::string name;
  std::string bytes;  // a final "\n" is added
  // data.code of the answer; "": no answer is due; "*": any refusal.
  std::string code;
};

// Shown by gtest.
void PrintTo(const Row& row, std::ostream* out);

// A call of A with this JSON text as its id.
std::string WithId(std::string_view id);
// A call of B.
std::string CallB();

std::vector<Row> DuplicateRows();
std::vector<Row> FoldedRows();
std::vector<Row> EnvelopeRows();
std::vector<Row> IdRows();
std::vector<Row> TextRows();
std::vector<Row> MethodRows();

}  // namespace gatehouse::testing
