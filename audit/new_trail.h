// SPDX-License-Identifier: Apache-2.0
#pragma once
// A new trail's database: a copy of what is built in (trail_image.h), written
// under another name, brought to the disk and then given its own. So a power
// cut leaves no trail or all of one, and a start waits for one sync, where
// SQLite would need seven to get as far inside of the file.

#include <string>
#include <vector>

#include "policy/result.h"

namespace gatehouse::audit {

// Makes the empty file `path` a trail with an id of its own; leaves any other
// file as it is. Under the writer lock, and while nothing has the file open.
// The folder's entry reaches the disk before anything is promised
// (trail_sync.h).
//
// What is left of a trail that was here before gets another name, as it may be
// all that tells of its records: a log that holds some, and the head file. The
// sentences say so, one for each.
Result<std::vector<std::string>> FillNewTrail(const std::string& path);

}  // namespace gatehouse::audit
