// SPDX-License-Identifier: Apache-2.0
#include "proxy/pinned_message.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

std::string Pinned(const std::string& params) {
  const std::string text = R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                           R"("params":)" +
                           params + "}";
  auto read = ReadMessage(Frame{text});
  const Message* message = std::get_if<Message>(&read);
  if (message == nullptr) return "not a message";
  const auto pinned = WithPinnedNamespace(*message, {"namespace", "dev"});
  if (!pinned) return "not pinned";
  EXPECT_EQ(StringMember(*pinned->arguments(), "namespace"), "dev");
  const std::string& canonical = pinned->canonical;
  return canonical.substr(
      canonical.find("\"params\":") + 9,
      canonical.size() - canonical.find("\"params\":") - 10);
}

TEST(PinnedMessage, WritesTheArgumentAndChangesNothingElse) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"name":"t","arguments":{"a":1}})",
       R"({"name":"t","arguments":{"a":1,"namespace":"dev"}})"},
      {R"({"name":"t","arguments":{}})",
       R"({"name":"t","arguments":{"namespace":"dev"}})"},
      {R"({"name":"t"})", R"({"name":"t","arguments":{"namespace":"dev"}})"},
      {R"({"arguments":{"namespace":"","b":[1]},"name":"t"})",
       R"({"arguments":{"namespace":"dev","b":[1]},"name":"t"})"},
      {R"({"arguments":{"b":{"namespace":"x"},"namespace":null},"name":"t"})",
       R"({"arguments":{"b":{"namespace":"x"},"namespace":"dev"},"name":"t"})"},
      // Bytes of numbers and texts stay; brackets and quotes in texts count
      // for nothing.
      {R"({"name":"t","arguments":{"n":1.50,"s":"}],\"{","u":"\u00e9\\"}})",
       R"({"name":"t","arguments":{"n":1.50,"s":"}],\"{","u":"\u00e9\\",)"
       R"("namespace":"dev"}})"},
      {R"({"name":"t","_meta":{"arguments":{"namespace":""}},"arguments":{}})",
       R"({"name":"t","_meta":{"arguments":{"namespace":""}},)"
       R"("arguments":{"namespace":"dev"}})"},
  };
  for (const auto& [params, expected] : rows) {
    EXPECT_EQ(Pinned(params), expected);
  }
}

}  // namespace
}  // namespace gatehouse
