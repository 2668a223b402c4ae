// SPDX-License-Identifier: Apache-2.0
// The shapes of cli.md, "run", to the byte.
#include "proxy/reply.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

Request ReadSecret() {
  Request request;
  request.verb = Verb::kGet;
  request.group = "";
  request.resource = "secrets";
  request.subresource = "";
  request.namespace_name = "dev";
  request.name = "db";
  request.context = "dev";
  return request;
}

TEST(Reply, ARefusedCallIsAResultThatTheModelCanRead) {
  Decision decision;
  decision.code = Code::kDeniedByRule;
  decision.rule = "secrets-stay-shut";
  decision.sentence = "Secrets are read through the vault.";
  EXPECT_EQ(
      DeniedResult({"7"}, Era::kLegacy,
                   {decision, {ReadSecret()}, "sha256:ab", 1234}),
      R"({"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":)"
      R"("Denied by gatehouse: Secrets are read through the vault. )"
      R"([rule secrets-stay-shut] [code denied-by-rule]"}],"isError":true,)"
      R"("_meta":{"gatehouse/decision":{"decision":"deny",)"
      R"("code":"denied-by-rule","rule":"secrets-stay-shut","requests":[)"
      R"({"verb":"get","group":"","resource":"secrets","subresource":"",)"
      R"("namespace":"dev","name":"db","all_namespaces":false,)"
      R"("context":"dev","dry_run":false,"path":null}],)"
      R"("policy":"sha256:ab","record":1234}}}})"
      "\n");
}

TEST(Reply, WhatDoesNotApplyIsNull) {
  Decision decision;
  decision.code = Code::kAuditUnavailable;
  decision.sentence = "No.";
  EXPECT_EQ(
      DeniedResult({R"("a")"}, Era::kModern, {decision, {}, "", 0}),
      R"({"jsonrpc":"2.0","id":"a","result":{"resultType":"complete",)"
      R"("content":[{"type":"text","text":)"
      R"("Denied by gatehouse: No. [code audit-unavailable]"}],)"
      R"("isError":true,"_meta":{"gatehouse/decision":{"decision":"deny",)"
      R"("code":"audit-unavailable","rule":null,"requests":[],)"
      R"("policy":null,"record":null}}}})"
      "\n");
}

TEST(Reply, ALostAnswerDoesNotSayThatTheCallWasDenied) {
  EXPECT_EQ(
      FailedResult({"1"}, Era::kModern, Code::kServerDied, "It ended.", 5),
      R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",)"
      R"("content":[{"type":"text","text":)"
      R"("Gatehouse: It ended. [code server-died]"}],"isError":true,)"
      R"("_meta":{"gatehouse/decision":{"decision":"allow",)"
      R"("code":"server-died","record":5}}}})"
      "\n");
}

TEST(Reply, EverythingElseIsAJsonRpcError) {
  EXPECT_EQ(ErrorLine(RpcId{"1"}, kMethodNotFound, Code::kUnknownMethod, "No."),
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":)"
            R"("Denied by gatehouse: No.","data":{"code":"unknown-method"}}})"
            "\n");
  EXPECT_EQ(ErrorLine(std::nullopt, kParseError, Code::kMalformed, "\"\n"),
            R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":)"
            R"("Denied by gatehouse: \"\n","data":{"code":"malformed"}}})"
            "\n");
}

}  // namespace
}  // namespace gatehouse
