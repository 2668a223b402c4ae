// SPDX-License-Identifier: Apache-2.0
#include "cli/trail_opening.h"

#include <signal.h>

#include <functional>
#include <string_view>
#include <system_error>
#include <utility>

#include "audit/key_file.h"
#include "audit/trail_files.h"
#include "cli/memory_ahead.h"
#include "proxy/relay.h"

namespace gatehouse::cli {
namespace {

// What opening a trail allocates: SQLite's pages are half of it.
constexpr std::size_t kTrailHeap = 192 << 10;
// Between two looks at whether a signal ends the wait for it.
constexpr std::chrono::milliseconds kOpeningLook{20};

// Signals are for the one thread that watches for them. Not joinable where
// there are as many threads as there may be.
std::jthread Beside(const std::function<void()>& work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  std::jthread thread;
  try {
    thread = std::jthread(work);
  } catch (const std::system_error&) {
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

bool IsMissing(const Result<std::string>& key) {
  return !key.ok() && key.error().code == ErrorCode::kNotFound;
}

// Nothing is to be made beside a file that is no trail.
Result<std::string> ReadKeyBeside(const std::string& database) {
  const Status ours = audit::CheckNoForeignFile(database);
  if (!ours.ok()) return ours.error();
  return audit::ReadKeyFile(database);
}

}  // namespace

TrailOpening::TrailOpening(std::string database, audit::SinkOptions options,
                           Log& log, UserDatabase users)
    : log_(log),
      warnings_(std::make_shared<Warnings>()),
      database_(std::move(database)),
      options_(std::move(options)),
      users_(std::move(users)),
      key_(ReadKeyBeside(database_)) {
  options_.warn = [warnings = warnings_](std::string_view text) {
    if (warnings->log == nullptr) {
      warnings->held.emplace_back(text);
    } else {
      warnings->log->Warn(text);
    }
  };
  options_.stop = users_.stop = stop_.get_token();
  if (IsMissing(key_)) {
    key_thread_ = Beside([this] { key_ = audit::OpenKeyFile(database_); });
  }
  thread_ = Beside([this] { Open(); });
}

// A trail that was taken lives on, and waits for other guards as ever.
TrailOpening::~TrailOpening() {
  if (!taken_) stop_.request_stop();
  if (!begun_) session_.set_value(std::nullopt);
}

void TrailOpening::BeginSession(Identity identity) {
  begun_ = true;
  session_.set_value(std::move(identity));
  if (!thread_.joinable()) Open();
}

void TrailOpening::Open() {
  const HeapAhead heap(kTrailHeap);
  const OsUser user = CurrentUser(users_);
  std::optional<Identity> identity = session_.get_future().get();
  if (!identity) return;
  if (!user.complete) {
    return trail_.set_value(
        Error{ErrorCode::kBusy,
              "getent has not answered: who you are, and in which groups, is "
              "not known (see the name service in /etc/nsswitch.conf)"});
  }
  identity->uid = user.uid;
  identity->subject.user = user.name;
  identity->subject.groups = user.groups;
  options_.self = RecordOf(*identity);
  auto sink = audit::OpenSqliteSink(database_, options_);
  if (sink.ok()) {
    trail_.set_value(
        OpenedTrail{*std::move(identity), std::move(sink).value()});
  } else {
    trail_.set_value(sink.error());
  }
}

Result<std::string> TrailOpening::Key() {
  if (key_thread_.joinable()) key_thread_.join();
  if (IsMissing(key_)) key_ = audit::OpenKeyFile(database_);
  return key_;
}

Result<OpenedTrail> TrailOpening::Take() {
  std::future<Result<OpenedTrail>> coming = trail_.get_future();
  while (coming.wait_for(kOpeningLook) != std::future_status::ready) {
    if (WaitingSignal() != 0) {
      return Error{ErrorCode::kBusy, "the start was ended from outside"};
    }
  }
  Result<OpenedTrail> opened = coming.get();
  taken_ = true;
  warnings_->log = &log_;
  for (const std::string& text : std::exchange(warnings_->held, {})) {
    log_.Warn(text);
  }
  return opened;
}

}  // namespace gatehouse::cli
