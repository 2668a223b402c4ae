// SPDX-License-Identifier: Apache-2.0
// Keys that a reader takes for another one, or of two equal ones either: with
// escapes, twice, in letters of another case, with characters that nobody sees.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audit/base64.h"
#include "audit/json_string.h"
#include "audit/redact.h"
#include "tests/audit/redact_fixture.h"

namespace gatehouse::audit {
namespace {

// `@` stands for the secret, as it is and in base64.
std::string Filled(std::string text, const std::string& secret) {
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@')) {
    text.replace(at, 1, secret);
  }
  return text;
}

const std::vector<std::string> kSecrets = {
    R"({"kind":"Secret","data":{"pw":"@"}})",
    R"({"\u006bind":"Secret","data":{"pw":"@"}})",
    R"({"kind":"S\u0065cret","data":{"pw":"@"}})",
    R"({"kind":"Secret","d\u0061ta":{"pw":"@"}})",
    R"({"kind":"Secret","string\u0044ata":{"pw":"@"}})",
    R"({"items":[{"a":1},{"\u006B\u0069nd":"Secret","data":{"pw":"@"}}]})",
    R"({"p\u0061ssword":"@"})",
    R"([{"n\u0061me":"DB_PASSWORD","value":"@"}])",
    R"([{"name":"DB_PASSWORD","val\u0075e":"@"}])",
    R"({"kind":"Pod","data":{"pw":"@"},"kind":"Secret"})",
    R"({"kind":"Secret","data":{"pw":"@"},"kind":"Pod"})",
    R"({"kind":["x"],"data":{"pw":"@"},"\u006bind":"Secret"})",
    R"({"data":{"pw":"@"},"kind":"Secret","data":{"pw":"@"}})",
    R"({"Kind":"Secret","Data":{"pw":"@"}})",
};

// Not among words: there a flat object is read as those.
const std::string kNameTwice =
    R"([{"name":"x","name":"DB_PASSWORD","value":"@"}])";

void ExpectMasked(const std::string& line) {
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(line, {});
  ASSERT_TRUE(masked.line.has_value()) << line;
  EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << *masked.line;
  EXPECT_EQ(masked.line->find(ToBase64(kCanary)), std::string::npos)
      << *masked.line;
  EXPECT_NE(masked.line->find("masked"), std::string::npos) << *masked.line;
}

TEST(RedactKeys, OfSecretsAreFoundInTexts) {
  for (const std::string& row : kSecrets) {
    for (const std::string& secret : {kCanary, ToBase64(kCanary)}) {
      const std::string text = Filled(row, secret);
      for (const std::string& whole : {text, "Found it:\n" + text}) {
        ExpectMasked(LineOf(R"({"content":[{"type":"text","text":)" +
                            QuoteJson(whole) + "}]}"));
      }
    }
  }
}

// Without what is stripped from them, these are Secrets that anybody reads;
// amid prose their text goes on as it stands.
TEST(RedactKeys, OfSecretsAreFoundThoughControlsAreInThem) {
  for (const std::string& row : std::vector<std::string>{
           R"({"ki\u200bnd":"Secret","data":{"pw":"@"}})",
           R"({"kind":"Sec\u200bret","data":{"pw":"@"}})",
           R"({"kind":"Secret","da\u200bta":{"pw":"@"}})",
           "{\"ki\u200bnd\":\"Secret\",\"data\":{\"pw\":\"@\"}}",
           R"([{"NAME":"DB_PASSWORD","VALUE":"@"}])"}) {
    const std::string text = Filled(row, kCanary);
    ExpectMasked(LineOf(R"({"content":[{"type":"text","text":)" +
                        QuoteJson(text) + "}]}"));
    ExpectMasked(
        LineOf(R"({"content":[],"structuredContent":{"a":)" + text + "}}"));
  }
}

TEST(RedactKeys, OfANameThatComesTwiceAreFound) {
  ExpectMasked(LineOf(R"({"content":[{"type":"text","text":)" +
                      QuoteJson(Filled(kNameTwice, kCanary)) + "}]}"));
  ExpectMasked(
      LineOf(R"({"structuredContent":)" + Filled(kNameTwice, kCanary) + "}"));
}

TEST(RedactKeys, OfSecretsAreFoundInWhatIsForPrograms) {
  for (const std::string& row : kSecrets) {
    for (const char* key :
         {"structuredContent", "StructuredContent", "structured\\u0043ontent",
          "\xC5\xBFtructuredContent", "\\u017ftructuredContent"}) {
      ExpectMasked(LineOf("{\"" + std::string(key) +
                          "\":" + Filled(row, ToBase64(kCanary)) + "}"));
    }
  }
}

// A failed call's answer is words; of one that says both, nobody knows.
TEST(RedactKeys, OfAFailureThatComeTwiceSayNothing) {
  const AnswerFacts strict{Origin::kStrict};
  const std::string text = R"("content":[{"type":"text","text":")" + kCanary;
  const auto masks = [&](const std::string& before) {
    const MaskedLine masked = Redactor(kKey, "s").MaskLine(
        LineOf("{" + before + text + "\"}]}"), strict);
    return masked.line.has_value();
  };
  EXPECT_FALSE(masks(R"("isError":true,)"));
  EXPECT_TRUE(masks(R"("isError":true,"isError":false,)"));
  EXPECT_TRUE(masks(R"("isError":false,"isError":true,)"));
}

