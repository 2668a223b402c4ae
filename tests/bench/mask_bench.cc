// SPDX-License-Identifier: Apache-2.0
// Redactor::MaskLine over answers of one megabyte: nothing to mask, names that
// only look secret, one token in a log, a list of Secrets. MB/s is of the line.
#include <benchmark/benchmark.h>

#include <string>

#include "audit/base64.h"
#include "audit/json_string.h"
#include "audit/redact.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kBytes = 1u << 20;

std::string Filled(const std::string& head, const std::string& part) {
  std::string text = head;
  for (int i = 0; text.size() < kBytes; ++i) {
    std::string one = part;
    const std::size_t at = one.find('@');
    if (at != std::string::npos) one.replace(at, 1, std::to_string(i));
    text += one;
  }
  return text;
}

std::string LineOf(const std::string& text) {
  return R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text",)"
         R"("text":)" +
         QuoteJson(text) + "}]}}";
}

const std::string kPod =
    "- apiVersion: v1\n  kind: Pod\n  metadata:\n    creationTimestamp: "
    "\"2026-11-18T10:00:00Z\"\n    labels:\n      app: web\n    name: web-@\n  "
    "  namespace: dev\n    uid: 5a3b1e00-0000-4000-8000-000000000123\n  spec:\n"
    "    automountServiceAccountToken: false\n    containers:\n    - image: "
    "registry.example/web:1.2.3\n      name: web\n      volumeMounts:\n      - "
    "mountPath: /var/run/secrets/kubernetes.io/serviceaccount\n        name: "
    "token-volume\n        readOnly: true\n    volumes:\n    - name: config\n "
    "     secret:\n        secretName: db\n";

const std::string kLog =
    "2026-11-27T10:00:00Z INFO request @ GET /api/v1/things 200 12ms "
    "user=ada agent=\"curl/8\"\n";

// No value twice.
std::string SecretList() {
  std::string text = "apiVersion: v1\nkind: List\nitems:\n";
  for (int i = 0; text.size() < kBytes; ++i) {
    const std::string number = std::to_string(i);
    text += "- apiVersion: v1\n  data:\n    password: " +
            ToBase64("c4n4ry-S3cret-" + number) +
            "\n    user: " + ToBase64("ada-" + number) +
            "\n  kind: Secret\n  metadata:\n    name: db-" + number +
            "\n    namespace: dev\n  type: Opaque\n";
  }
  return text;
}

std::string JsonPods() {
  return Filled("{\"items\":[", R"({"apiVersion":"v1","kind":"Pod","metadata":)"
                                R"({"name":"web-@","namespace":"dev"},"spec":)"
                                R"({"volumes":[{"name":"s","secret":)"
                                R"({"secretName":"db"}}]}},)") +
         "{}]}";
}

// How the time grows with the size of what a server could make us look at again
// and again: the row that ends with BigO is to say N or NlgN.
void Grow(benchmark::State& state, const std::string& part) {
  std::string text = "password: c4n4ry-S3cret\n";
  while (text.size() < static_cast<std::size_t>(state.range(0))) text += part;
  const std::string line = LineOf(text);
  const Redactor redactor("a key", "a session");
  for (auto _ : state) {
    benchmark::DoNotOptimize(redactor.MaskLine(line, {}));
  }
  state.SetComplexityN(state.range(0));
}

void Mask(benchmark::State& state, const std::string& text, bool masks,
          Origin origin = Origin::kOrdinary) {
  const std::string line = LineOf(text);
  const Redactor redactor("a key", "a session");
  for (auto _ : state) {
    const MaskedLine masked = redactor.MaskLine(line, {origin, false, false});
    if (masked.line.has_value() != masks) {
      state.SkipWithError("masked what it should not, or not what it should");
      return;
    }
    benchmark::DoNotOptimize(masked);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(line.size()));
}

BENCHMARK_CAPTURE(Mask, yaml_of_pods, Filled("items:\n", kPod), false);
BENCHMARK_CAPTURE(Mask, json_of_pods, JsonPods(), false);
BENCHMARK_CAPTURE(Mask, log, Filled("", kLog), false);
BENCHMARK_CAPTURE(Mask, log_with_a_token,
                  Filled("", kLog) + "eyJhbGciOiJ9.eyJzdWIiOiJ4.sig\n", true);
BENCHMARK_CAPTURE(Mask, log_with_a_password,
                  Filled("", kLog) + "password=hunter2\n", true);
BENCHMARK_CAPTURE(Mask, pods_and_a_secret,
                  Filled("items:\n", kPod) +
                      "---\ndata:\n  a: aHVudGVyMg==\nkind: Secret\n",
                  true);
BENCHMARK_CAPTURE(Mask, list_of_secrets, SecretList(), true);
// As above, of a call that asks for Secrets: what is not known to be none is.
BENCHMARK_CAPTURE(Mask, list_of_secrets_asked_for, SecretList(), true,
                  Origin::kStrict);

#define GROW(name, part)              \
  BENCHMARK_CAPTURE(Grow, name, part) \
      ->RangeMultiplier(4)            \
      ->Range(1 << 16, 1 << 20)       \
      ->Complexity()                  \
      ->Unit(benchmark::kMillisecond)
GROW(lines, "a line\n");
GROW(braces, "{");
GROW(open_json, "{\"a\": ");
GROW(json_among_words, "x {\"a\":{\"b\":1}} ");
GROW(secret_kinds, "{\"kind\":\"Secret\",");
GROW(token_beginnings, "eyJ");
GROW(tokens, "Bearer abcdefgh ");
GROW(env_values, "name: TOKEN\nvalue: x\n");
GROW(quotes, "a: \"\n");
GROW(blocks, "a: |\n");

}  // namespace
}  // namespace gatehouse::audit

BENCHMARK_MAIN();
