// SPDX-License-Identifier: Apache-2.0
// Any texts as kubeconfig files, parted by a line "%%". The first file that
// names a context, cluster or user has it whole. A confined copy reads back to
// what was said of it: contexts that are in scope and no others, each with the
// server and namespace that the whole one gives it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/confined_kubeconfig.h"
#include "policy/kubernetes/kubeconfig.h"

namespace {

using namespace gatehouse;  // NOLINT: one short file

void Require(bool holds) {
  if (!holds) std::abort();
}

std::vector<KubeconfigSource> SourcesOf(std::string_view text) {
  constexpr std::string_view kParting = "\n%%\n";
  std::vector<KubeconfigSource> sources;
  while (true) {
    const std::size_t end = text.find(kParting);
    sources.push_back({{"config", std::string(text.substr(0, end))}, "/k"});
    if (end == std::string_view::npos || sources.size() == 4) return sources;
    text.remove_prefix(end + kParting.size());
  }
}

void CheckNames(const KubeconfigEntries& entries) {
  std::set<std::string> names;
  for (const KubeconfigEntry& entry : entries) {
    Require(names.insert(entry.name).second);
    Require(entries.Find(entry.name) == &entry);
  }
}

// An entry of the first file stays what it is, whatever others say.
void CheckFirstWins(const KubeconfigSource& source, const Kubeconfig& whole) {
  const auto first = MergeKubeconfigs(std::vector{source});
  Require(first.ok());
  for (const KubeconfigEntry& entry : first.value().contexts) {
    const KubeconfigEntry* merged = whole.contexts.Find(entry.name);
    Require(merged != nullptr);
    Require(merged->Text("cluster") == entry.Text("cluster"));
    Require(merged->Text("namespace") == entry.Text("namespace"));
  }
}

bool InScope(std::string_view context) { return context.size() % 2 == 1; }

void CheckConfined(const Kubeconfig& whole) {
  Confinement confinement;
  confinement.in_scope = InScope;
  confinement.current = whole.current;
  const auto copy = Confine(whole, confinement);
  if (!copy.ok()) {
    Require(!copy.error().sentence.empty());
    return;
  }
  const std::vector<KubeconfigSource> sources = {
      {{"copy", copy.value().text}, "/k"}};
  const auto again = MergeKubeconfigs(sources);
  Require(again.ok());
  const ClusterView before = ViewOf(whole);
  const ClusterView after = ViewOf(again.value());
  Require(after.current == copy.value().view.current);
  Require(after.contexts.size() == copy.value().view.contexts.size());
  for (const ContextView& context : after.contexts) {
    Require(InScope(context.name));
    const ContextView* original = before.Find(context.name);
    Require(original != nullptr && !context.server.empty());
    Require(context.server == original->server);
    Require(context.namespace_name == original->namespace_name);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto sources = SourcesOf({reinterpret_cast<const char*>(data), size});
  const auto whole = MergeKubeconfigs(sources);
  if (!whole.ok()) {
    Require(!whole.error().sentence.empty());
    return 0;
  }
  CheckNames(whole.value().contexts);
  CheckNames(whole.value().clusters);
  CheckNames(whole.value().users);
  CheckFirstWins(sources.front(), whole.value());
  CheckConfined(whole.value());
  return 0;
}
