// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit verify`: recomputes the hash chain. Exit 0 with count and
// head hash, exit 1 with the first bad record and what is wrong with it.
#include <iostream>
#include <memory>
#include <optional>

#include "audit/verify.h"
#include "cli/audit.h"
#include "cli/text_style.h"
#include "cli/trail_reading.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kLimit =
    "Without an anchor off this host, whoever owns the user id can rebuild the "
    "chain.";

struct VerifyOptions {
  std::string database;
  std::string format = "text";
  std::string spoken;
};

void PrintJson(const audit::VerifyReport& report) {
  JsonWriter out;
  out.BeginObject();
  out.Key("ok").Bool(report.good());
  out.Key("count").Unsigned(report.count);
  out.Key("erased").Unsigned(report.erased);
  out.Key("chain").String(report.chain);
  out.Key("head_hash").String(report.head_hash);
  out.Key("head_file").Bool(report.head_file);
  out.Key("first_bad");
  if (report.good()) {
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
  out.Key("anchors").Null();
  out.EndObject();
  std::cout << out.text() << "\n";
}

void PrintText(const audit::VerifyReport& report) {
  if (!report.good()) {
    std::cout << Styled(Style::kBad, "broken") << ": "
              << audit::ChainFaultName(report.fault) << " at record "
              << static_cast<std::int64_t>(report.first_bad) << ": "
              << report.sentence << "\n"
              << report.count << " records before it are good; the last one's "
              << "hash is " << report.head_hash << "\n";
    return;
  }
  std::cout << Styled(Style::kGood, "ok") << ": " << report.count
            << (report.count == 1 ? " record" : " records")
            << ", each what was written\n"
            << "chain " << report.chain << "\nhead  " << report.head_hash
            << "\n";
  if (report.erased > 0) {
    std::cout << report.erased << " of them have no payload any more\n";
  }
  if (!report.head_file) {
    std::cout << "There is no head file beside the database to compare with.\n";
  }
  std::cout << kLimit << "\n";
}

int Verify(const VerifyOptions& options) {
  const auto reader = OpenTrail(options.database);
  if (!reader.ok()) {
    const int exit_code = FailedToRead(reader.error());
    return reader.error().code == ErrorCode::kCorrupt ? kExitNo : exit_code;
  }
  const auto report = audit::Verify(*reader.value());
  if (!report.ok()) {
    const int exit_code = FailedToRead(report.error());
    return report.error().code == ErrorCode::kCorrupt ? kExitNo : exit_code;
  }
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

void AddAuditVerify(CLI::App& audit, Action& action) {
  auto* command = audit.add_subcommand(
      "verify",
      "Recompute the hash chain: exit 0 with the count and the head hash, or "
      "exit 1 with the first bad record and what is wrong with it (edit, gap, "
      "reorder, truncation)");
  command->footer(kLimit);
  auto options = std::make_shared<VerifyOptions>();
  AddDatabaseOption(*command, options->database);
  command->add_option("--format", options->format, "How to print")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->callback([&action, options, command] {
    options->spoken = SpokenCommand(*command);
    action = [options] { return Verify(*options); };
  });
}

}  // namespace gatehouse::cli
