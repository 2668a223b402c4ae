// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where Gatehouse's own files are when no flag names them: the environment
// first (GATEHOUSE_DB, GATEHOUSE_POLICY), then the XDG folders, then those
// below HOME. Looks at no file.

#include <string>

namespace gatehouse::cli {

// $XDG_STATE_HOME/gatehouse/audit.db, else ~/.local/state/…; "" where there is
// no HOME either.
std::string DefaultDatabase();

// $XDG_CONFIG_HOME/gatehouse/policy.yaml, else ~/.config/…; "" likewise.
std::string DefaultPolicy();

// Where what lives as long as a session is kept: $XDG_RUNTIME_DIR/gatehouse,
// else run/ beside the default database, else /tmp/gatehouse-UID.
std::string RuntimeFolder();

}  // namespace gatehouse::cli
