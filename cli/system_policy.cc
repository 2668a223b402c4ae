// SPDX-License-Identifier: Apache-2.0
#include "cli/system_policy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "cli/plain_file.h"
#include "proxy/fd.h"

namespace gatehouse::cli {
namespace {

Error Refuse(const std::string& path, const std::string& why) {
  return {ErrorCode::kPermission, "the system policy " + path + " " + why};
}

// "" where nobody but the owner can have written it.
std::string WhyNotBelieved(const struct stat& status, uid_t owner) {
  constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
  if (status.st_uid != owner) {
    return owner == 0 ? "does not belong to root" : "belongs to another user";
  }
  if ((status.st_mode & kOthersWrite) != 0) {
    return "can be written by others; chmod go-w it";
  }
  return "";
}

Status CheckFolder(const std::string& path, uid_t owner) {
  const std::string folder = std::filesystem::path(path).parent_path();
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) {
    return Refuse(path, std::string("cannot be looked at: ") + strerror(errno));
  }
  const std::string why = WhyNotBelieved(status, owner);
  if (!why.empty()) return Refuse(path, "is in a folder that " + why);
  return Done{};
}

// Opened once, and what was opened is what is judged and read.
Result<std::optional<SourceText>> ReadIfThere(const std::string& path,
                                              uid_t owner) {
  const UniqueFd fd(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.open()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::optional<SourceText>();
    }
    if (errno == ELOOP) return Refuse(path, "is a symbolic link");
    return Refuse(path, std::string("cannot be read: ") + strerror(errno));
  }
  struct stat status {};
  if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return Refuse(path, "is no plain file");
  }
  const std::string why = WhyNotBelieved(status, owner);
  if (!why.empty()) return Refuse(path, why);
  const Status folder = CheckFolder(path, owner);
  if (!folder.ok()) return folder.error();
  Result<std::string> text = ReadPlainFile(fd.get());
  if (!text.ok()) return Refuse(path, text.error().sentence);
  return std::optional<SourceText>({path, std::move(text).value()});
}

}  // namespace

Result<std::optional<SourceText>> ReadSystemPolicy(
    const SystemPolicyPlace& place) {
  return ReadIfThere(place.path, place.owner);
}

Result<SourceText> ReadSystemFile(const std::string& path, uid_t owner) {
  auto text = ReadIfThere(path, owner);
  if (!text.ok()) return text.error();
  if (!text.value()) {
    return Error{ErrorCode::kNotFound, "there is no policy file " + path};
  }
  return *std::move(text).value();
}

}  // namespace gatehouse::cli
