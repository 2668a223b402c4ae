// SPDX-License-Identifier: Apache-2.0
#include "audit/anchor_keeper.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "audit/anchor.h"
#include "audit/anchor_point.h"
#include "audit/utc_time.h"

namespace gatehouse::audit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

}  // namespace

Result<Anchor> MakeAnchor(const std::string& database, const Ed25519Key* key) {
  Result<ChainHead> head = SyncHead(database);
  if (!head.ok()) return head.error();
  Anchor anchor{std::move(head).value(), NowNanoseconds(), "", ""};
  if (key != nullptr) {
    anchor.key_id = key->id();
    anchor.signature = key->Sign(AnchorText(anchor));
  }
  return anchor;
}

Result<std::string> SendAnchor(const std::string& database,
                               const AnchorPlace& place,
                               const Ed25519Key* key) {
  const Result<Anchor> anchor = MakeAnchor(database, key);
  if (!anchor.ok()) return anchor.error();
  std::string line = FormatAnchor(anchor.value());
  const Status sent = place.Send(line);
  if (!sent.ok()) return sent.error();
  return line;
}

// Outlives the keeper where its thread hangs.
struct AnchorKeeper::Shared {
  AnchorPlan plan;
  std::vector<std::unique_ptr<AnchorPlace>> places;

  // Under the mutex.
  std::mutex mutex;
  std::condition_variable changed;
  Sequence noted = 0;
  Sequence anchored = 0;  // everywhere
  Clock::time_point last_try;
  bool tried = false;
  bool failing = false;
  bool stopping = false;
  bool ended = false;
  std::vector<News> news;

  // Of the thread alone: what is wrong with each place; "": nothing.
  std::vector<std::string> trouble;

  struct Sent {
    std::vector<News> told;
    std::optional<Sequence> everywhere;
  };
  bool IsDue() const;
  void WaitUntilDue(std::unique_lock<std::mutex>& lock);
  Sent SendAll();
  void Tell(std::size_t place, const Status& sent, std::vector<News>& told);
};

// A place that is down is tried again by the clock only.
bool AnchorKeeper::Shared::IsDue() const {
  if (noted <= anchored) return false;
  return stopping || !tried || Clock::now() - last_try >= plan.every ||
         (!failing && noted - anchored >= plan.every_records);
}

void AnchorKeeper::Shared::WaitUntilDue(std::unique_lock<std::mutex>& lock) {
  while (!stopping && !IsDue()) {
    if (noted > anchored) {
      changed.wait_until(lock, last_try + plan.every);
    } else {
      changed.wait(lock);  // nothing was written: no wake-up
    }
  }
}

void AnchorKeeper::Shared::Tell(std::size_t place, const Status& sent,
                                std::vector<News>& told) {
  const std::string now = sent.ok() ? "" : sent.error().sentence;
  std::string& before = trouble[place];
  if (now.empty() != before.empty()) {
    told.push_back(
        {!now.empty(),
         now.empty() ? "anchors go again to " + plan.places[place] : now});
  }
  before = now;
}

AnchorKeeper::Shared::Sent AnchorKeeper::Shared::SendAll() {
  Sent result;
  const Result<Anchor> anchor =
      MakeAnchor(plan.database, plan.key ? &*plan.key : nullptr);
  bool everywhere = anchor.ok();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Status sent = anchor.ok()
                            ? places[i]->Send(FormatAnchor(anchor.value()))
                            : Status(anchor.error());
    everywhere = everywhere && sent.ok();
    Tell(i, sent, result.told);
  }
  if (everywhere) result.everywhere = anchor.value().head.seq;
  return result;
}

void AnchorKeeper::Run(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->WaitUntilDue(lock);
    const bool last = shared->stopping;
    if (shared->IsDue()) {
      shared->last_try = Clock::now();
      shared->tried = true;
      lock.unlock();
      Shared::Sent sent = shared->SendAll();
      lock.lock();
      std::ranges::move(sent.told, std::back_inserter(shared->news));
      shared->failing = !sent.everywhere;
      shared->anchored = sent.everywhere.value_or(shared->anchored);
    }
    if (last) break;
  }
  shared->ended = true;
  shared->changed.notify_all();
}

AnchorKeeper::AnchorKeeper(std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)) {}

Result<std::unique_ptr<AnchorKeeper>> AnchorKeeper::Start(AnchorPlan plan) {
  auto shared = std::make_shared<Shared>();
  for (const std::string& name : plan.places) {
    auto place = FindAnchorPlace(name);
    if (!place.ok()) return place.error();
    shared->places.push_back(std::move(place).value());
  }
  shared->trouble.resize(plan.places.size());
  shared->plan = std::move(plan);
  try {
    std::thread([shared] { Run(shared); }).detach();
  } catch (const std::system_error& error) {
    return Error{
        ErrorCode::kIo,
        std::string("no thread can be had to send anchors: ") + error.what()};
  }
  return std::unique_ptr<AnchorKeeper>(new AnchorKeeper(std::move(shared)));
}

AnchorKeeper::~AnchorKeeper() { Stop(milliseconds(0)); }

void AnchorKeeper::Note(Sequence last) {
  bool due = false;
  {
    const std::lock_guard lock(shared_->mutex);
    if (last <= shared_->noted) return;
    const bool was_quiet = shared_->noted <= shared_->anchored;
    shared_->noted = last;
    due = was_quiet || shared_->IsDue();
  }
  if (due) shared_->changed.notify_all();
}

std::vector<AnchorKeeper::News> AnchorKeeper::TakeNews() {
  const std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->news, {});
}

void AnchorKeeper::Stop(milliseconds patience) {
  if (std::exchange(stopped_, true)) return;
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, patience, [this] { return shared_->ended; });
}

}  // namespace gatehouse::audit
