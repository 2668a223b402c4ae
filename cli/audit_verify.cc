// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit verify`: recomputes the hash chain. Exit 0 with count and
// head hash, exit 1 with the first bad record and what is wrong with it.
#include <iostream>
#include <memory>
#include <optional>

#include "audit/anchor_set.h"
#include "audit/trail_files.h"
#include "audit/utc_time.h"
#include "audit/verify.h"
#include "cli/audit.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/text_style.h"
#include "cli/trail_reading.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kLimit =
    "Without an anchor off this host, whoever owns the user id can rebuild the "
    "chain.";

struct VerifyCommand {
  std::string database;
  std::string anchors;
  std::vector<std::string> keys;
  std::string format = "text";
  std::string spoken;
};

std::string NameOf(audit::AnchorFault fault) {
  switch (fault) {
    case audit::AnchorFault::kNone:
      return "none";
    case audit::AnchorFault::kRebuilt:
      return "rebuilt";
    case audit::AnchorFault::kTruncated:
      return "truncated";
    case audit::AnchorFault::kSignature:
      return "signature";
    case audit::AnchorFault::kEdited:
      return "edited";
    case audit::AnchorFault::kUnanchored:
      return "unanchored";
  }
  return "none";
}

void WriteAnchors(const audit::AnchorReport& anchors, JsonWriter& out) {
  const bool covers = anchors.covered_ns != 0;
  out.BeginObject();
  out.Key("fault").String(NameOf(anchors.fault));
  out.Key("line");
  if (anchors.line == 0) {
    out.Null();
  } else {
    out.Unsigned(anchors.line);
  }
  out.Key("count").Unsigned(anchors.count);
  out.Key("fitting").Unsigned(anchors.fitting);
  out.Key("pruned").Unsigned(anchors.pruned);
  out.Key("other_chains").Unsigned(anchors.other_chains);
  out.Key("other_lines").Unsigned(anchors.other_lines);
  out.Key("unchecked_signatures").Unsigned(anchors.unchecked);
  out.Key("covered").Unsigned(anchors.covered);
  out.Key("covered_time")
      .Optional(covers ? std::optional(audit::FormatUtc(anchors.covered_ns))
                       : std::nullopt);
  out.EndObject();
}

void PrintJson(const audit::VerifyReport& report) {
  JsonWriter out;
  out.BeginObject();
  out.Key("ok").Bool(report.good());
  out.Key("count").Unsigned(report.count);
  out.Key("erased").Unsigned(report.erased);
  out.Key("pruned").Unsigned(report.pruned);
  out.Key("chain").String(report.chain);
  out.Key("head_hash").String(report.head_hash);
  out.Key("head_file").Bool(report.head_file);
  out.Key("first_bad");
  if (report.first_bad == 0) {
    out.Null();
  } else {
    out.Integer(static_cast<std::int64_t>(report.first_bad));
  }
  out.Key("fault").Optional(
      report.good()
          ? std::nullopt
          : std::optional<std::string>(audit::ChainFaultName(report.fault)));
  out.Key("sentence")
      .Optional(report.good() ? std::nullopt
                              : std::optional<std::string>(report.sentence));
  out.Key("anchors");
  if (report.anchors) {
    WriteAnchors(*report.anchors, out);
  } else {
    out.Null();
  }
  out.EndObject();
  std::cout << out.text() << "\n";
}

void PrintBroken(const audit::VerifyReport& report) {
  std::cout << Styled(Style::kBad, "broken") << ": "
            << audit::ChainFaultName(report.fault);
  if (report.first_bad != 0) {
    std::cout << " at record " << static_cast<std::int64_t>(report.first_bad);
  }
  std::cout << ": " << Printable(report.sentence) << "\n";
  if (report.first_bad != 0 && report.fault != audit::ChainFault::kRebuilt) {
    std::cout << report.count << " records before it are good; the last one's "
              << "hash is " << report.head_hash << "\n";
  }
  if (report.anchors && report.anchors->covered > 0) {
    std::cout << "records " << report.pruned + 1 << " to "
              << report.anchors->covered << " are what the anchor of "
              << audit::FormatUtc(report.anchors->covered_ns)
              << " vouches for\n";
  }
}

