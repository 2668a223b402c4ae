// SPDX-License-Identifier: Apache-2.0
#pragma once
// The door to libyaml: a YAML text as one event after the other, each with its
// place in the text. libyaml, because the servers behind the guard read YAML
// with it or with ports of it (Go's and Python's readers are), so that what it
// refuses they refuse, too; and because it reads ten times faster than a
// reader of C++ streams, which every start and every manifest waits for.
//
// Reads on demand and looks at most 1024 characters ahead, so whoever stops
// pulling at a limit has bounded memory and time as well.

#include <cstddef>
#include <memory>
#include <string_view>

#include "policy/issue.h"

namespace gatehouse {

struct YamlEvent {
  enum class Kind {
    kFault = 0,     // not YAML; `value` says why. Nothing comes after it
    kTrailingText,  // a fault too: text after the end of a document
    kEnd,           // of the text
    kScalar,
    kAlias,
    kListStart,
    kListEnd,
    kMapStart,
    kMapEnd,
  };
  Kind kind = Kind::kFault;
  std::size_t at = 0;  // bytes into the text: of its first character, or of
                       // its anchor or tag where it has one
  Position position;   // the same, as line and column; length 0
  // kScalar: the value, escapes resolved; valid until the next event.
  std::string_view value;
  bool plain = false;  // kScalar: neither quoted nor a block
};

// Borrows the text, which is UTF-8 without what policy/yaml_text refuses. One
// thread. Never throws, but for lack of memory.
class YamlEvents {
 public:
  explicit YamlEvents(std::string_view text);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  // Not to be called again after kFault, kTrailingText or kEnd.
  YamlEvent Next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse
