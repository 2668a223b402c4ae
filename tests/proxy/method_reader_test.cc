// SPDX-License-Identifier: Apache-2.0
#include "proxy/method_reader.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

// "uri resources/read k8s://dev/pods", "prompt …", "task …", "! why not".
std::string ReadAsMethod(std::string_view method, std::string_view params) {
  const std::string line = R"({"jsonrpc":"2.0","id":1,"method":")" +
                           std::string(method) + R"(","params":)" +
                           std::string(params) + "}";
  auto message = ReadMessage(Frame{line});
  if (const auto* refusal = std::get_if<Refusal>(&message)) {
    return "!! " + refusal->sentence;
  }
  const auto read = ReadMethod(std::get<Message>(message));
  if (const auto* fault = std::get_if<MethodFault>(&read)) {
    return "! " + std::string(fault->sentence);
  }
  std::string text;
  for (const MethodRequest& r : std::get<MethodAsks>(read).requests) {
    text += r.asked == Asked::kPrompt ? "prompt " : "uri ";
    text += std::string(r.target) + ";";
  }
  for (const std::string_view task : std::get<MethodAsks>(read).tasks) {
    text += "task " + std::string(task) + ";";
  }
  return text;
}

TEST(MethodReader, FindsWhatEachMethodNames) {
  EXPECT_EQ(ReadAsMethod("resources/read", R"({"uri":"k8s://dev/pods"})"),
            "uri k8s://dev/pods;");
  EXPECT_EQ(ReadAsMethod("resources/subscribe", R"({"uri":"a:b"})"),
            "uri a:b;");
  EXPECT_EQ(
      ReadAsMethod("prompts/get", R"({"name":"x","arguments":{"a":"b"}})"),
      "prompt x;");
  EXPECT_EQ(ReadAsMethod("completion/complete",
                         R"({"ref":{"type":"ref/prompt","name":"x"}})"),
            "prompt x;");
  EXPECT_EQ(ReadAsMethod(
                "completion/complete",
                R"({"ref":{"type":"ref/resource","uri":"k8s://{ns}/pods"}})"),
            "uri k8s://{ns}/pods;");
  EXPECT_EQ(ReadAsMethod(
                "subscriptions/listen",
                R"({"notifications":{"toolsListChanged":true,)"
                R"("resourceSubscriptions":["a:b","c:d"],"taskIds":["t"]}})"),
            "uri a:b;uri c:d;task t;");
  EXPECT_EQ(ReadAsMethod("subscriptions/listen",
                         R"({"notifications":{"toolsListChanged":true}})"),
            "");
  EXPECT_EQ(ReadAsMethod("tasks/cancel", R"({"taskId":"t"})"), "task t;");
}

TEST(MethodReader, RefusesWhatTwoReadersMayTakeDifferently) {
  for (const auto& [method, params] :
       std::vector<std::pair<const char*, const char*>>{
           {"resources/read", "{}"},
           {"resources/read", R"({"uri":7})"},
           {"resources/read", R"({"uri":["a:b"]})"},
           {"prompts/get", R"({"name":""})"},
           {"prompts/get", R"({"name":"a\nb"})"},
           {"prompts/get", R"({"name":"x","arguments":"{}"})"},
           {"completion/complete", R"({"ref":"x"})"},
           {"completion/complete", R"({"ref":{"type":"ref/other"}})"},
           {"completion/complete",
            R"({"ref":{"type":"ref/prompt","name":"x","uri":"a:b"}})"},
           {"completion/complete",
            R"({"ref":{"type":"ref/resource","uri":"a:/../b"}})"},
           {"subscriptions/listen", "{}"},
           {"subscriptions/listen", R"({"notifications":[]})"},
           {"subscriptions/listen",
            R"({"notifications":{"resourceSubscriptions":"a:b"}})"},
           {"subscriptions/listen",
            R"({"notifications":{"resourceSubscriptions":["a:b",7]}})"},
           {"subscriptions/listen",
            R"({"notifications":{"resourceSubscriptions":["a:b","a:/.."]}})"},
           {"subscriptions/listen",
            R"({"notifications":{"fileWatches":["/etc"]}})"},
           {"tasks/get", R"({"taskId":7})"}}) {
    EXPECT_EQ(ReadAsMethod(method, params).substr(0, 2), "! ")
        << method << " " << params << ": " << ReadAsMethod(method, params);
  }
  EXPECT_EQ(
      ReadAsMethod("subscriptions/listen",
                   R"({"notifications":{"ResourceSubscriptions":["a:b"]}})")
          .substr(0, 2),
      "!!");
}

TEST(UriFault, EveryReaderTakesAGoodUriForTheSame) {
  for (const char* uri :
       {"k8s://dev/pods", "file:///var/log/a%20b.txt", "test://static",
        "k8s://{namespace}/pods", "a:b", "k8s://dev/pods?limit=5#x",
        "k8s://dev/...", "k8s://dev/a..b", "urn:x:y"}) {
    EXPECT_EQ(UriFault(uri), "") << uri;
  }
  for (const char* uri :
       {"", "k8s://../pods", "k8s://dev/../kube-system/secrets", "k8s://dev/..",
        "k8s://./pods", "..", "k8s://dev/%2e%2E/x", "k8s://dev%2Fx",
        "k8s://dev%5cx", "k8s://dev\\x", "k8s://dev x", "k8s://d\x01",
        "k8s://d\xC3\xA9v", "k8s://dev%252fx", "k8s://dev%00"}) {
    EXPECT_NE(UriFault(uri), "") << uri;
  }
  EXPECT_NE(UriFault("a:" + std::string(5000, 'x')), "");
}

}  // namespace
}  // namespace gatehouse
