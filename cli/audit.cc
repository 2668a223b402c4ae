// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit …`: reads the trail. Subcommands of later versions are not
// declared: the option parser then says that they are unknown.
#include "cli/audit.h"

#include <iostream>

#include "cli/paths.h"

namespace gatehouse::cli {

void AddDatabaseOption(Command command, std::string& path) {
  command.Add("--db", path,
              "The audit database (default: $GATEHOUSE_DB, else "
              "gatehouse/audit.db in $XDG_STATE_HOME)");
}

std::string TrailPath(const std::string& path) {
  return path.empty() ? DefaultDatabase() : path;
}

Result<std::unique_ptr<audit::Reader>> OpenTrail(const std::string& path) {
  const std::string chosen = TrailPath(path);
  if (chosen.empty()) {
    return Error{ErrorCode::kNotFound,
                 "no place for the audit trail is known: HOME is not set; "
                 "name the database with --db"};
  }
  auto reader = audit::OpenReader(chosen);
  if (reader.ok() || reader.error().code != ErrorCode::kNotFound) {
    return reader;
  }
  return Error{ErrorCode::kNotFound,
               "there is no audit trail at " + chosen +
                   "; `gatehouse run` makes it when a guard first starts, or "
                   "name another with --db"};
}

Result<std::string> FindTrail(const std::string& path) {
  const auto reader = OpenTrail(path);
  if (!reader.ok()) return reader.error();
  return TrailPath(path);
}

int FailedOrNo(const Error& error, ErrorCode no) {
  const int exit_code = FailedToRead(error);
  return error.code == no ? kExitNo : exit_code;
}

int FailedToRead(const Error& error) {
  std::cerr << "gatehouse: " << error.sentence << "\n";
  return kExitEnvironment;
}

int Misused(const Error& error) {
  std::cerr << "gatehouse: " << error.sentence << "\n";
  return kExitMisuse;
}

void AddAudit(Command app) {
  const Command audit = app.AddCommand(
      "audit", "Read the audit trail: what was asked, decided and answered");
  audit.NeedsCommand();
  AddAuditList(audit);
  AddAuditShow(audit);
  AddAuditTail(audit);
  AddAuditStats(audit);
  AddAuditQuery(audit);
  AddAuditPrune(audit);
  AddAuditVerify(audit);
  AddAuditAnchor(audit);
}

}  // namespace gatehouse::cli
