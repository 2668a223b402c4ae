// SPDX-License-Identifier: Apache-2.0
// Two passes at most: the first stops at the first record that is wrong; only
// then a second asks whether it is another record's content (a reorder), for
// which it must look at all of them.
#include "audit/verify.h"

#include <optional>
#include <utility>

#include "audit/chain.h"
#include "audit/cited_policies.h"
#include "audit/digest.h"
#include "audit/erasures.h"
#include "audit/reader.h"

namespace gatehouse::audit {
namespace {

using Next = Reader::Next;

constexpr std::uint64_t kProgressEvery = 8192;

std::string Name(Sequence seq) { return "record " + std::to_string(seq); }

class Verifier {
 public:
  Verifier(Reader& reader, const ChainHead& head, const ChainHead& start,
           const VerifyOptions& options)
      : reader_(reader),
        options_(options),
        all_(head.seq - start.seq),
        start_(start),
        head_(start),
        before_(start) {
    report_.chain = head.chain;
    report_.pruned = start.seq;
    report_.fault = ChainFault::kNone;
  }

  Result<VerifyReport> Run();

 private:
  Next Visit(const StoredRecord& row);
  bool CheckPlace(const StoredRecord& row);
  bool CheckHash(const StoredRecord& row);
  bool CheckPrevious(const StoredRecord& row);
  void Accept(const StoredRecord& row);
  Status LookForReorder();
  bool IsContentOf(const StoredRecord& other);
  void CompareHeadRow(const ChainHead& row);
  void CompareHeadFile();
  void CompareErasures();
  Status CompareTexts();
  void CompareAnchors();
  bool Fail(ChainFault fault, Sequence seq, std::string sentence);

