// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/hostile_rows.h"

#include <cstddef>
#include <ostream>
#include <utility>

namespace gatehouse::testing {
namespace {

std::string Repeat(std::string_view text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

// A call whose params (or whole rest) are given literally.
std::string Rest(std::string_view rest) {
  return R"({"jsonrpc":"2.0","id":7,)" + std::string(rest) + "}";
}
std::string Params(std::string_view params) {
  return Rest(R"("method":"tools/call","params":)" + std::string(params));
}
std::string Arguments(std::string_view arguments) {
  return Params(R"({"name":"list_pods","arguments":)" + std::string(arguments) +
                "}");
}
const char kB[] = R"("params":{"name":"delete_resource","arguments":)"
                  R"({"resource":"pods","name":"x","namespace":"dev"}})";
}  // namespace

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string WithId(std::string_view id) {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
         R"(,"method":"tools/call","params":{"name":"list_pods",)"
         R"("arguments":{"namespace":"dev"}}})";
}
std::string CallB() {
  return Rest(R"("method":"tools/call",)" + std::string(kB));
}

std::vector<Row> DuplicateRows() {
  const std::string dup = "duplicate-key";
  return {
      {"NameAB", Params(R"({"name":"list_pods","name":"delete_resource"})"),
       dup},
      {"NameBA", Params(R"({"name":"delete_resource","name":"list_pods"})"),
       dup},
      {"Params",
       Rest(R"("method":"tools/call","params":{"name":"list_pods"},)" +
            std::string(kB)),
       dup},
      {"ParamsHalves",
       Rest(
           R"("method":"tools/call","params":{"name":"delete_resource"},"params":{"arguments":{}})"),
       dup},
      {"Method",
       Rest(R"("method":"ping","method":"tools/call",)" + std::string(kB)),
       dup},
      {"Id", Rest(R"("id":8,"method":"ping")"), dup},
      {"Jsonrpc", Rest(R"("jsonrpc":"2.0","method":"ping")"), dup},
      {"NameEscaped",
       Params(R"({"name":"list_pods","na\u006de":"delete_resource"})"), dup},
      {"Argument", Arguments(R"({"namespace":"dev","namespace":"prod"})"), dup},
      {"DeepArgument", Arguments(R"({"namespace":"dev","x":[{"a":1,"a":2}]})"),
       dup},
  };
}

std::vector<Row> FoldedRows() {
  return {
      {"Name", Params(R"({"name":"list_pods","Name":"delete_resource"})"), "*"},
      {"NAME", Params(R"({"name":"list_pods","NAME":"delete_resource"})"), "*"},
      {"Params", Rest(R"("method":"ping","Params":{"name":"delete_resource"})"),
       "*"},
      {"METHOD",
       Rest(R"("method":"ping","METHOD":"tools/call",)" + std::string(kB)),
       "*"},
      {"ParamsLongS",
       Rest("\"method\":\"tools/"
            "call\",\"params\":{\"name\":\"list_pods\"},\"param\xc5\xbf\":{"
            "\"name\":\"delete_resource\"}"),
       "*"},
      {"ParamsLongSEscaped",
       Rest(
           R"("method":"tools/call","params":{"name":"list_pods"},"param\u017f":{"name":"delete_resource"})"),
       "*"},
      {"Arguments",
       Params(
           R"({"name":"list_pods","arguments":{},"Arguments":{"namespace":"prod"}})"),
       "*"},
      {"ArgumentsLongS",
       Params(R"({"name":"list_pods","argument\u017f":{"namespace":"prod"}})"),
       "*"},
      {"TaskKelvin", Params(R"({"name":"list_pods","tas\u212a":{}})"), "*"},
      {"NameFullWidth",
       Params(R"({"name":"list_pods","\uff4eame":"delete_resource"})"), "*"},
      {"NamespaceArgument",
       Arguments(R"({"namespace":"dev","Namespace":"prod"})"), "*"},
      {"Id", Rest(R"("ID":8,"method":"ping")"), "*"},
      {"Jsonrpc", Rest(R"("JsonRpc":"2.0","method":"ping")"), "*"},
  };
}

std::vector<Row> EnvelopeRows() {
  return {
      {"ExtraMember",
       Rest(R"("method":"tools/call","extra":1,"params":{"name":"list_pods"})"),
       "malformed"},
      {"Proto", Arguments(R"({"__proto__":{"namespace":"prod"}})"),
       "malformed"},
      {"KeyWithNul",
       Params(R"({"name":"list_pods","name\u0000":"delete_resource"})"),
       "malformed"},
      {"BatchOfB", "[" + CallB() + "]", "batch"},
      {"BatchOfAB", "[" + WithId("1") + "," + CallB() + "]", "batch"},
      {"EmptyBatch", "[]", "batch"},
      {"NestedBatch", "[[" + CallB() + "]]", "batch"},
      {"MethodAndResult",
       Rest(R"("method":"tools/call","result":{},)" + std::string(kB)),
       "malformed"},
      {"MethodAndError",
       Rest(R"("method":"tools/call","error":{"code":1,"message":"x"},)" +
            std::string(kB)),
       "malformed"},
      {"ResultAndError",
       Rest(R"("result":{},"error":{"code":1,"message":"x"})"), "*"},
      {"NeitherOne", Rest(R"("params":{})"), "malformed"},
      {"ResultNobodyAskedFor", Rest(R"("result":{"content":[]})"), ""},
      {"ErrorNobodyAskedFor", Rest(R"("error":{"code":1,"message":"x"})"), ""},
      {"Jsonrpc1", R"({"jsonrpc":"1.0","id":7,"method":"ping"})", "malformed"},
      {"JsonrpcMissing", R"({"id":7,"method":"ping"})", "malformed"},
      {"JsonrpcNumber", R"({"jsonrpc":2.0,"id":7,"method":"ping"})",
       "malformed"},
      {"ArgumentsAsString", Arguments(R"("{\"namespace\":\"prod\"}")"),
       "malformed"},
      {"ArgumentsAsList", Arguments(R"(["prod"])"), "malformed"},
      {"ArgumentsNull", Arguments("null"), "malformed"},
      {"ParamsAsList", Params(R"(["delete_resource"])"), "malformed"},
      {"ParamsAsString", Params(R"("delete_resource")"), "malformed"},
      {"NameNumber", Params(R"({"name":1})"), "malformed"},
      {"NameMissing", Params(R"({"arguments":{}})"), "malformed"},
      {"MethodNumber", Rest(R"("method":1)"), "malformed"},
      {"NameWithBlank", Params(R"({"name":" list_pods"})"), "*"},
      {"NameUpperCase", Params(R"({"name":"LIST_PODS"})"), "unknown-tool"},
      {"NumberOutOfRange", Arguments(R"({"namespace":"dev","limit":1e999})"),
       "malformed"},
  };
}

std::vector<Row> IdRows() {
  std::vector<Row> rows = {
      {"Null", WithId("null"), "malformed"},
      // A call without an id is a notification: no
      // server runs it, none gets it, nobody waits.
      {"Absent",
       R"({"jsonrpc":"2.0","method":"tools/call",)" + std::string(kB) + "}",
       ""}};
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"Fraction", "1.5"},
      {"True", "true"},
      {"Object", "{}"},
      {"List", "[]"},
      {"Above2To53", "9007199254740993"},
      {"Exponent", "1e2"},
      {"PointZero", "7.0"},
      {"MinusZero", "-0"},
      {"Huge", "123456789012345678901234567890"},
      {"LeadingZero", "01"},
      {"TooLong", '"' + std::string(300, 'x') + '"'},
      {"Control", R"("a\u0007b")"},
      {"Nul", R"("a\u0000b")"}};
  for (const auto& [name, id] : bad) {
    rows.push_back({name, WithId(id), "malformed"});
  }
  return rows;
}

std::vector<Row> TextRows() {
  const std::string zero(1, '\0');
  const std::string a = R"({"jsonrpc":"2.0","id":7,"method":"tools/call",)"
                        R"("params":{"name":"list_pods","arguments":{"x":")";
  const std::string z = R"("}}})";
  return {
      {"PrettyPrinted",
       "{\"jsonrpc\":\"2.0\",\"id\":7,\n\"method\":\"tools/call\",\n" +
           std::string(kB) + "}",
       "malformed"},
      {"PingCrB",
       R"({"jsonrpc":"2.0","id":6,"method":"ping"})"
       "\r" +
           CallB(),
       "malformed"},
      {"CrInside", "{\"jsonrpc\":\"2.0\",\r\"id\":7,\"method\":\"ping\"}",
       "malformed"},
      {"MessageInsideAString", a + "\n" + CallB() + "\n" + z, "*"},
      {"Bom", "\xef\xbb\xbf" + CallB(), "malformed"},
      {"NaN", Arguments(R"({"x":NaN})"), "malformed"},
      {"Infinity", Arguments(R"({"x":-Infinity})"), "malformed"},
      {"Comment", "/* x */" + CallB(), "malformed"},
      {"LineComment", CallB() + "// x", "malformed"},
      {"NulInside", a + zero + z, "malformed"},
      {"NulAfter", CallB() + zero + "x", "malformed"},
      {"Utf16", "{" + zero + "}" + zero, "malformed"},
      {"TrailingBlankAndTab", CallB() + " \t", "*"},
      {"Scalar", "42", "malformed"},
      {"StringLine", R"("tools/call")", "malformed"},
      {"NullLine", "null", "malformed"},
      {"Depth20000",
       Arguments("{\"x\":" + Repeat("[", 20'000) + Repeat("]", 20'000) + "}"),
       "too-deep"},
      {"Depth65",
       Arguments("{\"x\":" + Repeat("[", 65) + Repeat("]", 65) + "}"),
       "too-deep"},
      {"Truncated", CallB().substr(0, 60), "malformed"},
      {"TrailingGarbage", CallB() + "x", "malformed"},
      {"TwoObjects", R"({"jsonrpc":"2.0","id":6,"method":"ping"})" + CallB(),
       "malformed"},
      {"TrailingComma", R"({"jsonrpc":"2.0","id":7,"method":"ping",})",
       "malformed"},
      {"SingleQuotes", "{'jsonrpc':'2.0','id':7,'method':'ping'}", "malformed"},
      {"BareKeys", "{jsonrpc:\"2.0\",id:7,method:\"ping\"}", "malformed"},
      {"ContentLength", "Content-Length: 46\r\n\r", "malformed"},
      {"HttpRequest", "POST /mcp HTTP/1.1\r", "malformed"},
      {"InvalidUtf8", a + "\xff" + z, "malformed"},
      {"Overlong", a + "\xc0\xaf" + z, "malformed"},
      {"LoneSurrogateEscaped", a + R"(\ud800)" + z, "malformed"},
      {"LoneSurrogateRaw", a + "\xed\xa0\x80" + z, "malformed"},
      {"CutUtf8", a + "\xe2\x82" + z, "malformed"},
      {"ControlInString", a + "\x01" + z, "malformed"},
      {"FiveMebibytes", a + std::string(5 << 20, 'x') + z, "too-large"},
      {"ElevenMebibytes", a + std::string(11 << 20, 'x') + z, "too-large"},
  };
}

