// SPDX-License-Identifier: Apache-2.0
#include "cli/start_readings.h"

#include <signal.h>

#include <functional>
#include <system_error>
#include <utility>

#include "audit/key_file.h"

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

Result<std::unique_ptr<audit::Redactor>> MakeRedactor(
    const MaskingChoice& choice) {
  auto key = audit::OpenKeyFile(choice.database);
  if (!key.ok()) return key.error();
  return std::make_unique<audit::Redactor>(key.value(), choice.session,
                                           choice.settings);
}

}  // namespace

StartReadings::StartReadings() {
  auto tables = Promise(tables_);
  auto user = Promise(user_);
  first_ = Beside([tables, user] {
    tables->set_value(KubernetesTables::Embedded());
    user->set_value(CurrentUser());
  });
}

void StartReadings::Continue(ProfileHead head, MaskingChoice masking) {
  auto profile = Promise(profile_);
  auto redactor = Promise(redactor_);
  second_ = Beside([profile, redactor, head = std::move(head),
                    masking = std::move(masking)] {
    profile->set_value(WholeProfile(head));
    redactor->set_value(MakeRedactor(masking));
  });
}

}  // namespace gatehouse::cli