  Reader& reader_;
  const VerifyOptions& options_;
  std::uint64_t all_;  // records that the head row counts, for the progress
  Sha256 hasher_;
  ChainHead start_;  // what was pruned; seq 0 where nothing was
  Erasures erasures_;
  ChainHead head_;                       // of the records found good
  ChainHead before_;                     // one record earlier
  std::optional<StoredRecord> suspect_;  // edited, or another's content
  std::optional<ChainHead> file_;
  std::string hash_at_file_;  // ours, at the head file's seq
  CitedPolicies cited_;
  VerifyReport report_;
};

bool Verifier::Fail(ChainFault fault, Sequence seq, std::string sentence) {
  report_.fault = fault;
  report_.first_bad = seq;
  report_.sentence = std::move(sentence);
  return false;
}

bool Verifier::CheckPlace(const StoredRecord& row) {
  const Sequence expected = head_.seq + 1;
  if (row.seq == expected) return true;
  // As numbers of SQLite, which are signed: 0 and less can only be inserted.
  if (static_cast<std::int64_t>(row.seq) < 1) {
    return Fail(ChainFault::kEdit, row.seq, "a record was inserted before 1");
  }
  std::string missing = Name(expected);
  if (row.seq > expected + 1) missing += " to " + std::to_string(row.seq - 1);
  return Fail(ChainFault::kGap, expected, missing + " is missing");
}

bool Verifier::CheckHash(const StoredRecord& row) {
  if (RecordHash(hasher_, report_.chain, row) != row.hash) {
    suspect_ = row;
    return Fail(ChainFault::kEdit, row.seq,
                Name(row.seq) + " was changed: its hash does not fit it");
  }
  if (!row.payload ||
      PayloadDigest(hasher_, row.salt, *row.payload) == row.digest) {
    return true;
  }
  suspect_ = row;
  return Fail(ChainFault::kEdit, row.seq,
              "the payload of " + Name(row.seq) + " was changed");
}

// The row fits its own hash. If it names another predecessor than the one we
// have, then that one was changed and given a new hash.
bool Verifier::CheckPrevious(const StoredRecord& row) {
  if (row.previous == head_.hash) return true;
  if (row.seq == start_.seq + 1) {
    return Fail(ChainFault::kEdit, row.seq,
                start_.seq == 0
                    ? "record 1 does not start the chain"
                    : Name(row.seq) + " does not follow what was pruned");
  }
  const Sequence seq = row.seq - 1;
  head_ = before_;
  report_.count = seq - 1 - start_.seq;
  return Fail(ChainFault::kEdit, seq,
              Name(seq) + " was changed and its hash written anew: " +
                  Name(row.seq) + " commits to another");
}

void Verifier::Accept(const StoredRecord& row) {
  before_.seq = head_.seq;
  before_.hash = std::move(head_.hash);
  head_.seq = row.seq;
  head_.hash = row.hash;
  report_.count += 1;
  if (!row.payload) report_.erased += 1;
  cited_.Note(row);
  erasures_.Note(row);
  if (file_ && file_->seq == row.seq) hash_at_file_ = row.hash;
  if (options_.anchors != nullptr) options_.anchors->Note(row.seq, row.hash);
  if (options_.progress && report_.count % kProgressEvery == 0) {
    options_.progress(report_.count, all_);
  }
}

Next Verifier::Visit(const StoredRecord& row) {
  if (!CheckPlace(row) || !CheckHash(row) || !CheckPrevious(row)) {
    return Next::kStop;
  }
  Accept(row);
  return Next::kGoOn;
}

// Whether the suspect is the record that was written at `other`'s place: the
// whole row, or its payload alone.
bool Verifier::IsContentOf(const StoredRecord& other) {
  if (other.seq == suspect_->seq) return false;
  StoredRecord moved = *suspect_;
  moved.seq = other.seq;
  if (RecordHash(hasher_, report_.chain, moved) == moved.hash) return true;
  return moved.payload &&
         PayloadDigest(hasher_, moved.salt, *moved.payload) == other.digest;
}

Status Verifier::LookForReorder() {
  const auto walked = reader_.ForEach([this](const StoredRecord& other) {
    if (!IsContentOf(other)) return Next::kGoOn;
    Fail(ChainFault::kReorder, suspect_->seq,
         Name(suspect_->seq) + " holds what was written as " + Name(other.seq));
    return Next::kStop;
  });
  if (!walked.ok()) return walked.error();
  return Done{};
}

void Verifier::CompareHeadRow(const ChainHead& row) {
  if (row.seq > head_.seq) {
    Fail(ChainFault::kTruncation, head_.seq + 1,
         "the newest records are missing: the head row counts " +
             std::to_string(row.seq));
  } else if (row.seq < head_.seq) {
    Fail(ChainFault::kEdit, row.seq + 1,
         "the head row counts " + std::to_string(row.seq) +
             " records only: it was changed, or records were added by hand");
  } else if (row.hash != head_.hash) {
    Fail(ChainFault::kEdit, head_.seq,
         Name(head_.seq) + " is not what the head row commits to");
  }
}

void Verifier::CompareHeadFile() {
  report_.head_file = true;
  if (file_->chain != head_.chain) {
    Fail(ChainFault::kEdit, 1,
         "the head file beside the database belongs to another chain");
  } else if (file_->seq > head_.seq) {
    Fail(ChainFault::kTruncation, head_.seq + 1,
         "the newest records are missing: the head file beside the database "
         "counts " +
             std::to_string(file_->seq));
  } else if (file_->seq != 0 && file_->hash != hash_at_file_) {
    Fail(ChainFault::kEdit, file_->seq,
         Name(file_->seq) +
             " is not what the head file beside the database commits to: the "
             "chain was rebuilt");
  }
}

// Which policy was in force, and what a tool was, is part of the proof: the
// records cite both by their hash.
Status Verifier::CompareTexts() {
  Status walked = reader_.ForEachText([this](const Reader::KeptText& text) {
    cited_.Found(text.hash);
    if ("sha256:" + Hex(hasher_.Add(text.text).Finish()) == text.hash) {
      return Next::kGoOn;
    }
    Fail(ChainFault::kText, 0,
         "the text of " + text.what +
             " was replaced: it is not what its hash " + text.hash + " says");
    return Next::kStop;
  });
  const auto missing = cited_.FirstMissing();
  if (walked.ok() && report_.good() && missing) {
    Fail(ChainFault::kText, missing->seq,
         "the text of the policy " + missing->hash + ", which " +
             Name(missing->seq) + " was judged by, is missing");
  }
  return walked;
}

void Verifier::CompareAnchors() {
  report_.anchors = options_.anchors->Judge(head_.seq, report_.good());
  const AnchorReport& anchors = *report_.anchors;
  const auto fault = [&anchors] {
    switch (anchors.fault) {
      case AnchorFault::kNone:
        return ChainFault::kNone;
      case AnchorFault::kRebuilt:
        return ChainFault::kRebuilt;
      case AnchorFault::kTruncated:
        return ChainFault::kTruncation;
      case AnchorFault::kSignature:
      case AnchorFault::kEdited:
        return ChainFault::kAnchor;
      case AnchorFault::kUnanchored:
        return ChainFault::kUnanchored;
    }
    return ChainFault::kUnverified;
  }();
  if (!report_.good() || fault == ChainFault::kNone) return;
  Fail(fault, anchors.first_bad, anchors.sentence);
}

void Verifier::CompareErasures() {
  const std::optional<Erasure> found = erasures_.Unrecorded(start_);
  if (found) Fail(ChainFault::kErased, found->seq, found->sentence);
}

Result<VerifyReport> Verifier::Run() {
  // The file first: the database may grow meanwhile, and must not look cut.
  Result<std::optional<ChainHead>> file = reader_.HeadFile();
  if (!file.ok()) return file.error();
  file_ = std::move(file).value();
  if (options_.anchors != nullptr) {
    options_.anchors->Begin(report_.chain);
    if (start_.seq > 0) options_.anchors->Skip(start_);
  }
  const Result<ChainHead> row = reader_.ForEach(
      [this](const StoredRecord& record) { return Visit(record); });
  if (!row.ok()) return row.error();
  if (suspect_) {
    const Status looked = LookForReorder();
    if (!looked.ok()) return looked.error();
  }
  if (report_.good()) CompareHeadRow(row.value());
  if (report_.good() && file_) CompareHeadFile();
  if (report_.good()) CompareErasures();
  if (report_.good()) {
    const Status texts = CompareTexts();
    if (!texts.ok()) return texts.error();
  }
  if (options_.anchors != nullptr) CompareAnchors();
  report_.head_hash = Hex(head_.hash);
  return report_;
}

}  // namespace

std::string_view ChainFaultName(ChainFault fault) {
  switch (fault) {
    case ChainFault::kUnverified:
      return "unverified";
    case ChainFault::kNone:
      return "none";
    case ChainFault::kEdit:
      return "edit";
    case ChainFault::kGap:
      return "gap";
    case ChainFault::kReorder:
      return "reorder";
    case ChainFault::kTruncation:
      return "truncation";
    case ChainFault::kErased:
      return "erased";
    case ChainFault::kText:
      return "text";
    case ChainFault::kRebuilt:
      return "rebuilt";
    case ChainFault::kAnchor:
      return "anchor";
    case ChainFault::kUnanchored:
      return "unanchored";
  }
  return "unverified";
}

Result<VerifyReport> Verify(Reader& reader, const VerifyOptions& options) {
  const Result<ChainHead> head = reader.HeadRow();
  if (!head.ok()) return head.error();
  const Result<ChainHead> start = reader.Before();
  if (!start.ok()) return start.error();
  return Verifier(reader, head.value(), start.value(), options).Run();
}

}  // namespace gatehouse::audit
