// SPDX-License-Identifier: Apache-2.0
#include "policy/secret_origin.h"

#include <string_view>

namespace gatehouse {
namespace {

// A segment of an API path that leads to Secrets or tokens. An encoded one is
// not looked through.
bool LeadsToSecrets(std::string_view path) noexcept {
  return path.find("secret") != std::string_view::npos ||
         path.find("token") != std::string_view::npos ||
         path.find('%') != std::string_view::npos;
}

}  // namespace

bool BringsSecrets(const Request& request) noexcept {
  if (request.helm != HelmPart::kNone) return false;
  if (request.verb == Verb::kConfig) return true;
  if (request.verb == Verb::kRaw) {
    return !request.path || LeadsToSecrets(*request.path);
  }
  if (HasNoObject(request.verb)) return false;
  if (!request.resource) return !request.custom;
  return *request.resource == "secrets" ||
         *request.resource == "tokenreviews" || request.subresource == "token";
}

}  // namespace gatehouse
