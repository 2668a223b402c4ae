// SPDX-License-Identifier: Apache-2.0
// Answers of lines that are torn: nothing comes out because of where the tear
// is, or twice.
#include <gtest/gtest.h>

#include <string>

#include "audit/base64.h"
#include "audit/json_string.h"
#include "audit/redact.h"
#include "policy/json_value.h"

namespace gatehouse::audit {
namespace {

const std::string kKey(32, 'k');
const std::string kCanary = "c4n4ry-S3cret";

std::string TextLine(const std::string& text) {
  return R"({"jsonrpc":"2.0","id":1,"result":{"content":[)"
         R"({"type":"text","text":)" +
         QuoteJson(text) + "}]}}";
}

// Torn at its front, and what follows the torn list goes out once and masked.
TEST(RedactLines, WithDashesLeftOfTheirKeyAreMaskedBehindThem) {
  const std::string torn = " t:\n- kind: Secret\n  data:\n    a: eA==\n";
  const std::string behind = "foo: bar\npassword: " + kCanary + "\nlast: z\n";
  const std::string pem = "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t";
  for (const Origin origin :
       {Origin::kOrdinary, Origin::kSecret, Origin::kStrict}) {
    const Redactor redactor(kKey, "session");
    const MaskedLine masked =
        redactor.MaskLine(TextLine(torn + behind), {origin});
    ASSERT_TRUE(masked.line);
    EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << *masked.line;
    EXPECT_EQ(masked.line->find("last"), masked.line->rfind("last"));
    const MaskedLine key =
        redactor.MaskLine(TextLine(" t:\n- e: b\n " + pem + "\n"), {origin});
    EXPECT_TRUE(!key.line || ParseJson(*key.line).ok());
  }
}

// "..." is where a server cut more often than where a document ended.
TEST(RedactLines, AreMaskedBehindAnEllipsis) {
  const Redactor redactor(kKey, "session");
  const MaskedLine masked = redactor.MaskLine(
      TextLine("kind: Secret\nmetadata:\n  name: db\n...\ndata:\n  x: " +
               ToBase64(kCanary) + "\n"),
      {});
  ASSERT_TRUE(masked.line);
  EXPECT_EQ(masked.line->find(ToBase64(kCanary)), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::audit
