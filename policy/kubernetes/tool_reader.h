// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads one entry of a profile's `tools`, `prompts`, `resources` or
// `completions`; the file around it is profile_reader's business.

#include <string>
#include <vector>

#include "policy/document.h"
#include "policy/issue.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {

// `given`: arguments that need no line of their own, texts: the variables of a
// URI. All faults are added to `issues`.
ToolSpec ReadTool(const YamlNode& node, const std::vector<std::string>& given,
                  const SourceText& source, Issues& issues);

}  // namespace gatehouse
