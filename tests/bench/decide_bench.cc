// SPDX-License-Identifier: Apache-2.0
// Engine::Decide: one call of 40 requests against policies of 10 to 10,000
// rules. Each run times single calls and gives their median and 99th
// percentile; the time that Google Benchmark prints is their mean.
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

// Every fourth rule denies; resources and namespaces differ, as they do where
// many teams share a policy.
std::string PolicyOf(int rules) {
  std::string text =
      "apiVersion: gatehouse/v1\nkind: Policy\nname: bench\nrules:\n";
  for (int i = 0; i < rules; ++i) {
    text += "- {id: r" + std::to_string(i) + ", " +
            (i % 4 == 0 ? "deny: delete" : "allow: [get, list, patch]") +
            ", resources: " + kTypes[i % 5] + ", namespaces: 'team-" +
            std::to_string(i) + "-*'}\n";
  }
  return text;
}

std::shared_ptr<const Engine> EngineOf(int rules) {
  static const auto tables = KubernetesTables::Embedded();
  Issues issues;
  CompileOptions options;
  options.current_context = "dev";
  return CompileRules({ReadRules({"bench.yaml", PolicyOf(rules)}, issues)},
                      tables, options, issues);
}

// The last rule that covers pods decides: all before it are looked at.
Classification CallOf(int rules, int requests) {
  Classification call;
  call.server = "sample-server";
  call.tool = "apply";
  call.known_tool = true;
  const int last = (rules - 1) / 5 * 5;
  Request request;
  request.verb = Verb::kGet;
  request.group = "";
  request.resource = "pods";
  request.subresource = "";
  request.namespace_name =
      "team-" + std::to_string(last % 4 == 0 ? last - 5 : last) + "-dev";
  request.name = "web";
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

void Decide(benchmark::State& state) {
  const int rules = static_cast<int>(state.range(0));
  const auto engine = EngineOf(rules);
  const Classification call = CallOf(rules, static_cast<int>(state.range(1)));
  const Subject subject{"ana", {"staff"}, "ana@cluster", "claude"};
  if (engine == nullptr || !engine->Decide(call, subject, {}).Passes()) {
    state.SkipWithError("the policy does not allow the call");
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
BENCHMARK(Decide)
    ->UseManualTime()
    ->ArgNames({"rules", "requests"})
    ->Args({10, 1})
    ->Args({200, 1})
    ->Args({10, 40})
    ->Args({200, 40})
    ->Args({1000, 40})
    ->Args({10000, 40});

}  // namespace
}  // namespace gatehouse

BENCHMARK_MAIN();
