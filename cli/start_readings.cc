// SPDX-License-Identifier: Apache-2.0
#include "cli/start_readings.h"

#include <functional>
#include <system_error>
#include <utility>

#include "audit/key_file.h"

namespace gatehouse::cli {
namespace {

std::jthread Beside(std::function<void()> work) {
  try {
    return std::jthread(work);
  } catch (const std::system_error&) {
    work();
    return {};
  }
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
