// SPDX-License-Identifier: Apache-2.0
#pragma once
// The structure of a text of lines: YAML as Kubernetes' own printers write it
// (block style, one document or many, wherever it stands among other lines),
// and the "Name:  value" lines of `describe`. It reads any text and fails on
// none: what is no such line is prose. It never builds a document: a strict
// YAML reader would refuse whole answers for one odd line of them.
//
// Flow collections are read as JSON where they are; else they are one scalar
// (kFlow). Anchors and tags are stepped over. JSON among words, as after "Found
// one:" or between fences, is a part of its own, too.

#include "audit/text_tree.h"

namespace gatehouse::audit {

// Node 0 is a list of the documents and of the prose between them. No nodes at
// all where 300 maps and lists stand in one another below it, or the text is
// longer than kMaxTreeBytes. The time it takes grows as the text does.
TextTree ReadLineTree(std::string_view text);

}  // namespace gatehouse::audit
