// SPDX-License-Identifier: Apache-2.0
#include "audit/anchor_set.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <utility>

#include "audit/trail_files.h"
#include "audit/utc_time.h"

namespace gatehouse::audit {
namespace {

constexpr Sequence kNoneAwaited = std::numeric_limits<Sequence>::max();

bool IsSignedByOneOf(const Anchor& anchor,
                     const std::vector<Ed25519Key>& keys) {
  return std::ranges::any_of(keys, [&anchor](const Ed25519Key& key) {
    return key.id() == anchor.key_id &&
           key.Verify(AnchorText(anchor), anchor.signature);
  });
}

std::string Line(std::uint64_t line) {
  return "line " + std::to_string(line) + " of the anchor file";
}

}  // namespace

Result<AnchorSet> AnchorSet::Read(const std::string& path,
                                  const std::vector<Ed25519Key>& keys) {
  errno = 0;
  std::ifstream file(path);
  if (!file) return SystemError("read the anchors", path);
  AnchorSet set;
  set.keyed_ = !keys.empty();
  std::uint64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    ReadAnchorLine read = ParseAnchor(line);
    if (read.kind == AnchorLine::kOther) {
      set.other_lines_ += line.empty() ? 0 : 1;
    } else if (read.kind == AnchorLine::kBroken) {
      if (set.broken_line_ == 0) set.broken_line_ = number;
    } else {
      const bool trusted = keys.empty() || IsSignedByOneOf(read.anchor, keys);
      set.entries_.push_back({std::move(read.anchor), number, trusted, false});
    }
  }
  if (file.bad()) return SystemError("read the anchors", path);
  return set;
}

void AnchorSet::Begin(std::string_view chain) {
  ours_.clear();
  for (Entry& entry : entries_) {
    entry.fits = entry.pruned = false;
    if (entry.anchor.head.chain == chain) ours_.push_back(&entry);
  }
  std::ranges::stable_sort(
      ours_, {}, [](const Entry* entry) { return entry->anchor.head.seq; });
  next_ = 0;
  AwaitNext();
  Note(0, EmptyChain(chain).hash);
}

void AnchorSet::Skip(const ChainHead& pruned) {
  const auto kept = std::ranges::find_if(ours_, [&pruned](const Entry* entry) {
    return entry->anchor.head.seq >= pruned.seq;
  });
  for (auto gone = ours_.begin(); gone != kept; ++gone) {
    (*gone)->pruned = true;
    (*gone)->fits = false;  // also of the empty chain
  }
  next_ = static_cast<std::size_t>(kept - ours_.begin());
  AwaitNext();
  Note(pruned.seq, pruned.hash);
}

void AnchorSet::AwaitNext() {
  awaited_ =
      next_ < ours_.size() ? ours_[next_]->anchor.head.seq : kNoneAwaited;
}

void AnchorSet::Compare(Sequence seq, std::string_view hash) {
  while (next_ < ours_.size() && ours_[next_]->anchor.head.seq == seq) {
    ours_[next_]->fits = ours_[next_]->anchor.head.hash == hash;
    ++next_;
  }
  AwaitNext();
}

const AnchorSet::Entry* AnchorSet::LastFitting() const {
  const Entry* last = nullptr;
  for (const Entry* entry : ours_) {
    if (entry->trusted && entry->fits) last = entry;
  }
  return last;
}

// What the anchors that count say of the records. True: a fault.
bool AnchorSet::JudgeChain(Sequence last, AnchorReport& report) const {
  for (const Entry* entry : ours_) {
    const Sequence seq = entry->anchor.head.seq;
    if (!entry->trusted || entry->fits || entry->pruned) continue;
    if (seq <= report.covered) continue;
    const std::string when = FormatUtc(entry->anchor.time_ns);
    const std::string or_else =
        keyed_ ? "" : ", or " + Line(entry->line) + " was edited";
    report.line = entry->line;
    if (seq > last) {
      report.fault = AnchorFault::kTruncated;
      report.first_bad = last + 1;
      report.sentence = "the newest records are missing: the anchor of ";
      report.sentence += when + " counts " + std::to_string(seq);
    } else {
      report.fault = AnchorFault::kRebuilt;
      report.first_bad = report.covered + 1;
      report.sentence = "records " + std::to_string(report.covered + 1) +
                        " to " + std::to_string(seq);
      report.sentence += " are not those that the anchor of " + when;
      report.sentence += " vouches for: the chain was rebuilt";
    }
    report.sentence += or_else;
    return true;
  }
  return false;
}

// What is wrong with the file itself.
bool AnchorSet::JudgeFile(Sequence last, AnchorReport& report) const {
  const auto fail = [&report](AnchorFault fault, std::uint64_t line,
                              std::string sentence) {
    report.fault = fault;
    report.line = line;
    report.sentence = std::move(sentence);
    return true;
  };
  std::vector<const Entry*> by_line(ours_.begin(), ours_.end());
  std::ranges::sort(by_line, {}, &Entry::line);
  for (const Entry* entry : by_line) {
    if (entry->trusted) continue;
    return fail(
        AnchorFault::kSignature, entry->line,
        Line(entry->line) + (entry->anchor.key_id.empty()
                                 ? " bears no signature"
                                 : " is not signed by a key that was given"));
  }
  for (const Entry* entry : by_line) {
    if (entry->fits || entry->pruned) continue;
    return fail(AnchorFault::kEdited, entry->line,
                Line(entry->line) +
                    " was edited: a later anchor fits the records that it "
                    "does not fit");
  }
  if (broken_line_ > 0) {
    return fail(AnchorFault::kEdited, broken_line_,
                Line(broken_line_) + " is not a whole anchor");
  }
  // An anchor of the empty chain vouches for none of its records.
  const Entry* const fitting = LastFitting();
  const bool any = fitting != nullptr && fitting->anchor.head.seq > 0;
  if (any || (fitting != nullptr && last == 0)) return false;
  return fail(AnchorFault::kUnanchored, 0,
              ours_.empty()
                  ? "no anchor of the file is of this chain: nothing vouches "
                    "for it"
                  : "the anchors of this chain vouch for no record that is "
                    "kept");
}

AnchorReport AnchorSet::Judge(Sequence last, bool whole) const {
  AnchorReport report;
  report.count = ours_.size();
  report.other_chains = entries_.size() - ours_.size();
  report.other_lines = other_lines_;
  for (const Entry* entry : ours_) {
    report.fitting += entry->fits ? 1 : 0;
    report.pruned += entry->pruned ? 1 : 0;
    report.unchecked += !keyed_ && !entry->anchor.key_id.empty() ? 1 : 0;
  }
  if (const Entry* fitting = LastFitting()) {
    report.covered = fitting->anchor.head.seq;
    report.covered_ns = fitting->anchor.time_ns;
  }
  // A chain that is broken by itself is not judged any further.
  if (whole && !JudgeChain(last, report)) (void)JudgeFile(last, report);
  return report;
}

}  // namespace gatehouse::audit
