// SPDX-License-Identifier: Apache-2.0
#include "audit/secret_gate.h"

#include <gtest/gtest.h>

#include "audit/redact_rules.h"

namespace gatehouse::audit {
namespace {

class SecretGateTest : public ::testing::Test {
 protected:
  std::unique_ptr<const RedactionRules> rules_ = EmbeddedRedactionRules();
  SecretGate gate_{*rules_};
};

TEST_F(SecretGateTest, SeesWhatMayBeSecretRawAndEscaped) {
  for (const char* bytes :
       {"password: x", "\"password\":\"x\"", "\\\"password\\\": \\\"x\\\"",
        "PASSWORD = x", "DB_PASSWORD=x", "'api-key': x", "--token x",
        "--from-literal a=b", "a\\nauth: x", "\\u003cauth: x",
        "{\"name\":\"DB_PASSWORD\"", "\\\"name\\\":\\n  \\\"DB_PASSWORD\\\"",
        "\"token\"\n : 1", "- name: API_KEY\n",
        "\\\\\\\"clientSecret\\\\\\\":"}) {
    EXPECT_TRUE(gate_.Scan(bytes).names) << bytes;
  }
  for (const char* bytes :
       {"kind: Secret", "\"kind\":\"Secret\"", "\\\"kind\\\": \\\"Secret\\\"",
        "kind: SecretList", "KIND: secret", "\\\"kind\\\":\\n  \\\"Secret\\\"",
        "\"kind\" :\n\"Secret\""}) {
    EXPECT_TRUE(gate_.Scan(bytes).secrets) << bytes;
  }
  for (const char* bytes : {"eyJhbGci", "-----BEGIN RSA PRIVATE KEY", "ghp_x",
                            "https://a", "LS0tLS1CRUdJTiBQ"}) {
    EXPECT_NE(gate_.Scan(bytes).formats, 0u) << bytes;
  }
  for (const char* bytes :
       {"a\\u001b[0m", "\\u200B", "\\udb40\\udc41", "a\\b", "\u200b", "a\x7f",
        "\u202e", "\ufeff", "\U000E0041", "\u0085", "\x1b[0m", "\x7f"}) {
    EXPECT_TRUE(gate_.Scan(bytes).controls) << bytes;
  }
  for (const char* bytes : {"\\u0065yJ", "pass\\u0077ord", ":\\/\\/"}) {
    EXPECT_TRUE(gate_.Scan(bytes).escapes) << bytes;
  }
}

TEST_F(SecretGateTest, LetsOrdinaryBytesPass) {
  for (const char* bytes :
       {"", "x", "{\"kind\":\"Pod\",\"name\":\"secret-reader\"}",
        "secretName: db", "\\u003cnone\\u003e", "\u00fc\u4e2d\U0001F600",
        "tokens are words", "imagePullSecrets:", "kind: Pod # Secret",
        "--namespace dev", "a -- b", "serviceAccountToken: {}",
        "secret:\n  secretName: db", "\"secret\":{\"defaultMode\":420",
        "secret:\\n        defaultMode: 420"}) {
    EXPECT_FALSE(gate_.Scan(bytes).Any()) << bytes;
  }
}

TEST_F(SecretGateTest, LooksForWhatWasSeen) {
  EXPECT_FALSE(gate_.Scan("log: hunter2-is-it").seen);
  gate_.AddSeen("hunter2-is-it");
  EXPECT_TRUE(gate_.Scan("log: hunter2-is-it").seen);
  EXPECT_FALSE(gate_.Scan("log: hunter2-is-i").seen);
}

// Parts of a text may be gone through in any order.
TEST(SpotCursor, GoesBackAndKnowsWhereItMustLookEverywhere) {
  GateHits hits;
  hits.spots = {{5, SpotKind::kName, 0}, {20, SpotKind::kSeen, 0}};
  SpotCursor cursor(hits);
  EXPECT_FALSE(cursor.Meets(6, 20));
  EXPECT_TRUE(cursor.Meets(18, 21));
  EXPECT_FALSE(cursor.Meets(21, 90));
  EXPECT_TRUE(cursor.Meets(0, 6));
  EXPECT_TRUE(cursor.Meets(5, 6));
  EXPECT_EQ(cursor.In(0, 90).first, 5u);
  EXPECT_EQ(cursor.In(0, 90).last, 20u);
  hits.everywhere = true;
  EXPECT_TRUE(cursor.Meets(30, 40));
  EXPECT_EQ(cursor.In(0, 90).first, 0u);
  EXPECT_EQ(cursor.In(0, 90).last, 90u);
}

}  // namespace
}  // namespace gatehouse::audit
