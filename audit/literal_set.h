// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many texts, and where in another one of them stands: one walk whatever their
// number. What seen_values and secret_gate look for values with that were seen.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gatehouse::audit {

// Owns its texts. One thread. Cannot fail.
class LiteralSet {
 public:
  static constexpr std::size_t kShortest = 4;

  // At least kShortest bytes; what is shorter is never found.
  void Add(std::string_view literal);
  std::size_t size() const { return literals_.size(); }

  // The first place at or after `from`, and the longest text there; npos where
  // there is none.
  struct Found {
    std::size_t begin = std::string_view::npos;
    std::size_t end = std::string_view::npos;
  };
  Found Find(std::string_view text, std::size_t from) const;

 private:
  std::vector<std::string> literals_;
  // By their first four bytes: where they may begin, and which do.
  std::vector<std::uint64_t> bits_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> starts_;
};

}  // namespace gatehouse::audit
