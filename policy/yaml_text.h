// SPDX-License-Identifier: Apache-2.0
#pragma once
// What policy/document looks for in the raw text before libyaml reads it:
// the things that its events hide or that other YAML readers take otherwise.
// Knows lines and bytes, nothing of YAML's grammar; so it may refuse a line
// inside a long quoted text that another reader would accept. That is the safe
// side.

#include "policy/document.h"
#include "policy/issue.h"

namespace gatehouse {

// Adds what is wrong; the text may be parsed only where nothing was added.
void CheckYamlText(const SourceText& source, const YamlLimits& limits,
                   Issues& issues);

}  // namespace gatehouse
