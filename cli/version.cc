// SPDX-License-Identifier: Apache-2.0
#include "cli/version.h"

#include "audit/sqlite_database.h"

namespace gatehouse::cli {

std::string_view Version() { return GATEHOUSE_VERSION; }

std::string VersionText() {
  std::string text = "gatehouse ";
  text += Version();
  text += "\ncommit   " GATEHOUSE_COMMIT;
  text += "\nsqlite   " + std::string(audit::SqliteVersion());
  text +=
      "\nmcp      2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25, 2026-07-28";
  return text;
}

}  // namespace gatehouse::cli
