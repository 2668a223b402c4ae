// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes down that the trail was read: one event, by a writer that opens,
// commits and closes, under the writer lock like every other. The only thing
// the reading commands write.

#include <string>

#include "audit/record.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Appends `record` to the trail at `path`. Changes nothing else: an older
// trail is not brought up to date (kUnsupported), a trail of another user or
// one that may not be written is left alone (kPermission).
Status RecordRead(const std::string& path, const Record& record);

}  // namespace gatehouse::audit
