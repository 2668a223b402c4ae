// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was secret once in a session, so that it is secret wherever it comes
// again: in a log, an error, an argument; as it was and in base64. Bounded:
// beyond its limits nothing more is remembered. Not remembered are short
// values, and those of letters, ".", "-" and "_" only: names of services and
// databases stand in Secrets too, and in everything else.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "audit/literal_set.h"

namespace gatehouse::audit {

// One thread.
class SeenValues {
 public:
  // A value as it stands in an answer; and what it says, where it is base64.
  // `told`: called for some bytes of each form that is new, none of which JSON
  // escapes, for a gate that looks for them in raw lines.
  void Add(std::string_view value,
           const std::function<void(std::string_view)>& told);

  // How many forms are remembered.
  std::size_t size() const { return forms_.size(); }
  // Nothing more will be.
  bool IsFull() const;

  // What `told` was called with.
  const std::vector<std::string>& gates() const { return gates_; }

  // A place in `text` at or after `from`; the longest form there.
  using Found = LiteralSet::Found;
  Found Find(std::string_view text, std::size_t from) const {
    return forms_.Find(text, from);
  }

 private:
  void AddWords(std::string_view text,
                const std::function<void(std::string_view)>& told);
  void AddForm(std::string_view form,
               const std::function<void(std::string_view)>& told);

  bool IsNew(std::string_view value);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Texts = std::unordered_set<std::string, Hash, std::equal_to<>>;

  LiteralSet forms_;
  std::vector<std::string> gates_;
  std::size_t bytes_ = 0;
  Texts added_;  // values that were taken before, as far as they are kept
  std::size_t added_bytes_ = 0;
};

}  // namespace gatehouse::audit
