// SPDX-License-Identifier: Apache-2.0
#include "policy/request.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

Request Make(Verb verb, std::string group, std::string resource,
             std::string subresource, std::string place, std::string name) {
  Request request;
  request.verb = verb;
  request.group = std::move(group);
  request.resource = std::move(resource);
  request.subresource = std::move(subresource);
  request.namespace_name = std::move(place);
  request.name = std::move(name);
  request.context = "ctx";
  return request;
}

TEST(Request, DescribesItselfInOneLine) {
  Request everywhere = Make(Verb::kList, "", "pods", "", "", "");
  everywhere.all_namespaces = true;
  Request raw = Make(Verb::kRaw, "", "", "", "", "");
  raw.path = "/api/v1/secrets";
  Request discover = Make(Verb::kDiscover, "", "", "", "", "");
  Request dry =
      Make(Verb::kPatch, "apps", "deployments", "scale", "dev", "web");
  dry.dry_run = true;
  Request release = Make(Verb::kList, "", "secrets", "", "dev", "");
  release.helm = HelmPart::kRelease;
  Request chart;
  chart.verb = Verb::kCreate;
  chart.namespace_name = "dev";
  chart.context = "ctx";
  chart.helm = HelmPart::kChart;
  Request beyond = chart;
  beyond.verb = Verb::kUnclear;
  Request pods = Make(Verb::kCreate, "", "pods", "", "dev", "web");
  pods.pods.security = PodSecurity::kPrivileged;
  const struct {
    Request request;
    std::string_view line;
  } kRows[] = {
      {Make(Verb::kGet, "", "pods", "", "dev", "web"), "get pods dev/web @ctx"},
      {Make(Verb::kList, "", "pods", "", "dev", ""), "list pods dev @ctx"},
      {Make(Verb::kList, "", "nodes", "", "", ""), "list nodes (cluster) @ctx"},
      {Make(Verb::kGet, "", "nodes", "", "", "n1"),
       "get nodes (cluster) n1 @ctx"},
      {everywhere, "list pods * @ctx"},
      {raw, "raw /api/v1/secrets @ctx"},
      {discover, "discover @ctx"},
      {dry, "patch apps/deployments/scale dev/web @ctx dry-run"},
      {pods, "create pods dev/web @ctx pods=privileged"},
      {Request{}, "unknown ?/?/? ?/? @?"},
      {release, "list secrets dev @ctx helm-release"},
      {chart, "create ?/?/? dev/? @ctx helm-chart"},
      {beyond, "unclear beyond dev @ctx helm-chart"},
  };
  for (const auto& row : kRows) EXPECT_EQ(Describe(row.request), row.line);
}

TEST(Request, PrintsUnknownAsNull) {
  JsonWriter out;
  WriteRequest(Request{}, out);
  EXPECT_EQ(out.text(),
            R"({"verb":"unknown","group":null,"resource":null,)"
            R"("subresource":null,"namespace":null,"name":null,)"
            R"("all_namespaces":false,"context":null,"dry_run":false,)"
            R"("path":null,"pod_security":null})");
}

TEST(Request, PrintsWhatItsPodsAskFor) {
  const auto written = [](PodFacts pods) {
    Request request;
    request.pods = std::move(pods);
    JsonWriter out;
    WriteRequest(request, out);
    const std::string text = out.Take();
    return text.substr(text.find("\"path\":null") + 11);
  };
  EXPECT_EQ(written({PodSecurity::kPrivileged, "spec.hostPID", true, "admin"}),
            R"(,"pod_security":"privileged","pod_because":"spec.hostPID",)"
            R"("host_paths":true,"service_account":"admin"})");
  EXPECT_EQ(written({PodSecurity::kRestricted, "", false, std::nullopt}),
            R"(,"pod_security":"restricted","host_paths":false,)"
            R"("service_account":null})");
  EXPECT_EQ(written({PodSecurity::kNone, "", false, std::nullopt}), "}");
}

TEST(Request, SaysHelmsPartOnlyWhereThereIsOne) {
  for (HelmPart part : {HelmPart::kRelease, HelmPart::kChart}) {
    Request request;
    request.helm = part;
    JsonWriter out;
    WriteRequest(request, out);
    const std::string name(HelmPartName(part));
    EXPECT_TRUE(out.text().ends_with(",\"helm\":\"" + name + "\"}"));
    EXPECT_EQ(HelmPartFromName(name), part);
  }
  EXPECT_EQ(HelmPartFromName(""), HelmPart::kNone);
  EXPECT_EQ(HelmPartFromName("charts"), HelmPart::kNone);
}

TEST(Verbs, HaveNamesThatReadBack) {
  for (std::size_t i = 1; i < kVerbCount; ++i) {
    const Verb verb = static_cast<Verb>(i);
    EXPECT_EQ(VerbFromName(VerbName(verb)), verb);
  }
  for (const char* word : {"unknown", "read", "any", "", "GET"}) {
    EXPECT_EQ(VerbFromName(word), std::nullopt) << word;
  }
}

}  // namespace
}  // namespace gatehouse
