// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the pods of a manifest's object ask for, by the controls of the Pod
// Security Standards: https://kubernetes.io/docs/concepts/security/
// pod-security-standards/ (as of 1.34, "latest"). Where the standards relax a
// control for Windows or for user namespaces, this does not: a template may
// come out stricter here than in the cluster, never laxer. What is not of the
// type that Kubernetes wants, or hides from readers (a patch directive, a field
// in another case), comes out as privileged.

#include <string_view>

#include "policy/document.h"
#include "policy/pod_security.h"

namespace gatehouse {

// `pods_at`: where the object holds a pod's metadata and spec, as in
// ResourceType; "" for an object that makes no pods. An object without a
// template (`replicas` alone, as server-side apply takes it) asks for none.
PodFacts ReadPodTemplate(const YamlNode& object, std::string_view pods_at);

}  // namespace gatehouse
