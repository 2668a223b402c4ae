// SPDX-License-Identifier: Apache-2.0
#include "audit/answer_facts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "policy/secret_origin.h"

namespace gatehouse::audit {
namespace {

// What has kubectl, or a shell behind it, print something of one's own making.
constexpr auto kShapes = std::to_array<std::string_view>(
    {"jsonpath", "template", "custom-columns", "{{", "{.", "|", "$(", "`"});

bool SaysHowItLooks(const JsonValue& arguments) {
  JsonWriter writer;
  const std::string& text = writer.Value(arguments).text();
  return std::ranges::any_of(kShapes, [&text](std::string_view shape) {
    return text.find(shape) != std::string::npos;
  });
}

}  // namespace

Origin OriginOfArguments(const Classification& call) {
  // Any verb: a read brings no secret in its arguments, so masking costs
  // nothing.
  return std::ranges::any_of(call.requests, BringsSecrets) ? Origin::kSecret
                                                           : Origin::kOrdinary;
}

Origin OriginOfAnswer(const Classification& call, const JsonValue* arguments) {
  if (!std::ranges::any_of(call.requests, BringsSecrets)) {
    return Origin::kOrdinary;
  }
  if (arguments != nullptr && SaysHowItLooks(*arguments)) {
    return Origin::kShaped;
  }
  // A kubeconfig names what is secret in it.
  const bool config =
      std::ranges::all_of(call.requests, [](const Request& request) {
        return request.verb == Verb::kConfig || !BringsSecrets(request);
      });
  return config ? Origin::kOrdinary : Origin::kStrict;
}

}  // namespace gatehouse::audit
