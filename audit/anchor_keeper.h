// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sends anchors while a guard runs: at its start, after so many records or so
// long (whichever comes first, and only if something was written), and at its
// end. A thread of its own does it, over a connection of its own, because
// storage and logs may block: the guard's loop never waits for it, and a place
// that is down never stops a call. What went wrong is told once, until it is
// right again.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/anchor.h"
#include "audit/anchor_place.h"
#include "audit/record.h"
#include "audit/signing.h"
#include "policy/result.h"

namespace gatehouse::audit {

struct AnchorPlan {
  std::string database;
  std::vector<std::string> places;  // as FindAnchorPlace takes them
  std::optional<Ed25519Key> key;
  Sequence every_records = 1000;
  std::chrono::milliseconds every{60'000};
};

// An anchor of the trail as it is now (anchor_point.h), signed where there is a
// key.
Result<Anchor> MakeAnchor(const std::string& database, const Ed25519Key* key);

// Makes one and sends it to `place`; the line that was sent.
Result<std::string> SendAnchor(const std::string& database,
                               const AnchorPlace& place, const Ed25519Key* key);

// Start and Stop in one thread; the others from that thread, too.
class AnchorKeeper {
 public:
  // kInvalid where a place is none. Sends nothing yet.
  static Result<std::unique_ptr<AnchorKeeper>> Start(AnchorPlan plan);
  ~AnchorKeeper();
  AnchorKeeper(const AnchorKeeper&) = delete;
  AnchorKeeper& operator=(const AnchorKeeper&) = delete;

  // `last`: the newest record that was committed. Never waits.
  void Note(Sequence last);

  struct News {
    bool failed = false;   // else: it is right again
    std::string sentence;  // which place, and why
  };
  // What changed since it was last asked.
  std::vector<News> TakeNews();

  // A last anchor, where one is due, and the end. A thread that hangs in a dead
  // file system is left behind after `patience`.
  void Stop(std::chrono::milliseconds patience);

 private:
  struct Shared;
  explicit AnchorKeeper(std::shared_ptr<Shared> shared);
  static void Run(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  bool stopped_ = false;
};

}  // namespace gatehouse::audit
