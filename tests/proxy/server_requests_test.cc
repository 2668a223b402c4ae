// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_requests.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

bool MayAsk(const std::string& method, const std::string& params,
            const std::string& capabilities) {
  const auto value = ParseJson(params);
  const auto declared = ParseJson(capabilities);
  EXPECT_TRUE(value.ok() && declared.ok());
  return !FaultOf(ClientAsk{method, &value.value()},
                  {ReadClientFeatures(declared.value()), {}})
              .has_value();
}

TEST(ServerRequests, MayAskOnlyWhatWasDeclared) {
  EXPECT_TRUE(MayAsk("ping", "{}", "{}"));
  EXPECT_TRUE(MayAsk("roots/list", "{}", R"({"roots":{}})"));
  EXPECT_FALSE(MayAsk("roots/list", "{}", R"({"sampling":{}})"));
  EXPECT_FALSE(MayAsk("tools/call", "{}", R"({"sampling":{}})"));
  const std::string link = R"({"mode":"url","url":"https://a/b"})";
  const std::string form = R"({"mode":"form"})";
  EXPECT_TRUE(MayAsk("elicitation/create", form, R"({"elicitation":{}})"));
  EXPECT_FALSE(MayAsk("elicitation/create", link, R"({"elicitation":{}})"));
  EXPECT_TRUE(
      MayAsk("elicitation/create", link, R"({"elicitation":{"url":{}}})"));
  EXPECT_FALSE(
      MayAsk("elicitation/create", form, R"({"elicitation":{"url":{}}})"));
}

TEST(ServerRequests, MayUseOnlyThePartsThatWereDeclared) {
  struct Row {
    std::string method;
    std::string params;
    std::string without;  // what declares the rest
    std::string with;
  };
  const std::string sampling = "sampling/createMessage";
  const std::string plain = R"({"sampling":{}})";
  const std::string tools = R"({"sampling":{"tools":{}}})";
  const std::string context = R"({"sampling":{"context":{}}})";
  const std::string tasks =
      R"("tasks":{"requests":{"sampling":{"createMessage":{}},)"
      R"("elicitation":{"create":{}}}}})";
  for (const Row& row : std::vector<Row>{
           {sampling, R"({"tools":[]})", plain, tools},
           {sampling, R"({"toolChoice":{"mode":"none"}})", plain, tools},
           {sampling, R"({"includeContext":"thisServer"})", tools, context},
           {sampling, R"({"includeContext":["none"]})", plain, context},
           {sampling, R"({"task":{}})", tools, R"({"sampling":{},)" + tasks},
           {"elicitation/create", R"({"mode":"form","task":{"ttl":1}})",
            R"({"elicitation":{}})", R"({"elicitation":{},)" + tasks}}) {
    EXPECT_FALSE(MayAsk(row.method, row.params, row.without)) << row.params;
    EXPECT_TRUE(MayAsk(row.method, row.params, row.with)) << row.params;
  }
  EXPECT_TRUE(MayAsk(sampling, R"({"includeContext":"none"})", plain));
  EXPECT_TRUE(MayAsk(sampling, R"({"tools":null,"task":null})", plain));
  EXPECT_FALSE(
      MayAsk("roots/list", R"({"task":{}})", R"({"roots":{},)" + tasks));
}

TEST(ServerRequests, AnEmptyModeDoesNotMakeALinkAForm) {
  EXPECT_FALSE(MayAsk("elicitation/create", R"({"url":"https://a/b"})",
                      R"({"elicitation":{}})"));
}

