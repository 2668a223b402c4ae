// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many texts, and where in another one of them stands: one walk whatever their
// number. What seen_values and secret_gate look for values with that were seen.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace gatehouse::audit {

// Owns its texts. One thread. Cannot fail.
class LiteralSet {
 public:
  static constexpr std::size_t kShortest = 4;

  // At least kShortest bytes; what is shorter is never found. False where it is
  // there already, or too short.
  bool Add(std::string_view literal);
  std::size_t size() const { return literals_.size(); }

  // The first place at or after `from`, and the longest text there; npos where
  // there is none.
  struct Found {
    std::size_t begin = std::string_view::npos;
    std::size_t end = std::string_view::npos;
  };
  Found Find(std::string_view text, std::size_t from) const;

 private:
  std::size_t LongestAt(std::string_view text) const;

  std::set<std::string, std::less<>> literals_;
  // What they begin with, four bytes: a bit of a hash of each, and each.
  std::vector<std::uint64_t> bits_;
  std::unordered_set<std::uint32_t> starts_;
  std::size_t longest_ = 0;
};

}  // namespace gatehouse::audit
