// SPDX-License-Identifier: Apache-2.0
// An answer that is passed on while it comes is broken off for what may be a
// token. A URL is none, and a token is one wherever a piece ends.
#include "audit/redact_token.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audit/redact.h"

namespace gatehouse::audit {
namespace {

struct Row {
  std::string text;  // in a string of a line of JSON
  bool token;
};

const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = {
      {R"(see https://example.com/a/b?c=d&e=f#g for more)", false},
      {R"(http://10.0.0.1:8080 and then me@example.com)", false},
      {R"(https://example.com\nuser: a@b)", false},
      {R"(oci://registry:5000/image@sha256:0)", false},
      {R"({\"url\":\"https://example.com/x\",\"to\":\"a@b\"})", false},
      {R"({\"url\":\"https://x/?a=1\\u0026b=2\"})", false},
      {R"({\"a\":\"{\\\"url\\\":\\\"https://x/y\\\"}\"})", false},
      {R"(task-runner-of-the-night-shift-no-4711 on disk-0)", false},
      {R"(xoxx-and-AKIA-and-AIza and npm_run hvs.)", false},
      {R"(https://user:s3cr3t@example.com)", true},
      {R"(a://:s3cr3t@b)", true},
      {R"(https://user:s3cr3t\u0040example.com/)", true},
      {R"(https://user\u003as3cr3t@example.com/)", true},
      {R"({\"url\":\"https://user:s3cr3t@example.com\"})", true},
      {R"({\"url\":\"https://user:s3cr3t\\u0040example.com\"})", true},
      {R"({\"a\":\"{\\\"b\\\":\\\"://u:s3cr3t\\\\u0040h\\\"}\"})", true},
      {R"(\nsk-abcdefghijklmnopqrstuvwxyz)", true},
      {R"(AKIAABCDEFGHIJKLMNOP)", true},
      // The digit before it is of an escape, and no letter of the text.
      {R"(\u003eAKIAABCDEFGHIJKLMNOP\u003c)", true},
      {R"({\"a\":\"b\\u0026sk-abcdefghijklmnopqrstuvwxyz\"})", true},
      {R"(\u201csk-abcdefghijklmnopqrstuvwxyz0123)", true},
      {R"(\"\\x3eAKIAABCDEFGHIJKLMNOP\")", true},
      {R"(ghp_abcdefghijklmnopqrstuvwxyz0123)", true},
  };
  return rows;
}

std::string LineWith(const std::string& text) {
  const std::string fill(2000, '.');
  return R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text",)"
         R"("text":")" +
         fill + " " + text + " " + fill + R"("}]}})";
}

// As proxy/return_gate does: what is kept back comes again with the rest.
bool IsBrokenOff(const Redactor& redactor, const std::string& line,
                 std::size_t cut) {
  const AnswerFacts facts;
  if (redactor.MayChange(line.substr(0, cut), facts)) return true;
  const std::size_t sent = cut - std::min(cut, kKeptBytes);
  return redactor.MayChange(line.substr(sent), facts);
}

TEST(RedactToken, IsFoundWhereverAPieceEnds) {
  const Redactor redactor(std::string(32, 'k'), "s");
  for (const Row& row : Rows()) {
    const std::string line = LineWith(row.text);
    const std::size_t from = line.find(row.text);
    for (std::size_t cut = from; cut <= from + row.text.size() + 1100; ++cut) {
      ASSERT_EQ(IsBrokenOff(redactor, line, cut), row.token)
          << row.text << " cut at " << cut - from;
    }
  }
}

// What passes on while it comes is what masking would have left as it is.
TEST(RedactToken, IsOneWhereMaskingFindsOne) {
  for (const Row& row : Rows()) {
    const Redactor redactor(std::string(32, 'k'), "s");
    const auto masked = redactor.MaskLine(LineWith(row.text), {});
    EXPECT_TRUE(row.token || !masked.line) << row.text;
  }
}

// More escapes than can be undone, or more bytes than are looked at.
TEST(RedactToken, OfWhatIsNotClearIsOne) {
  const Redactor redactor(std::string(32, 'k'), "s");
  for (const std::string& text :
       {std::string(R"(://u:p\\x40h)"), "://u" + std::string(64, '\\') + "n",
        "://u" + [] {
          std::string dense;
          for (int i = 0; i < 200; ++i) dense += R"(\u0026)";
          return dense;
        }()}) {
    EXPECT_TRUE(redactor.MayChange(LineWith(text), {})) << text;
  }
  std::string urls;
  for (int i = 0; i < 5000; ++i) urls += "see http://a.example/b ";
  EXPECT_FALSE(redactor.MayChange(LineWith(urls), {}));
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "://";
  EXPECT_TRUE(redactor.MayChange(LineWith(many), {}));
}

}  // namespace
}  // namespace gatehouse::audit
