// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sample cluster's schemas: for every kind its top-level fields, enough for
// `kubectl explain KIND` and for kubectl's own check of a manifest. Deeper
// fields are free-form. Served as OpenAPI 2 in JSON and in the protobuf form
// that kubectl before 1.27 insists on, and as OpenAPI 3 in JSON.

#include <span>
#include <string>
#include <string_view>

#include "policy/kubernetes/tables.h"

namespace gatehouse::sample {

std::string OpenApi2Json(std::span<const ResourceType> types);
// google/gnostic's openapi.v2.Document in protobuf wire format.
std::string OpenApi2Protobuf(std::span<const ResourceType> types);
// The index /openapi/v3, and one group version's document ("" where absent).
std::string OpenApi3Index(std::span<const ResourceType> types);
std::string OpenApi3Json(std::span<const ResourceType> types,
                         std::string_view group, std::string_view version);

}  // namespace gatehouse::sample
