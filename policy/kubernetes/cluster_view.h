// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the guard knows of the kubeconfig when it judges a call: which context
// is current and what each context's namespace is. A value made by
// policy/kubernetes/kubeconfig from the file's text, borrowed by the
// classifier. Holds no credentials.

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

struct ContextView {
  std::string name;
  std::string cluster;         // name of the cluster entry
  std::string server;          // its URL, "" where not given
  std::string user;            // name of the user entry
  std::string namespace_name;  // "default" where the file gives none
};

// With no kubeconfig at all: `current` is "" and `contexts` empty; the server
// then talks to whatever it finds itself, and that place's name is "".
struct ClusterView {
  std::string current;
  std::vector<ContextView> contexts;
  // More than one context has been current since the server was started: a
  // client of its own may go to any of them.
  bool switched = false;
  // Why nobody knows what the server has of it now, a sentence without a stop;
  // "" where that is known. `contexts` is empty then.
  std::string unknown{};

  // nullptr where there is no context of that name.
  const ContextView* Find(std::string_view name) const {
    for (const ContextView& context : contexts) {
      if (context.name == name) return &context;
    }
    return nullptr;
  }
  // The namespace a client uses when none is given: the current context's,
  // else "default".
  std::string CurrentNamespace() const {
    const ContextView* context = Find(current);
    return context == nullptr ? "default" : context->namespace_name;
  }
};

}  // namespace gatehouse
