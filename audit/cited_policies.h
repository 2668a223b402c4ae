// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which policies the records of a trail name, so that verify can miss the text
// of one. Reads payloads, which are canonical JSON; judges nothing.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "audit/chain.h"

namespace gatehouse::audit {

// A value; one thread. Grows with the number of policies, not of records.
class CitedPolicies {
 public:
  void Note(const StoredRecord& row);
  // Its text is there.
  void Found(std::string_view hash);

  struct Citation {
    std::string hash;
    Sequence seq = 0;  // the first record that names it
  };
  // Of those that were not found, the one that is named first.
  std::optional<Citation> FirstMissing() const;

 private:
  std::map<std::string, Sequence, std::less<>> cited_;
  std::string last_;
};

}  // namespace gatehouse::audit
