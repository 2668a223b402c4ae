// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masks one line of a server, a whole JSON-RPC message: walks what MCP puts
// round the texts and hands the texts to TreeMasker. The envelope, ids and
// MCP's own words stay byte for byte.

#include <string_view>
#include <vector>

#include "audit/answer_facts.h"
#include "audit/redact_tree.h"
#include "audit/text_tree.h"

namespace gatehouse::audit {

// What takes the control characters out of a line's strings and keys, and
// nothing else.
std::vector<Edit> ControlEdits(const TextTree& tree);

// In `tree`, a whole line: the links that it asks a person to open (a URL
// elicitation as a request, under `inputRequests`, or in a -32042 error) become
// nodes that no masking touches.
void LeaveLinks(TextTree& tree);

// Borrows the masker. One line.
class AnswerMasker {
 public:
  AnswerMasker(TreeMasker& masker, const AnswerFacts& facts)
      : masker_(masker), facts_(facts) {}

  // The edits of `tree`, the whole line.
  std::vector<Edit> Run(const TextTree& tree);

 private:
  enum class DataIs : std::uint8_t { kFields = 0, kMedia };
  // Of a member, the map that it stands in: that map's own key, and what
  // stands under the key "data" there.
  struct Around {
    std::string_view key;
    DataIs data = DataIs::kFields;
  };

  void Content(const TextTree& tree, std::uint32_t index,
               std::vector<Edit>& edits);
  void Member(const TextTree& tree, std::uint32_t child, const Around& map,
              std::vector<Edit>& edits);
  void Text(const TextTree& tree, std::uint32_t index,
            const TreeMasker::Place& place, std::vector<Edit>& edits);
  void Plain(const TextTree& tree, std::uint32_t index,
             std::vector<Edit>& edits);
  void Describe(const TextTree& tree, std::uint32_t index,
                std::vector<Edit>& edits);
  void Key(const TextTree& tree, std::uint32_t index, std::vector<Edit>& edits);
  void PlainString(const TextTree& tree, std::uint32_t index,
                   std::vector<Edit>& edits);
  void Blob(const TextTree& tree, std::uint32_t index,
            std::vector<Edit>& edits);

  TreeMasker& masker_;
  const AnswerFacts facts_;
  TreeMasker::Place place_;
};

}  // namespace gatehouse::audit
