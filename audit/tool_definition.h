// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tool's definition as a server gave it, kept so that a later one can be
// compared with it (proxy/catalogue makes and compares them, a Sink keeps
// them). A pure value.

#include <cstddef>
#include <cstdint>
#include <string>

namespace gatehouse::audit {

// Of a longer one only the beginning is kept.
inline constexpr std::size_t kMaxDefinitionBytes = std::size_t{64} * 1024;

struct ToolDefinition {
  std::string server;  // "sha256:…" of the command line that starts it
  std::string tool;
  std::string hash;          // "sha256:…" over `text`, before it was cut
  std::string text;          // canonical JSON, at most 64 KiB of it
  std::int64_t seen_ns = 0;  // when first; UTC, nanoseconds since 1970
  // The first one of its tool, or accepted by a person since.
  bool accepted = false;

  friend bool operator==(const ToolDefinition&,
                         const ToolDefinition&) = default;
};

}  // namespace gatehouse::audit
