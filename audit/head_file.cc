// SPDX-License-Identifier: Apache-2.0
#include "audit/head_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kMark = "gatehouse-audit-head";
constexpr std::size_t kMaxLine = 512;
constexpr std::string_view kVersion = "1";

std::vector<std::string_view> HeadWords(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

}  // namespace

std::string FormatHead(const ChainHead& head) {
  char seq[24];
  std::snprintf(seq, sizeof seq, "%020llu",
                static_cast<unsigned long long>(head.seq));
  std::string line(kMark);
  line.append(" ").append(kVersion).append(" ").append(head.chain);
  return line.append(" ").append(seq).append(" ").append(Hex(head.hash)) + "\n";
}

std::optional<ChainHead> ParseHead(std::string_view line) {
  if (!line.ends_with('\n')) return std::nullopt;
  const std::vector<std::string_view> words =
      HeadWords(line.substr(0, line.size() - 1));
  if (words.size() != 5 || words[0] != kMark || words[1] != kVersion) {
    return std::nullopt;
  }
  ChainHead head;
  head.chain = words[2];
  const std::string_view digits = words[3];
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, head.seq);
  std::optional<std::string> hash = Unhex(words[4]);
  if (!hash || hash->size() != kDigestBytes) return std::nullopt;
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  head.hash.assign(*hash);
  return head;
}

Result<std::optional<ChainHead>> ReadHeadFile(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    return std::optional<ChainHead>();
  }
  // A pipe would be waited for, for ever.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return Error{ErrorCode::kCorrupt, path + " is not a head file"};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return SystemError("read", path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // A full disk, or a guard that was killed, leaves it so at its first write;
  // who can empty it can remove it.
  if (text.empty()) return std::optional<ChainHead>();
  std::optional<ChainHead> head = ParseHead(text);
  if (!head) return Error{ErrorCode::kCorrupt, path + " is not a head file"};
  return head;
}

HeadFile::HeadFile(std::string path) : path_(std::move(path)) {}

HeadFile::~HeadFile() { Close(); }

void HeadFile::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Status HeadFile::Open() {
  if (fd_ >= 0) return Done{};
  fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0) return SystemError("open", path_);
  return Done{};
}

Status HeadFile::Advance(const ChainHead& head) {
  Status opened = Open();
  if (!opened.ok()) return opened;
  char line[kMaxLine];
  const ssize_t size = pread(fd_, line, sizeof line, 0);
  if (size > 0) {
    const auto there = ParseHead({line, static_cast<std::size_t>(size)});
    if (there && there->chain == head.chain && there->seq >= head.seq) {
      return Done{};
    }
  }
  return Write(head);
}

Status HeadFile::Write(const ChainHead& head) {
  Status opened = Open();
  if (!opened.ok()) return opened;
  const std::string line = FormatHead(head);
  const ssize_t size = static_cast<ssize_t>(line.size());
  if (pwrite(fd_, line.data(), line.size(), 0) != size) {
    return SystemError("write", path_);
  }
  return Done{};
}

}  // namespace gatehouse::audit
