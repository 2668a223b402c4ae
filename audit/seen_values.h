// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was secret once in a session, so that it is secret wherever it comes
// again: in a log, an error, an argument; as it was and in base64. Bounded:
// beyond its limits nothing more is remembered. Not remembered are short
// values, and those of letters, ".", "-" and "_" only: names of services and
// databases stand in Secrets too, and in everything else.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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

  // What `told` was called with.
  const std::vector<std::string>& gates() const { return gates_; }

  // A place in `text` at or after `from`; the longest form there.
  struct Found {
    std::size_t begin = std::string_view::npos;
    std::size_t end = std::string_view::npos;
  };
  Found Find(std::string_view text, std::size_t from) const;

 private:
  void AddWords(std::string_view text,
                const std::function<void(std::string_view)>& told);
  void AddForm(std::string_view form,
               const std::function<void(std::string_view)>& told);

  std::vector<std::string> forms_;
  std::vector<std::string> gates_;
  std::set<std::string, std::less<>> known_;
  std::size_t bytes_ = 0;
  // By their first four bytes.
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> starts_;
  std::array<std::uint64_t, 1024> bits_{};
};

}  // namespace gatehouse::audit
