// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubectl_flags.h"

#include <string>
#include <string_view>
#include <utility>

#include "policy/kubernetes/command_place.h"

namespace gatehouse {
namespace {

// "go-template-file=F", "jsonpath-file=F", "templatefile": the format names a
// file, or lets --template name one.
bool ReadsTemplateFile(std::string_view output) {
  return output.substr(0, output.find('=')).ends_with("file");
}

bool IsChange(const Request& request) {
  return request.verb >= Verb::kCreate &&
         request.verb <= Verb::kDeleteCollection;
}

void ReadFlag(const GivenFlag& given, const Place& place, Meaning& meaning) {
  switch (given.flag->role) {
    case FlagRole::kFetch:
    case FlagRole::kSource:  // helm's
    case FlagRole::kUnknown:
      return meaning.Refuse("--" + given.flag->name + " is not resolved");
    case FlagRole::kTarget:
      return meaning.Refuse("--" + given.flag->name +
                            " chooses another cluster or credential");
    case FlagRole::kIdentity:
      return meaning.Add(PlainRequest(Verb::kImpersonate, place));
    case FlagRole::kLocal:
      return meaning.Add(PlainRequest(Verb::kLocal, place));
    case FlagRole::kKustomize:
      meaning.Add(PlainRequest(Verb::kLocal, place));
      meaning.Add(PlainRequest(Verb::kFetch, place));
      return meaning.Refuse("what a kustomization holds is not known");
    case FlagRole::kOutput:
      if (ReadsTemplateFile(given.value)) {
        meaning.Add(PlainRequest(Verb::kLocal, place));
      }
      return;
    case FlagRole::kFile:
    case FlagRole::kDryRun:
    case FlagRole::kPlain:
    case FlagRole::kNamespace:
    case FlagRole::kAllNamespaces:
    case FlagRole::kContext:
    case FlagRole::kSelector:
    case FlagRole::kRaw:
    case FlagRole::kWatch:
    case FlagRole::kSubresource:
    case FlagRole::kMeaning:
      return;
  }
}

enum class DryRun { kOff = 0, kClient, kServer, kUnclear };

// kubectl's GetDryRunStrategy: first as a boolean, then as a word.
DryRun DryRunOf(const std::string& value) {
  const std::optional<bool> on = ParseFlagBool(value);
  if (on) return *on ? DryRun::kClient : DryRun::kOff;
  if (value == "none") return DryRun::kOff;
  if (value == "server") return DryRun::kServer;
  const bool client = value.empty() || value == "client";
  return client ? DryRun::kClient : DryRun::kUnclear;
}

}  // namespace

Place PlaceOfFlags(const CommandArguments& arguments,
                   const ClusterView& cluster, Meaning& meaning) {
  NamedPlace named = PlaceOfArguments(arguments, cluster);
  if (!named.unclear.empty()) meaning.Refuse(std::move(named.unclear));
  if (arguments.OfRole(FlagRole::kTarget) != nullptr) {
    named.place.context = std::nullopt;
  }
  return std::move(named.place);
}

void ReadFlags(const CommandArguments& arguments, const Place& place,
               Meaning& meaning) {
  for (const GivenFlag& given : arguments.flags) {
    ReadFlag(given, place, meaning);
  }
}

void ApplyDryRun(const CommandArguments& arguments, const Place& place,
                 Meaning& meaning) {
  const GivenFlag* given = arguments.OfRole(FlagRole::kDryRun);
  if (given == nullptr) return;
  switch (DryRunOf(given->value)) {
    case DryRun::kOff:
      return;
    case DryRun::kUnclear:
      return meaning.Refuse("a dry run of an unknown kind");
    case DryRun::kServer:
      for (Request& request : meaning.requests) {
        request.dry_run = request.dry_run || IsChange(request);
      }
      return;
    case DryRun::kClient:
      std::erase_if(meaning.requests, IsChange);
      if (meaning.requests.empty()) {
        meaning.Add(PlainRequest(Verb::kDiscover, place));
      }
      return;
  }
}

}  // namespace gatehouse
