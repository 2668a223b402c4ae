// SPDX-License-Identifier: Apache-2.0
#include "proxy/reply.h"

#include "policy/json_writer.h"
#include "proxy/method_reader.h"

namespace gatehouse {
namespace {

// The vendor key under _meta. Not one whose second label is
// "modelcontextprotocol" or "mcp": those are reserved.
constexpr std::string_view kMetaKey = "gatehouse/decision";

void BeginReply(const std::optional<RpcId>& id, JsonWriter& out) {
  out.BeginObject().Key("jsonrpc").String("2.0").Key("id");
  id.has_value() ? out.Raw(id->text) : out.Null();
}

void WriteText(std::string_view text, JsonWriter& out) {
  out.Key("content").BeginArray().BeginObject();
  out.Key("type").String("text").Key("text").String(text);
  out.EndObject().EndArray();
}

void WriteOrNull(std::string_view text, JsonWriter& out) {
  text.empty() ? out.Null() : out.String(text);
}

void WriteRecord(std::uint64_t record, JsonWriter& out) {
  out.Key("record");
  record == 0 ? out.Null() : out.Unsigned(record);
}

std::string EndReply(JsonWriter& out) {
  std::string line = out.EndObject().Take();
  line += '\n';
  return line;
}

std::string TextOf(const Decision& decision) {
  std::string text = "Denied by gatehouse: " + decision.sentence;
  if (!decision.rule.empty()) text += " [rule " + decision.rule + "]";
  text += " [code " + std::string(CodeName(decision.code)) + "]";
  return text;
}

void WriteDenial(const Denial& denial, JsonWriter& out) {
  out.BeginObject().Key("decision").String("deny");
  out.Key("code").String(CodeName(denial.decision.code));
  out.Key("rule");
  WriteOrNull(denial.decision.rule, out);
  out.Key("requests").BeginArray();
  for (const Request& request : denial.requests) WriteRequest(request, out);
  out.EndArray().Key("policy");
  WriteOrNull(denial.policy_hash, out);
  WriteRecord(denial.record, out);
  out.EndObject();
}

void BeginResult(const RpcId& id, Era era, JsonWriter& out) {
  BeginReply(id, out);
  out.Key("result").BeginObject();
  // Required since 2026-07-28, unknown before.
  if (era == Era::kModern) out.Key("resultType").String("complete");
}

}  // namespace

std::string DeniedResult(const RpcId& id, Era era, const Denial& denial) {
  JsonWriter out;
  BeginResult(id, era, out);
  WriteText(TextOf(denial.decision), out);
  out.Key("isError").Bool(true).Key("_meta").BeginObject().Key(kMetaKey);
  WriteDenial(denial, out);
  out.EndObject().EndObject();
  return EndReply(out);
}

std::string DeniedError(const RpcId& id, const Denial& denial) {
  JsonWriter out;
  BeginReply(id, out);
  out.Key("error").BeginObject().Key("code").Integer(kInvalidParams);
  out.Key("message").String(TextOf(denial.decision));
  out.Key("data");
  WriteDenial(denial, out);
  out.EndObject();
  return EndReply(out);
}

std::string FailedResult(const RpcId& id, Era era, Code code,
                         std::string_view sentence, std::uint64_t record) {
  JsonWriter out;
  BeginResult(id, era, out);
  WriteText("Gatehouse: " + std::string(sentence) + " [code " +
                std::string(CodeName(code)) + "]",
            out);
  out.Key("isError").Bool(true).Key("_meta").BeginObject().Key(kMetaKey);
  out.BeginObject().Key("decision").String("allow");
  out.Key("code").String(CodeName(code));
  WriteRecord(record, out);
  out.EndObject().EndObject().EndObject();
  return EndReply(out);
}

std::string ErrorLine(const std::optional<RpcId>& id, int rpc_code, Code code,
                      std::string_view sentence) {
  JsonWriter out;
  BeginReply(id, out);
  out.Key("error").BeginObject().Key("code").Integer(rpc_code);
  out.Key("message").String("Denied by gatehouse: " + std::string(sentence));
  out.Key("data").BeginObject().Key("code").String(CodeName(code));
  if (rpc_code == kMissingCapability) {
    out.Key("requiredCapabilities").BeginObject();
    out.Key("extensions").BeginObject().Key(kTasksExtension);
    out.BeginObject().EndObject().EndObject().EndObject();
  }
  out.EndObject().EndObject();
  return EndReply(out);
}

}  // namespace gatehouse
