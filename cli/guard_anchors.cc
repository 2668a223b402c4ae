// SPDX-License-Identifier: Apache-2.0
#include "cli/guard_anchors.h"

#include <sys/stat.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

#include "policy/time_text.h"

namespace gatehouse::cli {
namespace {

constexpr std::chrono::milliseconds kLastPatience{2000};

// "1000" records or "60s". False where it is neither.
bool ReadEvery(const std::string& text, audit::AnchorPlan& plan) {
  if (const auto time = ReadDuration(text)) {
    plan.every = *time;
    return time->count() > 0;  // a place that is down is tried so often
  }
  audit::Sequence records = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, records);
  if (read.ec != std::errc{} || read.ptr != end || records == 0) return false;
  plan.every_records = records;
  return true;
}

Result<audit::AnchorPlan> ReadPlan(const AnchorChoice& choice,
                                   const std::string& database) {
  audit::AnchorPlan plan;
  plan.database = database;
  plan.places = choice.places;
  for (const std::string& every : choice.every) {
    if (ReadEvery(every, plan)) continue;
    return Error{ErrorCode::kInvalid,
                 "--anchor-every takes a number of records such as 1000 or a "
                 "time such as 60s, not \"" +
                     every + "\""};
  }
  if (choice.key.empty()) return plan;
  auto key = audit::Ed25519Key::ReadPrivate(choice.key);
  if (!key.ok()) {
    return Error{key.error().code, "--anchor-key: " + key.error().sentence};
  }
  plan.key = std::move(key).value();
  return plan;
}

std::optional<dev_t> DeviceOf(const std::filesystem::path& path) {
  struct stat info {};
  const std::string folder = path.parent_path();
  if (stat(folder.empty() ? "." : folder.c_str(), &info) != 0) {
    return std::nullopt;
  }
  return info.st_dev;
}

void WarnOfNearness(const audit::AnchorPlan& plan, Log& log) {
  for (const std::string& place : plan.places) {
    if (place.starts_with("syslog")) continue;
    if (DeviceOf(place) != DeviceOf(plan.database)) continue;
    log.Warn("the anchors in " + place +
             " are on the same file system as the trail: who can change one "
             "can change both");
  }
}

void Record(const audit::AnchorKeeper::News& news, Trail& trail, Log& log) {
  audit::Record record = trail.Make(audit::Stage::kEvent);
  record.event = news.failed ? "anchor failed" : "anchor restored";
  record.detail = news.sentence;
  log.Warn(record.event + ": " + news.sentence);
  trail.Queue(std::move(record));
}

}  // namespace

void AddAnchorOptions(Command command, AnchorChoice& choice) {
  const Option places =
      command
          .Add("--anchor", choice.places,
               "Where checkpoints of the trail go: a file on other "
               "storage, syslog, or syslog:SOCKET; may be given again")
          .Environment("GATEHOUSE_ANCHOR")
          .Word("PLACE")
          .OneWordEach();
  command
      .Add("--anchor-every", choice.every,
           "How often: after so many records (1000), so long (60s), or "
           "both, given twice; whichever comes first")
      .Word("N|TIME")
      .OneWordEach()
      .Needs(places);
  command
      .Add("--anchor-key", choice.key,
           "Sign them with this private key (`gatehouse audit anchor "
           "keygen`)")
      .Word("FILE")
      .Needs(places);
}

Result<std::unique_ptr<audit::AnchorKeeper>> StartAnchors(
    const AnchorChoice& choice, const std::string& database, Log& log) {
  if (choice.places.empty()) return std::unique_ptr<audit::AnchorKeeper>();
  Result<audit::AnchorPlan> plan = ReadPlan(choice, database);
  if (!plan.ok()) return plan.error();
  WarnOfNearness(plan.value(), log);
  return audit::AnchorKeeper::Start(std::move(plan).value());
}

void FollowAnchors(audit::AnchorKeeper* keeper, Trail& trail, Log& log) {
  if (keeper == nullptr) return;
  keeper->Note(trail.last());
  for (const auto& news : keeper->TakeNews()) Record(news, trail, log);
}

void EndAnchors(audit::AnchorKeeper* keeper, Trail& trail, Log& log) {
  if (keeper == nullptr) return;
  keeper->Note(trail.last());
  keeper->Stop(kLastPatience);
  for (const auto& news : keeper->TakeNews()) Record(news, trail, log);
  const Status written = trail.Flush();
  if (!written.ok()) log.Error(written.error().sentence);
}

}  // namespace gatehouse::cli