TEST(ServerRequests, ALinkHoldsNothingThatHidesWhereItLeads) {
  const std::string declared = R"({"elicitation":{"url":{}}})";
  const auto may_ask = [&declared](const std::string& url) {
    return MayAsk("elicitation/create", R"({"mode":"url","url":)" + url + "}",
                  declared);
  };
  EXPECT_TRUE(may_ask(R"("https://a/b?to=https%3A%2F%2Fc#d")"));
  for (const char* url :
       {R"("https://h\u001b[31m/p")", R"("https://h\u202e/p")",
        R"("https://h/a b")", R"("https://h\\@other/")",
        "\"https://h\xC3\xA9/\"", "7", R"(["https://h/"])"}) {
    EXPECT_FALSE(may_ask(url)) << url;
  }
}

TEST(ServerRequests, ThePolicyLeavesLess) {
  ClientFeatures all;
  for (const auto feature :
       {ClientFeature::kSampling, ClientFeature::kElicitation,
        ClientFeature::kElicitationUrl, ClientFeature::kRoots}) {
    all.Add(feature);
  }
  FeatureSettings policy;
  policy.sampling = FeatureUse::kDeny;
  policy.roots = FeatureUse::kDeny;
  const AskLimits limits{all, policy};
  const auto fault = FaultOf(ClientAsk{"sampling/createMessage"}, limits);
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->code, Code::kDeniedByRule);
  EXPECT_TRUE(FaultOf(ClientAsk{"roots/list"}, limits).has_value());
  EXPECT_FALSE(FaultOf(ClientAsk{"elicitation/create"}, limits).has_value());
}

TEST(ServerRequests, FindsThoseInsideAnAnswer) {
  const auto count = [](const std::string& result) {
    const auto value = ParseJson(result);
    const auto asks = AsksIn(value.value());
    return asks ? static_cast<int>(asks->size()) : -1;
  };
  EXPECT_EQ(count("{}"), 0);
  EXPECT_EQ(count(R"({"inputRequests":{}})"), 0);
  EXPECT_EQ(count(R"({"inputRequests":{"a":{"method":"roots/list"},)"
                  R"("b":{"method":"x","params":{}}}})"),
            2);
  EXPECT_EQ(count(R"({"inputRequests":[{"method":"roots/list"}]})"), -1);
  EXPECT_EQ(count(R"({"inputRequests":{"a":{}}})"), -1);
  std::string many = R"({"inputRequests":{"a":{"method":"x"})";
  for (int i = 0; i < 64; ++i) {
    many += ",\"" + std::to_string(i) + R"(":{"method":"x"})";
  }
  EXPECT_EQ(count(many + "}}"), -1);
}

TEST(ServerRequests, FindsTheLinksOfAnError) {
  const auto links = [](const std::string& error) {
    const auto value = ParseJson(error);
    return LinksOf(value.value())->size();
  };
  EXPECT_EQ(links(R"({"code":-32042,"message":"x","data":{"elicitations":[)"
                  R"({"mode":"url","url":"https://a/b"}]}})"),
            1u);
  EXPECT_EQ(links(R"({"code":-32042,"message":"x"})"), 0u);
  EXPECT_EQ(links(R"({"code":-32602,"data":{"elicitations":[{}]}})"), 0u);
}

// Go's reader takes each for the key that it resembles.
TEST(ServerRequests, KeysThatOnlyResembleOnesOfMcpAreRefused) {
  const std::string declared = R"({"elicitation":{"form":{},"url":{}}})";
  for (const char* params :
       {R"({"Mode":"url","message":"x"})",
        R"({"mode":"form","URL":"https://a"})",
        R"({"mode":"form","Message":"x"})", R"({"ta\u017fk":{}})"}) {
    EXPECT_FALSE(MayAsk("elicitation/create", params, declared)) << params;
  }
  const auto reads = [](const std::string& result) {
    return AsksIn(ParseJson(result).value()).has_value();
  };
  EXPECT_TRUE(reads(R"({"content":[],"Other":1})"));
  EXPECT_FALSE(reads(R"({"InputRequests":{}})"));
  EXPECT_FALSE(reads(R"({"resulttype":"input_required"})"));
  EXPECT_FALSE(
      reads(R"({"inputRequests":{"a":{"method":"roots/list","Method":"x"}}})"));
  const auto links = [](const std::string& error) {
    return LinksOf(ParseJson(error).value()).has_value();
  };
  EXPECT_TRUE(links(R"({"code":-32042,"data":{"Other":[]}})"));
  EXPECT_FALSE(links(R"({"code":1,"Code":-32042,"data":{}})"));
  EXPECT_FALSE(links(R"({"code":-32042,"data":{"Elicitations":[]}})"));
}

TEST(ServerRequests, OfALinkTheRecordSaysWhereItLeads) {
  struct Row {
    std::string_view url;
    std::string_view shown;
  };
  const std::vector<Row> rows = {
      {"https://login.example/start", "https://login.example/start"},
      {"https://a.example/x?token=abc", "https://a.example/x?…"},
      {"https://a.example/x#token", "https://a.example/x?…"},
      {"https://ann:pw@a.example/x", "https://a.example/x"},
      {"https://a.example@evil.example/x", "https://evil.example/x"},
      {"https://a.example/x@y", "https://a.example/x@y"},
      {"javascript:alert(1)", "javascript:alert(1)"},
      {"", ""},
  };
  for (const Row& row : rows) EXPECT_EQ(PublicPartOf(row.url), row.shown);
  EXPECT_LT(PublicPartOf("https://a/" + std::string(9999, 'x')).size(), 600u);
}

TEST(ServerRequests, TellsAFormFromALink) {
  const auto detail = [](const std::string& params) {
    const auto value = ParseJson(params);
    return DetailOf({"elicitation/create", &value.value()});
  };
  EXPECT_EQ(detail(R"({"message":"your name?"})"), "a form");
  EXPECT_EQ(detail(R"({"mode":"url","url":"https://a/b?c"})"),
            "a link: https://a/b?…");
  EXPECT_EQ(DetailOf({"roots/list", nullptr}), "");
}

}  // namespace
}  // namespace gatehouse
