// SPDX-License-Identifier: Apache-2.0
#include "cli/trail_reading.h"

#include <unistd.h>

#include <iostream>

#include "audit/digest.h"
#include "audit/redact.h"
#include "audit/trail_read.h"
#include "audit/utc_time.h"
#include "cli/audit.h"
#include "cli/os_user.h"

namespace gatehouse::cli {
namespace {

Status Record(const std::string& database, const std::string& command) {
  audit::Record record;
  record.stage = audit::Stage::kEvent;
  record.event = audit::kTrailRead;
  record.time_ns = audit::NowNanoseconds();
  const OsUser user = CurrentUser();
  record.os_user = user.name;
  record.uid = user.uid;
  record.pid = getpid();
  // A filter or a query may quote a secret that somebody looks for. The key of
  // its tag is forgotten: to open the trail's own one would make it.
  const audit::Redactor redactor(audit::RandomBytes(audit::kDigestBytes), "");
  record.detail = redactor.MaskText(command);
  return audit::RecordRead(database, record);
}

}  // namespace

void RecordReading(const std::string& database, const std::string& command) {
  const Status recorded = Record(TrailPath(database), command);
  if (recorded.ok()) return;
  std::cerr << "gatehouse: this reading was not recorded: "
            << recorded.error().sentence << "\n";
}

}  // namespace gatehouse::cli
