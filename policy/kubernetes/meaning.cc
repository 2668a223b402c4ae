// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/meaning.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

void Meaning::Add(Request request) {
  if (IsFull() && request.verb != Verb::kUnclear) {
    return Refuse("there are too many requests");
  }
  if (std::find(requests.begin(), requests.end(), request) == requests.end()) {
    requests.push_back(std::move(request));
  }
}

void Meaning::Refuse(std::string reason) {
  if (!unclear) unclear = Unclear{std::move(reason), ""};
}

}  // namespace gatehouse
