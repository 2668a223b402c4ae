// SPDX-License-Identifier: Apache-2.0
#pragma once
// A request in words, for the sentences of decisions and tables for people.

#include <string>

#include "policy/request.h"

namespace gatehouse {

// `Deleting pods "web-0" in namespace "dev"`
std::string RequestPhrase(const Request& request);

// "pods/log"; "a resource that is not known".
std::string ResourcePhrase(const Request& request);

}  // namespace gatehouse
