// SPDX-License-Identifier: Apache-2.0
#pragma once
// The anchors of a file, held against a chain: what `audit verify --anchors`
// asks. An anchor that fits vouches for every record up to its own, so an
// earlier one that does not fit was edited itself; a later one says that the
// chain was rebuilt or cut after the last that fits.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/anchor.h"
#include "audit/signing.h"
#include "policy/result.h"

namespace gatehouse::audit {

enum class AnchorFault : std::uint8_t {
  kNone = 0,
  kRebuilt,     // records after the last anchor that fits are others
  kTruncated,   // an anchor counts more records than there are
  kSignature,   // a line is not signed by a key that was given
  kEdited,      // a line contradicts a later one, or is cut
  kUnanchored,  // no anchor is of this chain
};

struct AnchorReport {
  AnchorFault fault = AnchorFault::kNone;
  Sequence first_bad = 0;  // of the chain; 0 where it is the file's fault
  std::uint64_t line = 0;  // of the file, that says so
  std::string sentence;
  std::uint64_t count = 0;         // anchors of this chain
  std::uint64_t fitting = 0;       // of these
  std::uint64_t pruned = 0;        // of these, for records that were let go
  std::uint64_t other_chains = 0;  // anchors that are not
  std::uint64_t other_lines = 0;   // that are no anchors
  std::uint64_t unchecked = 0;     // whose signature no key was given for
  Sequence covered = 0;            // the newest record that one vouches for
  std::int64_t covered_ns = 0;     // when that anchor was made
};

// A value. One thread.
class AnchorSet {
 public:
  // With keys, an anchor counts only where one of them signed it.
  static Result<AnchorSet> Read(const std::string& path,
                                const std::vector<Ed25519Key>& keys);

  // Before a walk over `chain`; then Note for each of its good records in
  // order of seq.
  void Begin(std::string_view chain);
  // Then, where the records up to `pruned` were let go: what vouches for
  // earlier ones cannot be compared any more, and says nothing for or against.
  void Skip(const ChainHead& pruned);
  void Note(Sequence seq, std::string_view hash) {
    if (seq == awaited_) Compare(seq, hash);
  }
  // After it. `last`: the chain's last good record; `whole`: all of the chain
  // was good up to its head.
  AnchorReport Judge(Sequence last, bool whole) const;

 private:
  struct Entry {
    Anchor anchor;
    std::uint64_t line = 0;
    bool trusted = true;
    bool fits = false;
    bool pruned = false;  // its record is gone
  };
  void Compare(Sequence seq, std::string_view hash);
  void AwaitNext();
  const Entry* LastFitting() const;
  bool JudgeChain(Sequence last, AnchorReport& report) const;
  bool JudgeFile(Sequence last, AnchorReport& report) const;

  std::vector<Entry> entries_;
  std::uint64_t broken_line_ = 0;  // the first; 0: none
  std::uint64_t other_lines_ = 0;
  bool keyed_ = false;
  // Of the walk: this chain's, by seq.
  std::vector<Entry*> ours_;
  std::size_t next_ = 0;
  Sequence awaited_ = 0;
};

}  // namespace gatehouse::audit
