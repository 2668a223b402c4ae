// SPDX-License-Identifier: Apache-2.0
#include "policy/embedded.h"

namespace gatehouse {
namespace {

EmbeddedFile FileOf(const EmbeddedData& data, const EmbeddedEntry& entry) {
  return {data.texts.substr(entry.path_at, entry.path_size),
          data.texts.substr(entry.text_at, entry.text_size),
          {data.nodes.subspan(entry.node, entry.nodes), data.texts, ""}};
}

}  // namespace

std::vector<EmbeddedFile> EmbeddedFiles() {
  const EmbeddedData data = BuiltIn();
  std::vector<EmbeddedFile> files;
  for (const EmbeddedEntry& entry : data.files) {
    files.push_back(FileOf(data, entry));
  }
  return files;
}

std::optional<EmbeddedFile> FindEmbedded(std::string_view path) {
  const EmbeddedData data = BuiltIn();
  for (const EmbeddedEntry& entry : data.files) {
    const EmbeddedFile file = FileOf(data, entry);
    if (file.path == path) return file;
  }
  return std::nullopt;
}

std::optional<std::string_view> EmbeddedText(std::string_view path) {
  const auto file = FindEmbedded(path);
  if (!file) return std::nullopt;
  return file->text;
}

std::optional<SourceText> EmbeddedSource(std::string_view path) {
  const auto file = FindEmbedded(path);
  if (!file) return std::nullopt;
  return SourceText{"rules/" + std::string(path), std::string(file->text),
                    file->packed};
}

}  // namespace gatehouse
