// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts a JSON value together from the events of a reader, in time that grows
// with the text alone: nlohmann's own builders look each key up among its
// siblings, and each element's list anew, which lets one line keep the guard
// busy for seconds. Built on by ParseJson and by proxy/json_reader; knows no
// limits and no syntax, and refuses nothing but the second of two equal keys.

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "policy/json_value.h"

namespace gatehouse {

// Owns the value until Take. One thread. Events come as a well-formed text has
// them: within an object each Add and Open follows its Key.
class JsonBuilder {
 public:
  JsonBuilder() { levels_.reserve(8); }
  // Open containers point into the value.
  JsonBuilder(const JsonBuilder&) = delete;
  JsonBuilder& operator=(const JsonBuilder&) = delete;

  // Names the value that comes next; false, and the builder unchanged, where
  // the innermost object has a member of that name.
  [[nodiscard]] bool Key(std::string name);
  void Add(JsonValue scalar) { Place(std::move(scalar)); }
  // An empty object or list, filled by what comes until its Close.
  void Open(JsonValue container);
  void Close() { levels_.pop_back(); }

  // How many containers are open.
  std::size_t depth() const { return levels_.size(); }
  // null where nothing was added.
  JsonValue Take() && { return std::move(root_); }

 private:
  struct Level {
    JsonValue* value = nullptr;
    std::set<std::string> keys;  // filled only where there are many
  };

  JsonValue* Place(JsonValue value);

  JsonValue root_;
  std::vector<Level> levels_;
  std::string key_;  // of the value that comes next
};

}  // namespace gatehouse