TEST(RedactKeys, OfBytesThatAreAlsoATextAreNotPassedOver) {
  for (const char* types :
       {R"("type":"image","type":"text")", R"("type":"text","type":"image")"}) {
    ExpectMasked(LineOf(R"({"content":[{)" + std::string(types) +
                        R"(,"data":{"password":")" + kCanary + "\"}}]}"));
  }
}

// A listing's, those of what is asked of a person, and of all else.
TEST(RedactKeys, LoseTheirControls) {
  const std::string tools =
      R"({"tools":[{"name":"x","inputSchema":{"properties":{"o":{"properties":)"
      R"({"a\u202eb":{"\u001b[31mtitle":"y"},"c)"
      "\xE2\x80\x8B"
      R"(d":{},"plain":{}}}}}}]})";
  const std::string stripped =
      R"({"tools":[{"name":"x","inputSchema":{"properties":{"o":{"properties":)"
      R"({"ab":{"title":"y"},"cd":{},"plain":{}}}}}}]})";
  for (const bool listing : {true, false}) {
    for (const bool reveals : {true, false}) {
      const MaskedLine masked = Redactor(kKey, "s").MaskLine(
          LineOf(tools), {Origin::kOrdinary, reveals, listing});
      ASSERT_TRUE(masked.line) << listing << reveals;
      EXPECT_EQ(*masked.line, LineOf(stripped)) << listing << reveals;
      EXPECT_EQ(masked.controls, 3u);
    }
  }
  SessionSettings keeps;
  keeps.controls = TextControls::kKeep;
  const MaskedLine kept =
      Redactor(kKey, "s", keeps)
          .MaskLine(LineOf(tools), {Origin::kOrdinary, false, true});
  EXPECT_FALSE(kept.line);
  EXPECT_EQ(kept.controls, 3u);
}

TEST(RedactKeys, KeepTheirEscapesAndForeignLetters) {
  const std::string line = LineOf(
      R"({"tools":[{"name":"x\u200b","n\u0061me\u00e9":1,"ключ":{"a\"b":2}}]})");
  const MaskedLine masked =
      Redactor(kKey, "s").MaskLine(line, {Origin::kOrdinary, false, true});
  ASSERT_TRUE(masked.line);
  EXPECT_EQ(*masked.line, LineOf(R"({"tools":[{"name":"x","n\u0061me\u00e9":1,)"
                                 R"("ключ":{"a\"b":2}}]})"));
}

}  // namespace
}  // namespace gatehouse::audit
