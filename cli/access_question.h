// SPDX-License-Identifier: Apache-2.0
#pragma once
// The question of `policy can-i`, as a person words it, made into the request
// that a tool's call would come to. What no call comes to is no question: an
// answer to it would mislead, so the error says what to ask instead.

#include <string>
#include <vector>

#include "policy/kubernetes/request_builder.h"
#include "policy/kubernetes/tables.h"
#include "policy/request.h"
#include "policy/result.h"

namespace gatehouse::cli {

// `words`: VERB [RESOURCE[/SUBRESOURCE] [NAME]], at least the verb. `place`:
// for what is in a namespace. kInvalid where there is no such request.
Result<Request> ReadAccessQuestion(const std::vector<std::string>& words,
                                   const Place& place,
                                   const KubernetesTables& tables);

}  // namespace gatehouse::cli
