// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/command_place.h"

#include <optional>
#include <utility>

namespace gatehouse {
namespace {

void Refuse(NamedPlace& named, std::string reason) {
  if (named.unclear.empty()) named.unclear = std::move(reason);
}

}  // namespace

NamedPlace PlaceOfArguments(const CommandArguments& arguments,
                            const ClusterView& cluster) {
  NamedPlace named{CurrentPlace(cluster), ""};
  const GivenFlag* context = arguments.OfRole(FlagRole::kContext);
  if (context != nullptr && !context->value.empty()) {
    if (!IsContextName(context->value)) {
      Refuse(named, "not the name of a context");
    }
    named.place = PlaceInContext(cluster, context->value);
  }
  const GivenFlag* given = arguments.OfRole(FlagRole::kNamespace);
  if (given != nullptr && !given->value.empty()) {
    if (IsNamespaceName(given->value)) {
      named.place = InNamespace(named.place, given->value);
    } else {
      Refuse(named, "not the name of a namespace");
      named.place.namespace_name = std::nullopt;
    }
  }
  const GivenFlag* all = arguments.OfRole(FlagRole::kAllNamespaces);
  if (all != nullptr && all->value == "true") {
    named.place = InAllNamespaces(named.place);
  }
  return named;
}

}  // namespace gatehouse
