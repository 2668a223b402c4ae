// SPDX-License-Identifier: Apache-2.0
// From helm command lines to requests: where they go, what is marked as
// helm's, and what makes a line unclear.
#include "policy/kubernetes/helm_requests.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse {
namespace {

ClusterView HelmContexts() {
  return {"dev", {{"dev", "d", "", "u", "team"}, {"prod", "p", "", "u", "x"}}};
}

// Requests with ", " between them, "unclear: WHY" for them all; the writes and
// reads of a chart and of a release are folded.
std::string ReadHelm(std::string_view line) {
  std::vector<std::string> argv = SplitWords(line);
  for (std::string& word : argv) {
    if (word == "''") word = "";
  }
  static const auto tables = KubernetesTables::Embedded();
  const Meaning meaning = MeaningOfHelm(argv, *tables, HelmContexts());
  if (meaning.unclear) return "unclear: " + meaning.unclear->reason;
  std::string text;
  for (const Request& request : meaning.requests) {
    const bool folded =
        request.helm == HelmPart::kChart
            ? request.verb != Verb::kUnclear && request.verb != Verb::kDelete
            : request.helm == HelmPart::kRelease &&
                  request.verb != Verb::kList && request.verb != Verb::kDelete;
    if (folded) continue;
    if (!text.empty()) text += ", ";
    text += Describe(request);
  }
  return text;
}

constexpr std::string_view kReads = "list secrets team @dev helm-release";
constexpr std::string_view kBeyond = "unclear beyond team @dev helm-chart";
constexpr std::string_view kWrites =
    "list secrets team @dev helm-release, "
    "unclear beyond team @dev helm-chart, "
    "delete secrets team/? @dev helm-release, "
    "delete ?/?/? team/? @dev helm-chart";

std::string Join(std::string_view first, std::string_view rest) {
  return std::string(first) + ", " + std::string(rest);
}

TEST(HelmRequests, AreWhatTheCommandDoes) {
  const std::pair<std::string_view, std::string> rows[] = {
      {"list", std::string(kReads)},
      {"list -A", "list secrets * @dev helm-release"},
      {"ls -n ops", "list secrets ops @dev helm-release"},
      {"-nops list", "list secrets ops @dev helm-release"},
      {"list -n a -n=ops", "list secrets ops @dev helm-release"},
      {"list -n ''", std::string(kReads)},
      {"list --kube-context prod", "list secrets x @prod helm-release"},
      {"get values web", std::string(kReads)},
      {"history web", std::string(kReads)},
      {"status web", Join(kReads, kBeyond)},
      {"rollback web 1", std::string(kWrites)},
      {"rollback web 1 --dry-run", Join(kReads, kBeyond)},
      {"uninstall web --dry-run", std::string(kReads)},
      {"uninstall web --dry-run=false",
       "list secrets team @dev helm-release, "
       "delete secrets team/? @dev helm-release, "
       "unclear beyond team @dev helm-chart, "
       "delete ?/?/? team/? @dev helm-chart"},
      {"install web ./chart", Join("local @dev", kWrites)},
      {"install web ./chart --dry-run", "local @dev, " + Join(kReads, kBeyond)},
      {"install web ./chart --dry-run=client",
       "local @dev, " + Join(kReads, kBeyond)},
      {"install web ./chart --dry-run=none", Join("local @dev", kWrites)},
      {"install web oci://x/chart", Join("fetch @dev", kWrites)},
      {"install web repo/chart",
       "local @dev, fetch @dev, " + std::string(kWrites)},
      {"install web ./chart --create-namespace",
       Join("local @dev", kWrites) +
           ", create namespaces (cluster) team @dev, patch namespaces "
           "(cluster) team @dev"},
      {"template web ./chart", "local @dev, none @dev"},
      {"template web ./chart --dry-run=none",
       "local @dev, none @dev, " + std::string(kBeyond)},
      {"template web ./chart --validate",
       "local @dev, none @dev, " + std::string(kBeyond)},
      {"template web ./c -f https://x/y", "fetch @dev, local @dev, none @dev"},
      {"template web ./c -f a,https://x/y",
       "local @dev, fetch @dev, none @dev"},
      {"show all https://x/c.tgz", "fetch @dev"},
      {"pull a/b https://x/c", "local @dev, fetch @dev"},
      {"repo add x https://y", "local @dev, fetch @dev"},
      {"env", "config @dev"},
      {"version", "none @dev"},
      {"install --help", "none @dev"},
      {"list --kube-as-user root", "impersonate @dev, " + std::string(kReads)},
      {"install web ./c --post-renderer ./run",
       "local @dev, " + std::string(kWrites)},
  };
  for (const auto& [line, expected] : rows) {
    EXPECT_EQ(ReadHelm(line), expected) << line;
  }
}

TEST(HelmRequests, AreUnclearWhereTheLineIs) {
  for (std::string_view line : {"",
                                "get",
                                "get web",
                                "nosuch",
                                "list --nosuch",
                                "list --all_namespaces",
                                "list -n",
                                "list -n a,b",
                                "list -n ../x",
                                "list --kubeconfig x",
                                "list --kube-apiserver x",
                                "list --kube-token x",
                                "plugin install x",
                                "plugin update x",
                                "install",
                                "install web ./c --dry-run=",
                                "install web ./c --dry-run=maybe",
                                "uninstall web --dry-run=perhaps",
                                "__complete install",
                                "list -A=x"}) {
    EXPECT_TRUE(ReadHelm(line).starts_with("unclear: "))
        << line << ReadHelm(line);
  }
}

TEST(HelmRequests, KnowNoPlaceInAContextThatIsNotThere) {
  EXPECT_EQ(ReadHelm("list --kube-context nowhere"),
            "list secrets ? @nowhere helm-release");
}

}  // namespace
}  // namespace gatehouse
