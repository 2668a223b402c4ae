// SPDX-License-Identifier: Apache-2.0
#include "tests/support/power_cut.h"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace gatehouse::testing {
namespace {

constexpr std::size_t kSector = 512;

// One file's bytes, and those that may not have reached the disk; and its name,
// which may not have, or may still lead to a file that was deleted.
class DiskFile {
 public:
  void Apply(const DiskEntry& entry) {
    switch (entry.kind) {
      case DiskEntry::Kind::kSync:
        for (const DiskEntry& waiting : waiting_) Put(waiting);
        waiting_.clear();
        break;
      case DiskEntry::Kind::kDelete:
        if (named_) deleted_ = std::move(bytes_);
        there_ = named_ = false;
        bytes_.clear();
        waiting_.clear();
        break;
      case DiskEntry::Kind::kFound:
        there_ = true;
        bytes_ = entry.bytes;
        waiting_.clear();
        break;
      case DiskEntry::Kind::kWrite:
      case DiskEntry::Kind::kTruncate:
        there_ = true;
        waiting_.push_back(entry);
        break;
      case DiskEntry::Kind::kNames:
        named_ = there_;
        deleted_.reset();
    }
  }

  // Nothing: there is no such file.
  std::optional<std::string> AfterCut(Cut cut, std::mt19937_64& random) {
    const bool is_settled = named_ || (!there_ && !deleted_);
    const bool arrives = cut == Cut::kAll || is_settled ||
                         (cut != Cut::kNothing && random() % 2 == 0);
    if (!arrives) return deleted_;
    if (!there_) return std::nullopt;
    return Content(cut, random);
  }

 private:
  std::string Content(Cut cut, std::mt19937_64& random) {
    for (const DiskEntry& entry : waiting_) {
      if (cut == Cut::kNothing) break;
      if (cut == Cut::kAll || entry.kind == DiskEntry::Kind::kTruncate) {
        if (cut == Cut::kAll || random() % 2 == 0) Put(entry);
        continue;
      }
      PutSectors(entry, cut, random);
    }
    return bytes_;
  }

  void Put(const DiskEntry& entry) {
    const auto at = static_cast<std::size_t>(entry.offset);
    if (entry.kind == DiskEntry::Kind::kTruncate) {
      bytes_.resize(std::min(at, bytes_.size()));
      return;
    }
    bytes_.resize(std::max(bytes_.size(), at + entry.bytes.size()));
    bytes_.replace(at, entry.bytes.size(), entry.bytes);
  }

  // Later writes of a sector do not care whether earlier ones arrived, so any
  // order is among the outcomes.
  void PutSectors(const DiskEntry& entry, Cut cut, std::mt19937_64& random) {
    const auto start = static_cast<std::size_t>(entry.offset);
    std::size_t done = 0;
    while (done < entry.bytes.size()) {
      const std::size_t room = kSector - (start + done) % kSector;
      std::string piece = entry.bytes.substr(done, room);
      done += piece.size();
      const std::size_t offset = start + done - piece.size();
      const auto fate = random() % (cut == Cut::kTorn ? 8 : 2);
      if (fate % 2 == 0 && fate < 6) continue;
      if (fate == 6) piece.resize(piece.size() / 2);
      if (fate == 7) {
        for (char& byte : piece) byte = static_cast<char>(random());
      }
      Put({DiskEntry::Kind::kWrite, entry.file,
           static_cast<std::int64_t>(offset), piece});
    }
  }

  bool there_ = false;
  bool named_ = false;  // on the disk
  std::optional<std::string> deleted_;
  std::string bytes_;
  std::vector<DiskEntry> waiting_;
};

}  // namespace

std::map<std::string, std::string> DiskAfterCut(std::span<const DiskEntry> log,
                                                Cut cut, std::uint64_t seed) {
  std::map<std::string, DiskFile> files;
  for (const DiskEntry& entry : log) {
    if (entry.kind != DiskEntry::Kind::kNames) {
      files[entry.file].Apply(entry);
      continue;
    }
    for (auto& [name, file] : files) file.Apply(entry);
  }
  std::mt19937_64 random(seed);
  std::map<std::string, std::string> disk;
  for (auto& [name, file] : files) {
    std::optional<std::string> left = file.AfterCut(cut, random);
    if (left) disk[name] = std::move(*left);
  }
  return disk;
}

}  // namespace gatehouse::testing
