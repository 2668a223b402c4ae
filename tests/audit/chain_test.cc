// SPDX-License-Identifier: Apache-2.0
#include "audit/chain.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace gatehouse::audit {
namespace {

constexpr const char* kChain = "01900000-0000-7000-8000-000000000001";

Record ExampleRecord() {
  Record record;
  record.stage = Stage::kDecision;
  record.time_ns = 1'767'225'600'000'000'001;
  record.session = "s";
  record.call = "c";
  record.tool = "pods_list";
  Request request;
  request.verb = Verb::kList;
  request.group = request.subresource = request.name = "";
  request.resource = "pods";
  request.namespace_name = "dev";
  record.requests = {request};
  Decision decision;
  decision.effect = Effect::kAllow;
  decision.code = Code::kAllowed;
  record.decision = decision;
  return record;
}

StoredRecord ExampleRow() {
  Sha256 hasher;
  return Seal(hasher, EmptyChain(kChain), ExampleRecord(),
              std::string(16, '\x01'));
}

std::string ExampleText() {
  const StoredRecord row = ExampleRow();
  return "chain       " + std::string(kChain) + "\nseq         " +
         std::to_string(row.seq) + "\nprevious    " + Hex(row.previous) +
         "\ntime_ns     " + std::to_string(row.time_ns) + "\nstage       " +
         row.stage + "\nsession     " + row.session + "\ncall        " +
         row.call + "\ntool        " + row.tool + "\ndecision    " +
         row.decision + "\ncode        " + row.code + "\nnamespaces  " +
         row.namespaces + "\nsalt        " + Hex(row.salt) + "\npayload     " +
         *row.payload + "\n\ndigest      " + Hex(row.digest) +
         "\nhash        " + Hex(row.hash) + "\n";
}

// The example that audit/FORMAT.md works out. It is a promise to strangers:
// if this test fails, old trails no longer verify.
TEST(Chain, MakesTheExampleOfFormatMd) {
  std::ifstream file(GATEHOUSE_SOURCE_DIR "/audit/FORMAT.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(page.find(ExampleText()), std::string::npos)
      << "FORMAT.md should hold:\n"
      << ExampleText();
}

TEST(Chain, LinksEachRowToTheOneBefore) {
  Sha256 hasher;
  const StoredRecord first = ExampleRow();
  const StoredRecord second = Seal(hasher, {kChain, first.seq, first.hash},
                                   ExampleRecord(), std::string(16, 'x'));
  EXPECT_EQ(second.seq, 2u);
  EXPECT_EQ(second.previous, first.hash);
  EXPECT_NE(second.hash, first.hash);
}

TEST(Chain, FieldsCannotFlowIntoEachOther) {
  Sha256 hasher;
  StoredRecord one = ExampleRow(), other = one;
  one.session = "ab";
  one.call = "c";
  other.session = "a";
  other.call = "bc";
  EXPECT_NE(RecordHash(hasher, kChain, one), RecordHash(hasher, kChain, other));
}

TEST(Chain, ListsNamespacesForFiltersAndClipsWhatIsTooLong) {
  Sha256 hasher;
  Record record = ExampleRecord();
  record.requests.push_back(record.requests[0]);
  record.requests.push_back({});  // nothing known
  record.requests.push_back({});
  record.requests.back().all_namespaces = true;
  for (int i = 0; i < 200; ++i) record.tool += "\u00e9";
  const StoredRecord row = Seal(hasher, EmptyChain(kChain), record, "salt");
  EXPECT_EQ(row.namespaces, ",dev,?,*,");
  EXPECT_LE(row.tool.size(), 256u);
  EXPECT_TRUE(row.tool.ends_with("\u00e9"));
}

}  // namespace
}  // namespace gatehouse::audit
