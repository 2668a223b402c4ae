// SPDX-License-Identifier: Apache-2.0
#pragma once
// Grants as text: a policy, or the RBAC manifests for the same calls. What is
// sensitive stands there commented out, with why: a person has to mean it.

#include <string>

#include "policy/grants.h"

namespace gatehouse {

// `name`: of the policy, an id's letters. `origin`: a sentence for its
// description.
std::string DraftPolicy(const Grants& grants, const KubernetesTables& tables,
                        const std::string& name, const std::string& origin);

// Who gets the roles.
struct RbacSubject {
  std::string kind = "User";  // User, Group, ServiceAccount
  std::string name;
  std::string namespace_name;  // of a service account
};

// A Role and its binding for each namespace, a ClusterRole and its binding for
// the rest; "" where there is nothing to grant.
std::string DraftRbac(const Grants& grants, const std::string& name,
                      const RbacSubject& subject);

}  // namespace gatehouse
