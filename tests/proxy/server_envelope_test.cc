// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_envelope.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace gatehouse {
namespace {

using Members = std::vector<std::pair<std::string_view, std::string_view>>;

// The members of a line in turn; what is wrong with it, "" if nothing.
std::string ReadEnvelope(const Members& members, ServerEnvelope& envelope) {
  for (const auto& [key, token] : members) {
    const EnvelopeMember member = envelope.Open(key);
    if (member == EnvelopeMember::kNone) return "no such member";
    if (IsObjectMember(member)) continue;
    if (!envelope.TakeScalar(member, token)) return "no such value";
  }
  return std::string(envelope.Close());
}

std::string Fault(const Members& members) {
  ServerEnvelope envelope;
  return ReadEnvelope(members, envelope);
}

const std::pair<std::string_view, std::string_view> kVersion = {"jsonrpc",
                                                                "\"2.0\""};

TEST(ServerEnvelope, TellsTheKindByTheMembers) {
  const std::tuple<Members, MessageKind, bool> rows[] = {
      {{kVersion, {"id", "1"}, {"result", ""}}, MessageKind::kResponse, false},
      {{{"error", ""}, {"id", "1"}, kVersion}, MessageKind::kResponse, true},
      // Of a message that could not be read: nobody's.
      {{kVersion, {"id", "null"}, {"error", ""}}, MessageKind::kResponse, true},
      {{kVersion, {"id", "\"a\""}, {"method", "\"ping\""}},
       MessageKind::kRequest,
       false},
      {{kVersion, {"method", "\"a/b\""}, {"params", ""}},
       MessageKind::kNotification,
       false},
  };
  for (const auto& [members, kind, is_error] : rows) {
    ServerEnvelope envelope;
    EXPECT_EQ(ReadEnvelope(members, envelope), "");
    EXPECT_EQ(envelope.message().kind, kind);
    EXPECT_EQ(envelope.message().is_error, is_error);
  }
}

// Each of these could be read as two messages, or as another one.
TEST(ServerEnvelope, RefusesWhatIsTwoThingsOrNone) {
  const std::string long_method = '"' + std::string(257, 'm') + '"';
  const Members rows[] = {
      {{"id", "1"}, {"result", ""}},
      {kVersion, {"id", "1"}},
      {kVersion, {"id", "1"}, {"result", ""}, {"error", ""}},
      {kVersion, {"id", "1"}, {"result", ""}, {"params", ""}},
      {kVersion, {"id", "1"}, {"method", "\"a\""}, {"result", ""}},
      {kVersion, {"method", "\"a\""}, {"error", ""}},
      {kVersion, {"id", "null"}, {"method", "\"a\""}},
      {kVersion, {"id", "1"}, {"id", "2"}, {"result", ""}},
      {kVersion, kVersion, {"id", "1"}, {"result", ""}},
      {{"jsonrpc", "\"2.1\""}, {"id", "1"}, {"result", ""}},
      {{"jsonrpc", "2.0"}, {"id", "1"}, {"result", ""}},
      {kVersion, {"id", "1"}, {"result", ""}, {"Result", ""}},
      {kVersion, {"id", "1.5"}, {"result", ""}},
      {kVersion, {"id", "true"}, {"result", ""}},
      {kVersion, {"id", "[1]"}, {"result", ""}},
      {kVersion, {"method", "\"\""}},
      {kVersion, {"method", "7"}},
      {kVersion, {"method", long_method}},
  };
  for (const Members& members : rows) {
    std::string shown;
    for (const auto& [key, token] : members) {
      shown.append(key).append("=").append(token).append(" ");
    }
    EXPECT_NE(Fault(members), "") << shown;
  }
}

TEST(ServerEnvelope, ReadsEscapesOfIdAndMethod) {
  ServerEnvelope envelope;
  EXPECT_EQ(
      ReadEnvelope(
          {kVersion, {"id", "\"\\u0061\""}, {"method", "\"tools\\/list\""}},
          envelope),
      "");
  const ServerMessage message = envelope.Take();
  EXPECT_EQ(message.id, RpcId{"\"a\""});
  EXPECT_EQ(message.method, "tools/list");
}

TEST(ServerEnvelope, NotesWhatAResultSaysOfItself) {
  ServerEnvelope plain;
  plain.NoteResult("isError", "true");
  plain.NoteResult("resultType", "\"input_required\"");
  EXPECT_TRUE(plain.message().is_tool_error);
  EXPECT_EQ(plain.message().result_type, "input_required");
  EXPECT_FALSE(plain.message().asks_client);
  // An escaped key may be the one that asks.
  for (const std::string_view key : {"inputRequests", "input\\u0052equests"}) {
    ServerEnvelope asking;
    asking.NoteResult(key, "");
    EXPECT_TRUE(asking.message().asks_client) << key;
  }
}

}  // namespace
}  // namespace gatehouse
