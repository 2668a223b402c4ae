// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the sample cluster says it serves: group and resource lists as JSON
// text, made from the resource table. Pure.

#include <span>
#include <string>
#include <string_view>

#include "policy/kubernetes/tables.h"

namespace gatehouse::sample {

std::string VersionDocument();
std::string CoreVersions();                                  // /api
std::string GroupList(std::span<const ResourceType> types);  // /apis
// /apis/GROUP; "" where there is no such group.
std::string Group(std::span<const ResourceType> types, std::string_view group);
// /api/v1 and /apis/GROUP/VERSION; "" where it is not served.
std::string ResourceList(std::span<const ResourceType> types,
                         std::string_view group, std::string_view version);
// "v1", "apps/v1".
std::string GroupVersion(std::string_view group, std::string_view version);

}  // namespace gatehouse::sample
