// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubectl_requests.h"

#include <algorithm>
#include <utility>

#include "policy/kubernetes/command_arguments.h"
#include "policy/kubernetes/kubectl_flags.h"
#include "policy/kubernetes/request_filler.h"

namespace gatehouse {
namespace {

// "--raw=" alone is as good as none.
const GivenFlag* RawPath(const CommandArguments& arguments) {
  const GivenFlag* raw = arguments.OfRole(FlagRole::kRaw);
  return raw != nullptr && !raw->value.empty() ? raw : nullptr;
}

bool Watches(const CommandArguments& arguments) {
  return std::any_of(arguments.flags.begin(), arguments.flags.end(),
                     [](const GivenFlag& given) {
                       return given.flag->role == FlagRole::kWatch &&
                              given.value == "true";
                     });
}

void AddWatches(Meaning& meaning) {
  const std::vector<Request> requests = meaning.requests;
  for (Request request : requests) {
    if (request.verb != Verb::kList && request.verb != Verb::kGet) continue;
    request.verb = Verb::kWatch;
    meaning.Add(std::move(request));
  }
}

void ReadCommand(const KubectlRun& run, const CommandArguments& arguments,
                 const KubernetesTables& tables, const Place& place,
                 Meaning& meaning) {
  if (const GivenFlag* raw = RawPath(arguments)) {
    // The path says where; namespace and operands do not count. A file is the
    // body.
    if (arguments.OfRole(FlagRole::kFile) != nullptr) {
      TargetsOf(run, arguments, tables, place, meaning);
    }
    return meaning.Add(RawRequest(raw->value, place));
  }
  const std::vector<Target> targets =
      TargetsOf(run, arguments, tables, place, meaning);
  const FillContext context{arguments, tables, place, targets};
  FillRequests(context, meaning);
  if (arguments.command->path == "describe") FillDescribed(context, meaning);
  if (Watches(arguments)) AddWatches(meaning);
  ApplyDryRun(arguments, place, meaning);
}

}  // namespace

Meaning MeaningOfKubectl(const KubectlRun& run, const KubernetesTables& tables,
                         const ClusterView& cluster) {
  const CommandArguments arguments = ParseCommand(run.argv, tables.kubectl());
  Meaning meaning;
  const Place place = PlaceOfFlags(arguments, cluster, meaning);
  ReadFlags(arguments, place, meaning);
  if (arguments.unclear) {
    meaning.Refuse(arguments.unclear->reason);
  } else if (arguments.IsOn("help")) {
    meaning.Add(PlainRequest(Verb::kDiscover, place));
  } else {
    ReadCommand(run, arguments, tables, place, meaning);
  }
  if (meaning.unclear) meaning.Add(UnclearRequest(place));
  return meaning;
}

}  // namespace gatehouse
