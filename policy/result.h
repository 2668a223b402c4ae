// SPDX-License-Identifier: Apache-2.0
#pragma once
// A value, or why there is none. Every fallible function in Gatehouse returns
// one of these; no exception crosses a file. For faults in rule files, which
// are reported many at a time and with positions, see issue.h instead.

#include <string>
#include <utility>
#include <variant>

namespace gatehouse {

// What kind of thing went wrong; the sentence says the rest.
enum class ErrorCode {
  kInvalid = 0,  // the input is not what it must be
  kNotFound,     // a file, program, row or name that is not there
  kPermission,   // it is there, and we may not
  kIo,           // the operating system or the disk said no
  kCorrupt,      // stored data contradicts itself
  kBusy,         // someone else holds it, for too long
  kUnsupported,  // well-formed, and not something this version does
};

struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  std::string sentence;  // one sentence for a person, without a final newline
};

// Holds T or Error. value() on an error aborts: look at ok() first.
// Not thread-safe beyond what T is.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT: implicit by design
  Result(Error error) : state_(std::move(error)) {}  // NOLINT

  bool ok() const { return std::holds_alternative<T>(state_); }
  const T& value() const& { return std::get<T>(state_); }
  T& value() & { return std::get<T>(state_); }
  // By value: `for (x : Read().value())` must not walk a dead temporary.
  T value() && { return std::get<T>(std::move(state_)); }
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

// Success that carries nothing.
struct Done {};
using Status = Result<Done>;

}  // namespace gatehouse
