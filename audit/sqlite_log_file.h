// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a writer's write-ahead log is written. SQLite writes each frame in two
// pieces, its header and its page, and a commit has some four frames: eight
// system calls, where one will do. So this layer over SQLite's own file system
// holds the frames of a transaction until the one that commits it, and writes
// them at once.
//
// SQLite shows a commit to other connections only after it has written the last
// piece of its last frame, and it is that write which brings them all and says
// whether it worked. Until then nobody looks at them but the transaction
// itself, and each other use of the log (a read, a sync, a cut) writes them
// first. So a process that dies, or a disk that fails, leaves what it would
// have left without this: a log that ends before a commit, or after it.

namespace gatehouse::audit {

// The name to open a database by, for sqlite3_open_v2; files that are no logs
// are opened as ever. Lies over what the default is when a file is opened.
// Null where it cannot be had: SQLite then takes the default.
const char* JoinedLogVfs();

}  // namespace gatehouse::audit
