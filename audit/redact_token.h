// SPDX-License-Identifier: Apache-2.0
#pragma once
// A token's format in bytes of a line of JSON that is not whole yet: what the
// gate (secret_gate.h) has found the literal of, "://" say, is looked at before
// an answer is broken off for it. Pure; errs towards yes.

#include <cstddef>
#include <string_view>

#include "audit/redact_rules.h"

namespace gatehouse::audit {

// Longer than anything that is looked for in one go.
inline constexpr std::size_t kLookBytes = 1024;
// As long as an escape may be that ends before it: \UXXXXXXXX of YAML.
inline constexpr std::size_t kBytesBefore = 10;
// Of a line that passes on piece by piece, so many bytes wait for the next
// piece, with which they are looked at again: with those that stand before the
// first place that counts.
inline constexpr std::size_t kKeptBytes = kLookBytes + kBytesBefore;

// Whether masking may change the line for the literal of `format` at `at`. Of
// what may still come to stand behind the last of these bytes nothing is said:
// it is kept for the next look. What begins with the first `kBytesBefore` was
// in the last one.
bool MayBeToken(const TokenFormat& format, std::string_view bytes,
                std::size_t at);

}  // namespace gatehouse::audit
