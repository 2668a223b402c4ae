// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_sync.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "audit/sqlite_database.h"

namespace gatehouse::audit {
namespace {

Error Replaced(const std::string& database) {
  return {ErrorCode::kIo,
          database + " was replaced before its last records were on the disk"};
}

}  // namespace

// Outlives its owner where the thread hangs.
struct TrailSync::Shared {
  struct Request {
    std::uint64_t number = 0;
    FileIdentity file;
    ChainHead head;
  };

  explicit Shared(std::string path)
      : database(std::move(path)), fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Shared() {
    if (fd >= 0) close(fd);
  }

  const std::string database;
  const int fd;

  // Under the mutex.
  std::mutex mutex;
  std::condition_variable changed;
  Request asked;           // the newest
  std::uint64_t done = 0;  // the number that the last sync covered
  std::deque<Ended> ended;
  bool failed = false;
  bool stopping = false;
  bool gone = false;  // the thread

  // Of whoever syncs: the thread, or its owner while there is none.
  std::optional<Database> log;
  FileIdentity log_file;

  void End(std::uint64_t through, Status status, ChainHead head);
  Status Sync(const FileIdentity& file);
  Status Open(const FileIdentity& file);
  void Serve(std::unique_lock<std::mutex>& lock);
};

void TrailSync::Shared::End(std::uint64_t through, Status status,
                            ChainHead head) {
  done =
      std::max(done, through);  // one of a file that was replaced may be late
  failed = failed || !status.ok();
  ended.push_back({through, std::move(status), std::move(head)});
  const std::uint64_t one = 1;
  (void)!write(fd, &one, sizeof one);  // fails only where it is readable
  changed.notify_all();
}

// The name may lead elsewhere by now: then the log that bears it is another's.
// What is in a log is on the disk only if its name and the database's are. With
// its first sync of a log SQLite syncs the folder, too, and says nothing if
// that fails, which would be a promise that may not hold.
Status TrailSync::Shared::Open(const FileIdentity& file) {
  log.reset();
  Result<Database> opened =
      Database::Open(database, Database::Access::kReadOnly);
  if (!opened.ok()) return opened.error();
  // SQLite opens the log with the first page that is read.
  const auto read =
      opened.value().QueryInteger("SELECT head_seq FROM chain WHERE id = 1");
  if (!read.ok()) return read.error();
  if (IdentityOf(database) != file) return Replaced(database);
  Status named = SyncToDisk(std::filesystem::path(database).parent_path());
  if (!named.ok()) return named;
  log = std::move(opened).value();
  log_file = file;
  return Done{};
}

Status TrailSync::Shared::Sync(const FileIdentity& file) {
  if (!log || log_file != file) {
    Status opened = Open(file);
    if (!opened.ok()) return opened;
  }
  return log->SyncLog();
}

// The newest request, without the lock while the disk works.
void TrailSync::Shared::Serve(std::unique_lock<std::mutex>& lock) {
  const Request request = asked;
  lock.unlock();
  Status synced = Sync(request.file);
  lock.lock();
  // What was asked for meanwhile rests on what has just failed.
  const std::uint64_t through = synced.ok() ? request.number : asked.number;
  End(through, std::move(synced), request.head);
}

void TrailSync::Run(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&shared] {
      return shared->stopping || shared->asked.number > shared->done;
    });
    if (shared->asked.number <= shared->done) break;
    shared->Serve(lock);
  }
  lock.unlock();
  shared->log.reset();
  lock.lock();
  shared->gone = true;
  shared->changed.notify_all();
}

TrailSync::TrailSync(std::string database)
    : shared_(std::make_shared<Shared>(std::move(database))) {}

TrailSync::~TrailSync() { Stop(std::chrono::milliseconds(0)); }

int TrailSync::fd() const { return shared_->fd; }

std::uint64_t TrailSync::Start(const FileIdentity& file, ChainHead head) {
  std::unique_lock lock(shared_->mutex);
  Shared::Request& asked = shared_->asked;
  const std::uint64_t number = asked.number + 1;
  if (asked.number > shared_->done && asked.file != file) {
    shared_->End(asked.number, Replaced(shared_->database), asked.head);
    shared_->failed = false;  // the new file has nothing of it
  }
  asked = {number, file, std::move(head)};
  if (shared_->failed) {
    shared_->End(number,
                 Error{ErrorCode::kIo,
                       "the disk failed to take records, and what it still "
                       "lacks could not be written anew"},
                 asked.head);
    return number;
  }
  if (!HasThread()) {
    shared_->Serve(lock);
    return number;
  }
  lock.unlock();
  shared_->changed.notify_all();
  return number;
}

bool TrailSync::HasThread() {
  if (started_) return true;
  try {
    std::thread([shared = shared_] { Run(shared); }).detach();
    started_ = true;
  } catch (const std::system_error&) {
    // As many as there may be; the next request asks again.
  }
  return started_;
}

std::optional<TrailSync::Ended> TrailSync::Take() {
  std::uint64_t told = 0;
  (void)!read(shared_->fd, &told, sizeof told);  // fails where there is none
  const std::lock_guard lock(shared_->mutex);
  if (shared_->ended.empty()) return std::nullopt;
  Ended ended = std::move(shared_->ended.front());
  shared_->ended.pop_front();
  return ended;
}

bool TrailSync::Await(std::uint64_t number,
                      std::chrono::milliseconds patience) {
  std::unique_lock lock(shared_->mutex);
  return shared_->changed.wait_for(
      lock, patience, [this, number] { return shared_->done >= number; });
}

bool TrailSync::failed() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->failed;
}

void TrailSync::Mend() {
  const std::lock_guard lock(shared_->mutex);
  shared_->failed = false;
}

bool TrailSync::Stop(std::chrono::milliseconds patience) {
  if (!started_) return true;
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  shared_->changed.notify_all();
  if (std::exchange(stopped_, true)) return shared_->gone;
  return shared_->changed.wait_for(lock, patience,
                                   [this] { return shared_->gone; });
}

}  // namespace gatehouse::audit
