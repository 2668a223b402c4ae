// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads of a payload only what counting a trail needs, many times faster than
// the whole of it as a value. It checks nothing: whether payloads are what was
// written is `audit verify`'s question.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::cli {

// One thread; keeps its buffer from one payload to the next.
class PayloadReader {
 public:
  // The payload of a decision or an event without what is its own (its time,
  // ids, arguments, sentence, detail): an object that many calls have in
  // common, member for member as it was written. "" where it is no object.
  // Borrowed until the next call.
  std::string_view Common(std::string_view payload);

  // What an outcome's payload says of the call's end.
  struct End {
    std::string outcome;  // "" where it does not say
    std::optional<std::int64_t> duration_us;
  };
  static End ReadEnd(std::string_view payload);

 private:
  std::string common_;
};

}  // namespace gatehouse::cli
