// SPDX-License-Identifier: Apache-2.0
#pragma once
// A thin owner of one SQLite connection and its statements: result codes
// become Status, nothing throws. Knows nothing of trails. Who may open what,
// and under which lock, is the business of sqlite_sink and reader.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "policy/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace gatehouse::audit {

// Owns a prepared statement, or one that is compiled when it is first bound or
// stepped: then a fault of its SQL is Step's. Must not outlive its Database.
// Text and blobs are borrowed from Bind until Reset or the next Bind of that
// index.
class Statement {
 public:
  Statement() = default;

  Statement& BindText(int index, std::string_view text);
  Statement& BindBlob(int index, std::string_view bytes);
  Statement& BindInteger(int index, std::int64_t number);

  enum class Stepped { kDone = 0, kRow };
  Result<Stepped> Step();
  // Step to the end and Reset: for statements that return no rows.
  Status Run();
  void Reset();

  // Columns count from 0; NULL reads as 0 and "". Views live until the next
  // Step or Reset.
  bool IsNull(int column) const;
  std::int64_t Integer(int column) const;
  std::string_view Text(int column) const;
  std::string_view Blob(int column) const;

 private:
  friend class Database;
  friend class TrailQuery;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(sqlite3* connection, std::string_view sql)
      : connection_(connection), sql_(sql) {}
  void Compile();

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  sqlite3* connection_ = nullptr;  // of one that is compiled later
  std::string_view sql_;
  // Why it was not; until Reset, so that none runs without what was bound.
  std::optional<Error> fault_;
};

// Steps to the end and resets: `visit` sees each row as the statement.
template <typename Visit>
Status ForEachRow(Statement& statement, const Visit& visit) {
  while (true) {
    const Result<Statement::Stepped> stepped = statement.Step();
    if (stepped.ok() && stepped.value() == Statement::Stepped::kRow) {
      visit(static_cast<const Statement&>(statement));
      continue;
    }
    statement.Reset();
    return stepped.ok() ? Status(Done{}) : Status(stepped.error());
  }
}

// Owns the connection. Movable; one thread.
class Database {
 public:
  // kFrozen: read-only, of a file that nobody writes to: on a read-only disk
  // SQLite cannot make what it coordinates with, and need not.
  enum class Access { kReadOnly = 0, kReadWrite, kFrozen };
  // Never creates a file, never follows a symbolic link.
  static Result<Database> Open(const std::string& path, Access access);
  // kFrozen where the file is empty, or the folder may not be written to and no
  // log waits beside it; else kReadOnly.
  static Result<Database> OpenToRead(const std::string& path);
  // An empty one of its own, without a file.
  static Result<Database> OpenInMemory();
  // The bytes of a file that would hold what this one holds.
  Result<std::string> Image();

  // One or more statements without results.
  Status Execute(const char* sql);
  // Kept statements: compiled once for many runs.
  Result<Statement> Prepare(std::string_view sql);
  // One that many sessions never run, and a start should not compile. Borrows
  // the text.
  Statement Later(std::string_view sql);
  // The first column of the first row; 0 where there is none.
  Result<std::int64_t> QueryInteger(std::string_view sql);

  bool InTransaction() const;
  // Whether the last statement failed for want of room.
  bool IsFull() const;
  // Rows changed by the last statement.
  std::int64_t Changes() const;

  // Where the count of pages in the write-ahead log goes after each commit.
  // `pages` must outlive the connection. Replaces automatic checkpoints; the
  // pragma wal_autocheckpoint takes it away again.
  void ReportLogPages(int* pages);
  enum class Checkpoint { kPassive = 0, kTruncate };
  // Whether all of the log is in the database now, and so on the disk: a
  // reader of an older view keeps what came after it in the log, not synced.
  // kBusy where a reader keeps the log from being emptied.
  Result<bool> RunCheckpoint(Checkpoint kind);
  // What is in the write-ahead log is on the disk once this returns, whichever
  // connection wrote it. Something must have been read before.
  Status SyncLog();

 private:
  friend class TrailQuery;  // audit/sqlite_query.h
  struct Closer {
    void operator()(sqlite3* connection) const;
  };
  explicit Database(sqlite3* connection) : connection_(connection) {}
  // What sqlite3_open_v2 made, owned, and configured where `result` is good.
  static Result<Database> Opened(sqlite3* connection, int result);
  Status Configure();

  std::unique_ptr<sqlite3, Closer> connection_;
};

// "3.40.1", of the library that runs.
std::string_view SqliteVersion();

}  // namespace gatehouse::audit
