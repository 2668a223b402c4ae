// SPDX-License-Identifier: Apache-2.0
// Engine::Decide: one call of 40 requests against policies of 10 to 10,000
// rules of three kinds. Each run times single calls and gives their median and
// 99th percentile; the time that Google Benchmark prints is their mean. The
// table in docs/performance.md is made by `make bench`.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "policy/rule_compiler.h"
#include "policy/rule_reader.h"

namespace gatehouse {
namespace {

constexpr const char* kTypes[] = {"pods", "deployments", "services",
                                  "configmaps", "jobs"};

enum class Kind {
  kTeams,    // resources and namespaces differ, as where teams share a policy
  kAlike,    // all about the same but for the objects' names
  kRefused,  // teams, and nothing allows the call: why not is told, too
};

// Every fourth rule denies.
std::string RuleOf(Kind kind, int i) {
  const std::string number = std::to_string(i);
  std::string text =
      "- {id: r" + number + ", " +
      (i % 4 == 0 ? "deny: delete" : "allow: [get, list, patch]");
  if (kind == Kind::kAlike) return text + ", names: 'web-" + number + "-*'}\n";
  return text + ", resources: " + kTypes[i % 5] + ", namespaces: 'team-" +
         number + "-*'}\n";
}

std::string PolicyOf(Kind kind, int rules) {
  std::string text =
      "apiVersion: gatehouse/v1\nkind: Policy\nname: bench\nrules:\n";
  for (int i = 0; i < rules; ++i) text += RuleOf(kind, i);
  return text;
}

std::shared_ptr<const Engine> EngineOf(Kind kind, int rules) {
  static const auto tables = KubernetesTables::Embedded();
  Issues issues;
  CompileOptions options;
  options.current_context = "dev";
  return CompileRules(
      {ReadRules({"bench.yaml", PolicyOf(kind, rules)}, issues)}, tables,
      options, issues);
}

// The last rule that covers pods decides: all before it are looked at.
Classification CallOf(Kind kind, int rules, int requests) {
  Classification call;
  call.server = "sample-server";
  call.tool = "apply";
  call.known_tool = true;
  int last = (rules - 1) / 5 * 5;
  if (last % 4 == 0) last -= 5;
  const std::string number =
      kind == Kind::kRefused ? "x" : std::to_string(last);
  Request request;
  request.verb = Verb::kGet;
  request.group = "";
  request.resource = "pods";
  request.subresource = "";
  request.namespace_name = "team-" + number + "-dev";
  request.name = "web-" + number + "-0";
  request.context = "dev";
  call.requests.assign(static_cast<std::size_t>(requests), request);
  return call;
}

double Percentile(std::vector<double>& times, double part) {
  if (times.empty()) return 0;
  const auto at =
      static_cast<std::ptrdiff_t>(part * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + at, times.end());
  return times[static_cast<std::size_t>(at)];
}

void Decide(benchmark::State& state, Kind kind) {
  const int rules = static_cast<int>(state.range(0));
  const auto engine = EngineOf(kind, rules);
  const Classification call =
      CallOf(kind, rules, static_cast<int>(state.range(1)));
  const Subject subject{"ana", {"staff"}, "ana@cluster", "claude"};
  const bool passes = kind != Kind::kRefused;
  if (engine == nullptr ||
      engine->Decide(call, subject, {}).Passes() != passes) {
    state.SkipWithError("the policy does not decide as it should");
    return;
  }
  std::vector<double> microseconds;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(engine->Decide(call, subject, {}));
    const std::chrono::duration<double, std::micro> took =
        std::chrono::steady_clock::now() - start;
    microseconds.push_back(took.count());
    state.SetIterationTime(took.count() / 1e6);
  }
  state.counters["p50_us"] = Percentile(microseconds, 0.5);
  state.counters["p99_us"] = Percentile(microseconds, 0.99);
}
void Sizes(benchmark::internal::Benchmark* bench) {
  bench->UseManualTime()
      ->ArgNames({"rules", "requests"})
      ->Args({10, 1})
      ->Args({200, 1})
      ->Args({10, 40})
      ->Args({200, 40})
      ->Args({1000, 40})
      ->Args({10000, 40});
}
BENCHMARK_CAPTURE(Decide, teams, Kind::kTeams)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, alike, Kind::kAlike)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, refused, Kind::kRefused)->Apply(Sizes);

}  // namespace
}  // namespace gatehouse

BENCHMARK_MAIN();
