// SPDX-License-Identifier: Apache-2.0
#pragma once
// A long day of one guard, and of others beside it on the same database: calls
// of every fate, a client that does not read, a server that stands still, one
// that dies, guards that are killed. The order of it all follows from the seed.

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/support/guard_process.h"

namespace gatehouse::testing {

class Soak {
 public:
  explicit Soak(std::uint64_t seed);

  // Phases until so many calls were asked of the guard that stays; then it is
  // ended. Failures are gtest failures.
  void Run(std::size_t calls);

  // Resident bytes of that guard, one sample a phase.
  const std::vector<std::size_t>& memory() const { return memory_; }
  // Calls that the trail must know: asked of a guard that lived to answer, or
  // come to the server of one that was killed.
  std::size_t judged() const { return judged_; }
  const std::string& database() const { return guard_.database(); }
  // What happened, for the log.
  std::string Summary() const;

 private:
  enum class Phase { kSteady, kSlowReader, kStoppedServer, kKilled, kDying };

  std::size_t Below(std::size_t bound);
  std::string NextCall();
  Phase NextPhase();
  void Pass(Phase phase);

  void Steady();
  void SlowReader();
  void StoppedServer();
  void KilledGuard();
  void DyingServer();

  // Of the guard that stays: writes, where it can without waiting; reads until
  // nothing is open. Each id must be answered once.
  void Ask(GuardProcess& guard, const std::string& line);
  void ReadOne(GuardProcess& guard);
  void ReadAll(GuardProcess& guard);

  std::mt19937_64 random_;
  TemporaryFolder folder_;
  GuardProcess guard_;
  std::map<std::string, int> open_;  // ids that wait for an answer
  std::int64_t last_id_ = 0;
  std::size_t asked_ = 0;
  std::size_t judged_ = 0;
  std::map<std::string, std::size_t> answers_;  // by how they end
  std::map<Phase, std::size_t> phases_;
  std::vector<std::size_t> memory_;
};

}  // namespace gatehouse::testing
