// SPDX-License-Identifier: Apache-2.0
#include "proxy/leading_id.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(LeadingId, ReadsAnIdBeforeTheFirstObject) {
  for (const char* prefix :
       {R"({"jsonrpc":"2.0","id":7,"result":{"content":[)",
        R"({"id":7,"result":)", R"( { "jsonrpc" : "2.0" , "id" : 7 , )",
        R"({"x":"a\",\"id\":9","id":7,)"}) {
    EXPECT_EQ(LeadingId(prefix), RpcId{"7"}) << prefix;
  }
  EXPECT_EQ(LeadingId(R"({"id":"a","result":{)"), RpcId{"\"a\""});
}

TEST(LeadingId, SaysNothingWhereItIsNotSure) {
  for (const char* prefix :
       {"", "{", R"({"id")", R"({"id":)", R"({"id":7)", R"({"id":"7)",
        R"({"result":{"id":7},"id":8,)", R"({"result":[)", R"([{"id":7,)",
        R"({"id":null,)", R"({"id":1.5,)", R"({"id":{},)", R"({"a":1 "id":7,)",
        R"({"a" "id":7,)", "text"}) {
    EXPECT_FALSE(LeadingId(prefix).has_value()) << prefix;
  }
}

}  // namespace
}  // namespace gatehouse
