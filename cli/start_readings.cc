// SPDX-License-Identifier: Apache-2.0
#include "cli/start_readings.h"

#include <signal.h>

#include <functional>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/os_user.h"

namespace gatehouse::cli {
namespace {

// Signals are for the one thread that watches for them.
std::jthread Beside(const std::function<void()>& work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  std::jthread thread;
  try {
    thread = std::jthread(work);
  } catch (const std::system_error&) {
    // As many as there may be: joinable() tells.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!thread.joinable()) work();
  return thread;
}

// Of one value that another thread sets.
template <typename Value>
std::shared_ptr<std::promise<Value>> Promise(std::future<Value>& future) {
  auto promise = std::make_shared<std::promise<Value>>();
  future = promise->get_future();
  return promise;
}

Result<OpenedTrail> Open(const std::string& database,
                         audit::SinkOptions options, Identity identity) {
  const OsUser user = CurrentUser();
  identity.uid = user.uid;
  identity.subject.user = user.name;
  identity.subject.groups = user.groups;
  options.self = RecordOf(identity);
  auto sink = audit::OpenSqliteSink(database, options);
  if (!sink.ok()) return sink.error();
  return OpenedTrail{std::move(identity), std::move(sink).value()};
}

}  // namespace

StartReadings::StartReadings(std::string database, audit::SinkOptions options,
                             Identity identity, Log& log)
    : log_(log), warnings_(std::make_shared<Warnings>()) {
  options.warn = [warnings = warnings_](std::string_view text) {
    if (warnings->log == nullptr) {
      warnings->held.emplace_back(text);
    } else {
      warnings->log->Warn(text);
    }
  };
  auto tables = Promise(tables_);
  auto trail = Promise(trail_);
  thread_ =
      Beside([tables, trail, database = std::move(database),
              options = std::move(options), identity = std::move(identity)] {
        tables->set_value(KubernetesTables::Embedded());
        trail->set_value(Open(database, options, identity));
      });
}

Result<OpenedTrail> StartReadings::TakeTrail() {
  Result<OpenedTrail> opened = trail_.get();
  warnings_->log = &log_;
  for (const std::string& text : std::exchange(warnings_->held, {})) {
    log_.Warn(text);
  }
  return opened;
}

}  // namespace gatehouse::cli