std::vector<Row> MethodRows() {
  return {
      {"Custom", Rest(R"("method":"cluster/wipe","params":{})"),
       "unknown-method"},
      {"CaseOfMethod", Rest(R"("method":"Tools/Call",)" + std::string(kB)),
       "unknown-method"},
      {"ResourcesRead",
       Rest(R"("method":"resources/read","params":{"uri":"k8s://secrets/db"})"),
       "*"},
      {"ResourceOfNoProfile",
       Rest(R"("method":"resources/read","params":{"uri":"k8s://dev/pods"})"),
       "unclear"},
      {"ResourceWithDots",
       Rest(
           R"("method":"resources/read","params":{"uri":"k8s://dev/../pods"})"),
       "malformed"},
      {"ResourceWithEscapedDots",
       Rest(
           R"("method":"resources/read","params":{"uri":"k8s://dev/%2e%2E/x"})"),
       "malformed"},
      {"ResourceList",
       Rest(R"("method":"resources/read","params":{"uri":["k8s://a"]})"),
       "malformed"},
      {"ResourceUriFolded",
       Rest(
           R"("method":"resources/read","params":{"uri":"k8s://a","URI":"b:c"})"),
       "malformed"},
      {"ResourceTask",
       Rest(
           R"("method":"resources/read","params":{"uri":"k8s://a","task":{}})"),
       "malformed"},
      {"DirectoryRead",
       Rest(
           R"("method":"resources/directory/read","params":{"uri":"k8s://a"})"),
       "unknown-method"},
      {"SkillsGet", Rest(R"("method":"skills/get","params":{"name":"x"})"),
       "unknown-method"},
      {"ResourcesSubscribe",
       Rest(R"("method":"resources/subscribe","params":{"uri":"k8s://pods"})"),
       "*"},
      {"PromptsGet", Rest(R"("method":"prompts/get","params":{"name":"x"})"),
       "*"},
      {"Completion",
       Rest(
           R"("method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"x"},"argument":{"name":"a","value":"b"}})"),
       "*"},
      {"PromptArgumentsAsString",
       Rest(R"("method":"prompts/get","params":{"name":"x","arguments":"{}"})"),
       "malformed"},
      {"CompletionOfTwo",
       Rest(
           R"("method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"x","uri":"k8s://a"}})"),
       "malformed"},
      {"TasksGet", Rest(R"("method":"tasks/get","params":{"taskId":"1"})"),
       "not-in-flight"},
      {"TasksResult",
       Rest(R"("method":"tasks/result","params":{"taskId":"1"})"),
       "not-in-flight"},
      {"TasksUpdate",
       Rest(
           R"("method":"tasks/update","params":{"taskId":"1","inputResponses":{}})"),
       "not-in-flight"},
      {"TasksCancel",
       Rest(R"("method":"tasks/cancel","params":{"taskId":"1"})"),
       "not-in-flight"},
      {"DeniedCallAsTask",
       Params(
           R"({"name":"delete_resource","arguments":{"resource":"pods","name":"x"},"task":{"ttl":1}})"),
       "no-rule"},
      {"DeniedCallOfALaterRound",
       Params(
           R"({"name":"delete_resource","arguments":{"resource":"pods","name":"x"},"inputResponses":{"c":{"action":"accept"}},"requestState":"s"})"),
       "no-rule"},
      {"SubscriptionsListen",
       Rest(
           R"("method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["k8s://secrets"]}})"),
       "unclear"},
      {"SubscriptionOutsideTheFilter",
       Rest(
           R"("method":"subscriptions/listen","params":{"resourceSubscriptions":["k8s://secrets"]})"),
       "malformed"},
      {"SubscriptionToATask",
       Rest(
           R"("method":"subscriptions/listen","params":{"notifications":{"taskIds":["1"]}})"),
       "not-in-flight"},
      {"SubscriptionToAnythingElse",
       Rest(
           R"("method":"subscriptions/listen","params":{"notifications":{"files":["/etc"]}})"),
       "malformed"},
      {"UnknownNotification",
       R"({"jsonrpc":"2.0","method":"notifications/wipe"})", ""},
      {"CancelOfNothing",
       R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}})",
       ""},
      {"ProgressOfNothing",
       R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}})",
       ""},
  };
}

}  // namespace gatehouse::testing
