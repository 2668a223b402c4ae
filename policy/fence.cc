// SPDX-License-Identifier: Apache-2.0
#include "policy/fence.h"

#include <algorithm>

#include "policy/rule_match.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

FenceAnswer InsideIf(bool inside) {
  return inside ? FenceAnswer::kInside : FenceAnswer::kOutside;
}

FenceAnswer CheckContext(const Patterns& fence,
                         const Request& request) noexcept {
  // What touches nothing touches no cluster.
  if (request.verb == Verb::kNone) return FenceAnswer::kInside;
  if (HasAny(fence)) return FenceAnswer::kInside;
  if (!request.context) return FenceAnswer::kOutsideUnknown;
  return InsideIf(AnyMatches(fence, *request.context));
}

// A custom resource is in its namespace or, if its type has none, in the
// cluster: it is inside where both are.
FenceAnswer CheckCustom(const NamespacePatterns& fence,
                        const Request& request) noexcept {
  const std::optional<std::string>& place = request.custom->namespace_name;
  const bool inside =
      fence.cluster_scope &&
      (request.all_namespaces ? HasAny(fence.patterns)
                              : place && AnyMatches(fence.patterns, *place));
  return inside ? FenceAnswer::kInside : FenceAnswer::kOutsideUnknown;
}

FenceAnswer CheckNamespace(const NamespacePatterns& fence,
                           const Request& request) noexcept {
  if (request.verb == Verb::kDiscover || request.verb == Verb::kNone) {
    return FenceAnswer::kInside;
  }
  if (IsNamespaceObject(request)) return InsideIf(fence.cluster_scope);
  if (IsScopeUnknown(request)) return CheckCustom(fence, request);
  if (request.all_namespaces) return InsideIf(HasAny(fence.patterns));
  if (!request.namespace_name) return FenceAnswer::kOutsideUnknown;
  if (request.namespace_name->empty()) return InsideIf(fence.cluster_scope);
  return InsideIf(AnyMatches(fence.patterns, *request.namespace_name));
}

// Without a name it may be any Namespace object, the protected ones included.
FenceAnswer CheckProtectedObject(const Patterns& protect,
                                 const Request& request) noexcept {
  if (!request.name) return FenceAnswer::kOutsideUnknown;
  if (request.name->empty()) return FenceAnswer::kOutside;
  return InsideIf(!AnyMatches(protect, *request.name));
}

FenceAnswer CheckProtect(const Patterns& protect,
                         const Request& request) noexcept {
  const bool changes =
      !Contains(kReadingVerbs | SetOf(Verb::kNone), request.verb);
  if (!changes || protect.empty()) return FenceAnswer::kInside;
  if (IsNamespaceObject(request)) {
    return CheckProtectedObject(protect, request);
  }
  if (request.all_namespaces) return FenceAnswer::kOutside;
  if (IsScopeUnknown(request) && request.custom->namespace_name) {
    // Without a namespace it is no Namespace either.
    return AnyMatches(protect, *request.custom->namespace_name)
               ? FenceAnswer::kOutsideUnknown
               : FenceAnswer::kInside;
  }
  if (!request.namespace_name) return FenceAnswer::kOutsideUnknown;
  if (!request.namespace_name->empty()) {
    return InsideIf(!AnyMatches(protect, *request.namespace_name));
  }
  // Cluster-scoped, of a type that is not known: it may be a Namespace.
  const bool may_be_namespace = !request.resource || !request.group;
  if (!may_be_namespace) return FenceAnswer::kInside;
  return CheckProtectedObject(protect, request) == FenceAnswer::kInside
             ? FenceAnswer::kInside
             : FenceAnswer::kOutsideUnknown;
}

}  // namespace

bool ContextInScope(const CompiledPolicy& policy,
                    std::string_view context) noexcept {
  for (const Patterns& fence : policy.context_fences) {
    if (!HasAny(fence) && !AnyMatches(fence, context)) return false;
  }
  return true;
}

FenceCheck CheckFences(const CompiledPolicy& policy,
                       const Request& request) noexcept {
  for (const Patterns& fence : policy.context_fences) {
    const FenceAnswer answer = CheckContext(fence, request);
    if (answer != FenceAnswer::kInside) return {answer, Code::kContext};
  }
  for (const NamespacePatterns& fence : policy.namespace_fences) {
    const FenceAnswer answer = CheckNamespace(fence, request);
    if (answer != FenceAnswer::kInside) return {answer, Code::kOutsideScope};
  }
  const FenceAnswer answer = CheckProtect(policy.protect, request);
  if (answer != FenceAnswer::kInside) return {answer, Code::kProtected};
  return {};
}

bool SurelyOutside(const CompiledPolicy& policy,
                   const Request& request) noexcept {
  const auto outside = [](FenceAnswer answer) {
    return answer == FenceAnswer::kOutside;
  };
  return std::any_of(policy.context_fences.begin(), policy.context_fences.end(),
                     [&](const Patterns& fence) {
                       return outside(CheckContext(fence, request));
                     }) ||
         std::any_of(policy.namespace_fences.begin(),
                     policy.namespace_fences.end(),
                     [&](const NamespacePatterns& fence) {
                       return outside(CheckNamespace(fence, request));
                     }) ||
         outside(CheckProtect(policy.protect, request));
}

}  // namespace gatehouse
