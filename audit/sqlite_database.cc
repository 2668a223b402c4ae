// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_database.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cctype>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "audit/sqlite_log_file.h"

namespace gatehouse::audit {
namespace {

// Only another program that does not know our lock can make us wait here.
constexpr int kBusyMilliseconds = 1000;

ErrorCode CodeOf(int result) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kBusy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return ErrorCode::kCorrupt;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return ErrorCode::kPermission;
    default:
      return ErrorCode::kIo;
  }
}

Error DatabaseError(sqlite3* connection) {
  const int result = sqlite3_extended_errcode(connection);
  return {CodeOf(result),
          std::string("database: ") + sqlite3_errmsg(connection)};
}

int CountPages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

// Every byte that could mean something in a URI is written in hex.
std::string FrozenUri(const std::string& path) {
  std::string uri = "file:";
  for (const char letter : path) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || std::strchr("/._-", letter) != nullptr) {
      uri += letter;
    } else {
      char hex[4];
      std::snprintf(hex, sizeof hex, "%%%02X", byte);
      uri += hex;
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::Compile() {
  if (statement_ != nullptr || connection_ == nullptr || fault_) return;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(
          connection_, sql_.data(), static_cast<int>(sql_.size()),
          SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    fault_ = DatabaseError(connection_);
  }
  statement_.reset(statement);
}

// A failed bind (too long, no memory) leaves NULL, which no column of a STRICT
// NOT NULL table takes: the insert then fails.
Statement& Statement::BindText(int index, std::string_view text) {
  Compile();
  sqlite3_bind_text64(statement_.get(), index, text.data() ? text.data() : "",
                      text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::BindBlob(int index, std::string_view bytes) {
  Compile();
  sqlite3_bind_blob64(statement_.get(), index, bytes.data(), bytes.size(),
                      SQLITE_STATIC);
  return *this;
}

Statement& Statement::BindInteger(int index, std::int64_t number) {
  Compile();
  sqlite3_bind_int64(statement_.get(), index, number);
  return *this;
}

Result<Statement::Stepped> Statement::Step() {
  Compile();
  if (fault_) return *fault_;
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return Stepped::kRow;
  if (result == SQLITE_DONE) return Stepped::kDone;
  return DatabaseError(sqlite3_db_handle(statement_.get()));
}

Status Statement::Run() {
  const Result<Stepped> stepped = Step();
  Reset();
  if (!stepped.ok()) return stepped.error();
  return Done{};
}

void Statement::Reset() {
  fault_.reset();
  sqlite3_reset(statement_.get());
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::Text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

std::string_view Statement::Blob(int column) const {
  const void* blob = sqlite3_column_blob(statement_.get(), column);
  if (blob == nullptr) return {};
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(blob), static_cast<std::size_t>(size)};
}

void Database::Closer::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

Result<Database> Database::Open(const std::string& path, Access access) {
  const int mode = access == Access::kReadWrite ? SQLITE_OPEN_READWRITE
                                                : SQLITE_OPEN_READONLY;
  const std::string name = access == Access::kFrozen ? FrozenUri(path) : path;
  const int uri = access == Access::kFrozen ? SQLITE_OPEN_URI : 0;
  sqlite3* connection = nullptr;
  const int result =
      sqlite3_open_v2(name.c_str(), &connection,
                      mode | uri | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
                      access == Access::kReadWrite ? JoinedLogVfs() : nullptr);
  return Opened(connection, result);
}

Result<Database> Database::OpenInMemory() {
  sqlite3* connection = nullptr;
  const int result =
      sqlite3_open_v2(":memory:", &connection,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  return Opened(connection, result);
}

Result<Database> Database::Opened(sqlite3* connection, int result) {
  if (connection == nullptr) {
    return Error{ErrorCode::kIo, "database: out of memory"};
  }
  Database database(connection);
  if (result != SQLITE_OK) return DatabaseError(connection);
  const Status configured = database.Configure();
  if (!configured.ok()) return configured.error();
  return database;
}

Result<std::string> Database::Image() {
  sqlite3_int64 size = 0;
  unsigned char* const bytes =
      sqlite3_serialize(connection_.get(), "main", &size, 0);
  if (bytes == nullptr) {
    return Error{ErrorCode::kIo, "database: out of memory"};
  }
  std::string image(reinterpret_cast<const char*>(bytes),
                    static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  return image;
}

Result<Database> Database::OpenToRead(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  // A pipe would be waited for, for ever.
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return Error{ErrorCode::kCorrupt,
                 "database: " + path + " is no plain file"};
  }
  const fs::path folder = fs::path(path).parent_path();
  const bool writable =
      access(folder.empty() ? "." : folder.c_str(), W_OK) == 0;
  const auto log = fs::file_size(path + "-wal", error);
  const bool waits = !error && log > 0;
  // Beside an empty file SQLite deletes the log, where the last records of a
  // database that was emptied may be.
  const auto size = fs::file_size(path, error);
  const bool empty = !error && size == 0;
  return Open(path, !empty && (writable || waits) ? Access::kReadOnly
                                                  : Access::kFrozen);
}

// What a hostile or damaged database file could do to its reader is shut off
// before its first page is read.
Status Database::Configure() {
  sqlite3* const connection = connection_.get();
  sqlite3_extended_result_codes(connection, 1);
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  return Execute(
      "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
      "PRAGMA temp_store=MEMORY;");
}

Status Database::Execute(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) ==
      SQLITE_OK) {
    return Done{};
  }
  return DatabaseError(connection_.get());
}

Result<Statement> Database::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(
          connection_.get(), sql.data(), static_cast<int>(sql.size()),
          SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return DatabaseError(connection_.get());
  }
  return Statement(statement);
}

Statement Database::Later(std::string_view sql) {
  return Statement(connection_.get(), sql);
}

Result<std::int64_t> Database::QueryInteger(std::string_view sql) {
  Result<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.error();
  const Result<Statement::Stepped> stepped = statement.value().Step();
  if (!stepped.ok()) return stepped.error();
  if (stepped.value() == Statement::Stepped::kDone) return std::int64_t{0};
  return statement.value().Integer(0);
}

bool Database::InTransaction() const {
  return sqlite3_get_autocommit(connection_.get()) == 0;
}

bool Database::IsFull() const {
  return (sqlite3_errcode(connection_.get()) & 0xff) == SQLITE_FULL;
}

std::int64_t Database::Changes() const {
  return sqlite3_changes64(connection_.get());
}

void Database::ReportLogPages(int* pages) {
  sqlite3_wal_hook(connection_.get(), CountPages, pages);
}

Result<bool> Database::RunCheckpoint(Checkpoint kind) {
  const int mode = kind == Checkpoint::kTruncate ? SQLITE_CHECKPOINT_TRUNCATE
                                                 : SQLITE_CHECKPOINT_PASSIVE;
  int in_log = 0;
  int moved = 0;
  if (sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, mode, &in_log,
                                &moved) == SQLITE_OK) {
    return in_log == moved;
  }
  return DatabaseError(connection_.get());
}

// As SQLite itself does at the end of a FULL commit.
Status Database::SyncLog() {
  sqlite3_file* log = nullptr;
  if (sqlite3_file_control(connection_.get(), "main",
                           SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK ||
      log == nullptr || log->pMethods == nullptr) {
    return Error{ErrorCode::kIo, "database: there is no write-ahead log"};
  }
  if (log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK) return Done{};
  return Error{ErrorCode::kIo, "database: its log does not reach the disk"};
}

std::string_view SqliteVersion() { return sqlite3_libversion(); }

}  // namespace gatehouse::audit