void PrintAnchors(const audit::VerifyReport& report) {
  const audit::AnchorReport& anchors = *report.anchors;
  const bool one = anchors.fitting == 1;
  std::cout << anchors.fitting << (one ? " anchor vouches" : " anchors vouch")
            << " for records " << report.pruned + 1 << " to " << anchors.covered
            << ", as of " << audit::FormatUtc(anchors.covered_ns) << "\n";
  if (anchors.unchecked > 0) {
    std::cout << anchors.unchecked
              << " of them are signed; --key checks by whom\n";
  }
  if (anchors.pruned > 0) {
    std::cout << anchors.pruned << " more are of records that were pruned\n";
  }
  if (anchors.other_chains > 0) {
    std::cout << anchors.other_chains << " more are of other trails\n";
  }
}

void PrintText(const audit::VerifyReport& report) {
  if (!report.good()) {
    PrintBroken(report);
    return;
  }
  std::cout << Styled(Style::kGood, "ok") << ": " << report.count
            << (report.count == 1 ? " record" : " records")
            << ", each what was written\n"
            << "chain " << report.chain << "\nhead  " << report.head_hash
            << "\n";
  if (report.pruned > 0) {
    std::cout << report.pruned
              << " before them were pruned, as a record says\n";
  }
  if (report.erased > 0) {
    std::cout << report.erased << " of them have no payload any more\n";
  }
  if (!report.head_file) {
    std::cout << "There is no head file beside the database to compare with.\n";
  }
  if (report.anchors) {
    PrintAnchors(report);
  } else {
    std::cout << kLimit << "\n";
  }
}

Result<std::optional<audit::AnchorSet>> ReadAnchors(
    const VerifyCommand& options) {
  std::vector<audit::Ed25519Key> keys;
  for (const std::string& path : options.keys) {
    auto key = audit::Ed25519Key::ReadPublic(path);
    if (!key.ok()) return key.error();
    keys.push_back(std::move(key).value());
  }
  if (options.anchors.empty()) return std::optional<audit::AnchorSet>();
  auto set = audit::AnchorSet::Read(options.anchors, keys);
  if (!set.ok()) return set.error();
  return std::optional(std::move(set).value());
}

Result<audit::VerifyReport> Recompute(
    audit::Reader& reader, std::optional<audit::AnchorSet>& anchors) {
  Progress progress("verifying");
  audit::VerifyOptions options;
  options.anchors = anchors ? &*anchors : nullptr;
  options.progress = [&progress](std::uint64_t done, std::uint64_t all) {
    progress.Show(done, all);
  };
  return audit::Verify(reader, options);
}

int Verify(const VerifyCommand& options) {
  auto anchors = ReadAnchors(options);
  if (!anchors.ok()) return FailedToRead(anchors.error());
  const auto reader = OpenTrail(options.database);
  if (!reader.ok()) {
    // A chain is broken only where there was one.
    return audit::WasTrail(TrailPath(options.database))
               ? FailedOrNo(reader.error(), ErrorCode::kCorrupt)
               : FailedToRead(reader.error());
  }
  const auto report = Recompute(*reader.value(), anchors.value());
  if (!report.ok()) return FailedOrNo(report.error(), ErrorCode::kCorrupt);
  if (options.format == "json") {
    PrintJson(report.value());
  } else {
    PrintText(report.value());
  }
  // What is broken stays as it was found.
  if (report.value().good()) RecordReading(options.database, options.spoken);
  return report.value().good() ? kExitDone : kExitNo;
}

}  // namespace

void AddAuditVerify(Command audit) {
  const Command command = audit.AddCommand(
      "verify",
      "Recompute the hash chain: exit 0 with the count and the head hash, or "
      "exit 1 with the first bad record and what is wrong with it (edit, gap, "
      "reorder, truncation; with anchors: rebuilt, anchor, unanchored)");
  command.Footer(kLimit);
  auto options = std::make_shared<VerifyCommand>();
  AddDatabaseOption(command, options->database);
  const Option anchors =
      command
          .Add("--anchors", options->anchors,
               "Anchors to compare with: a file of `audit anchor` or "
               "`run --anchor`, or lines of a log that hold them")
          .Word("FILE");
  command
      .Add("--key", options->keys,
           "Take only anchors that this public key signed (PEM; may "
           "be given again)")
      .Word("FILE")
      .Needs(anchors);
  command.Add("--format", options->format, "How to print")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.Do([options, command] {
    options->spoken = command.Spoken();
    return Verify(*options);
  });
}

}  // namespace gatehouse::cli
