// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of rules/, built into the binary (rules/CMakeLists.txt makes the
// table). Read by the same readers as a user's own files. Constant data.

#include <optional>
#include <span>
#include <string_view>

namespace gatehouse {

struct EmbeddedFile {
  std::string_view path;  // below rules/: "presets/read-only.yaml"
  std::string_view text;
};

std::span<const EmbeddedFile> EmbeddedFiles();
// nullopt where there is no such file.
std::optional<std::string_view> EmbeddedText(std::string_view path);

}  // namespace gatehouse
