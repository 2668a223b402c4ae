// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/soak.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <sstream>

#include "policy/json_value.h"

namespace gatehouse::testing {
namespace {

constexpr std::chrono::milliseconds kNotWaiting{0};
constexpr std::chrono::milliseconds kStandstill{200};
// On a busy machine the guard judges a megabyte of calls before the first is
// answered.
constexpr std::chrono::seconds kPatience{120};
// A line of at most 4096 bytes is written at once or not at all.
constexpr std::size_t kFatBytes = 3'800;

GuardSpec SpecOf(const std::string& exit_at) {
  GuardSpec spec;
  // A freed block soon serves again, as without the sanitizer.
  spec.environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}};
  if (!exit_at.empty()) {
    spec.environment.emplace_back("FAKE_SERVER_EXIT_AT", exit_at);
  }
  return spec;
}

std::string Call(std::int64_t id, const std::string& rest) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + "," + rest + "}";
}

std::string ToolCall(std::int64_t id, const std::string& params) {
  return Call(id, R"("method":"tools/call","params":)" + params);
}

// "": the line answers nothing.
std::string IdOf(const std::string& line) {
  const std::size_t at = line.find("\"id\":");
  if (at == std::string::npos) return "";
  const std::size_t end = line.find_first_of(",}", at);
  return line.substr(at + 5, end - at - 5);
}

std::string KindOf(const std::string& line) {
  const std::size_t code = line.find("\"code\":\"");
  if (code == std::string::npos) return "result";
  return line.substr(code + 8, line.find('"', code + 8) - code - 8);
}

std::size_t CallsIn(const std::string& received) {
  std::size_t calls = 0;
  std::size_t at = received.find("\"tools/call\"");
  for (; at != std::string::npos;
       at = received.find("\"tools/call\"", at + 1)) {
    ++calls;
  }
  return calls;
}

}  // namespace

Soak::Soak(std::uint64_t seed) : random_(seed), guard_(SpecOf(""), folder_) {}

// Alike with every library, unlike std::uniform_int_distribution.
std::size_t Soak::Below(std::size_t bound) { return random_() % bound; }

std::string Soak::NextCall() {
  const std::int64_t id = ++last_id_;
  const std::size_t kind = Below(100);
  if (kind < 70) {
    return ToolCall(id,
                    R"({"name":"list_pods","arguments":{"namespace":"dev"}})");
  }
  if (kind < 85) {
    return ToolCall(id, R"({"name":"delete_resource","arguments":)"
                        R"({"resource":"pods","name":"x","namespace":"dev"}})");
  }
  if (kind < 90) {
    return ToolCall(id, R"({"name":"list_pods","arguments":{"other":[1,2]}})");
  }
  if (kind < 95) return Call(id, R"("method":"cluster/wipe","params":{})");
  return ToolCall(id, R"({"name":"list_pods","name":"delete_resource"})");
}

void Soak::Ask(GuardProcess& guard, const std::string& line) {
  // A client that writes and never reads would stand still for ever.
  while (!guard.CanWrite(kNotWaiting)) {
    ReadOne(guard);
    if (::testing::Test::HasFatalFailure()) return;
  }
  ASSERT_TRUE(guard.WriteLine(line));
  ASSERT_TRUE(open_.emplace(IdOf(line), 1).second);
  ++judged_;
}

void Soak::ReadOne(GuardProcess& guard) {
  const auto line = guard.ReadLine(kPatience);
  ASSERT_TRUE(line.has_value())
      << open_.size() << " calls have no answer, from " << open_.begin()->first
      << " on; " << Summary() << "\n"
      << guard.Stderr().substr(0, 2000);
  ++answers_[KindOf(*line)];
  ASSERT_EQ(open_.erase(IdOf(*line)), 1u) << "nobody waits for " << *line;
}

void Soak::ReadAll(GuardProcess& guard) {
  while (!open_.empty() && !::testing::Test::HasFatalFailure()) ReadOne(guard);
}

void Soak::Steady() {
  for (std::size_t batch = 0; batch < 10; ++batch) {
    const std::size_t window = 1 + Below(64);
    for (std::size_t i = 0; i < window; ++i) Ask(guard_, NextCall());
    asked_ += window;
    ReadAll(guard_);
  }
}

// Fills the pipe to the client, and what the guard keeps.
void Soak::SlowReader() {
  const std::size_t calls = 500 + Below(1'000);
  for (std::size_t i = 0; i < calls; ++i) Ask(guard_, NextCall());
  asked_ += calls;
  ReadAll(guard_);
}

// Fills the pipe to the server: the guard refuses what that cannot take, or
// takes no more itself; it does not keep it.
void Soak::StoppedServer() {
  const pid_t server = guard_.ServerPid();
  ASSERT_GT(server, 0);
  ASSERT_EQ(kill(server, SIGSTOP), 0);
  const std::size_t calls = 400 + Below(200);
  bool stopped = true;
  for (std::size_t i = 0; i < calls; ++i) {
    if (stopped && !guard_.CanWrite(kStandstill)) {
      ASSERT_EQ(kill(server, SIGCONT), 0);
      stopped = false;
    }
    Ask(guard_,
        ToolCall(++last_id_, R"({"name":"echo","arguments":{"text":")" +
                                 std::string(kFatBytes, 'x') + R"("}})"));
  }
  asked_ += calls;
  if (stopped) {
    ASSERT_EQ(kill(server, SIGCONT), 0);
  }
  ReadAll(guard_);
}

// Nobody answers: what had come to the server is in the trail all the same.
void Soak::KilledGuard() {
  GuardProcess guard(SpecOf(""), folder_);
  const std::size_t calls = 1 + Below(64);
  for (std::size_t i = 0; i < calls; ++i) guard.WriteLine(NextCall());
  const std::size_t answered = Below(calls / 2 + 1);
  for (std::size_t i = 0; i < answered; ++i) {
    ASSERT_TRUE(guard.ReadLine().has_value());
  }
  guard.Signal(SIGKILL);
  ASSERT_TRUE(guard.WaitForExit().has_value());
  ASSERT_TRUE(guard.AllGone());
  judged_ += CallsIn(guard.Received());
}

// Whatever is on its way then is answered, and so is what comes later.
void Soak::DyingServer() {
  const std::size_t calls = 8 + Below(64);
  GuardProcess guard(SpecOf(std::to_string(1 + Below(calls / 4))), folder_);
  for (std::size_t i = 0; i < calls; ++i) Ask(guard, NextCall());
  ReadAll(guard);
  guard.CloseInput();
  ASSERT_EQ(guard.WaitForExit(), 9);
  ASSERT_TRUE(guard.AllGone());
}

// Each of them once, however few calls there are; then by chance.
Soak::Phase Soak::NextPhase() {
  const std::size_t done = memory_.size();
  if (done <= static_cast<std::size_t>(Phase::kDying)) {
    return static_cast<Phase>(done);
  }
  const std::size_t chance = Below(100);
  return chance < 70   ? Phase::kSteady
         : chance < 80 ? Phase::kSlowReader
         : chance < 84 ? Phase::kStoppedServer
         : chance < 92 ? Phase::kKilled
                       : Phase::kDying;
}

void Soak::Pass(Phase phase) {
  switch (phase) {
    case Phase::kSteady:
      return Steady();
    case Phase::kSlowReader:
      return SlowReader();
    case Phase::kStoppedServer:
      return StoppedServer();
    case Phase::kKilled:
      return KilledGuard();
    case Phase::kDying:
      return DyingServer();
  }
}

void Soak::Run(std::size_t calls) {
  while (asked_ < calls && !::testing::Test::HasFatalFailure()) {
    const Phase phase = NextPhase();
    ++phases_[phase];
    Pass(phase);
    memory_.push_back(MemoryBytes(guard_.pid(), Memory::kResident));
  }
  guard_.CloseInput();
  EXPECT_EQ(guard_.WaitForExit(), 0);
  EXPECT_TRUE(guard_.AllGone());
}

std::string Soak::Summary() const {
  std::ostringstream text;
  text << asked_ << " calls of the guard that stays; phases: steady, slow "
       << "reader, stopped server, killed guard, dying server:";
  for (const auto& [phase, times] : phases_) text << " " << times;
  text << "; answers:";
  for (const auto& [kind, times] : answers_)
    text << " " << kind << " " << times;
  return text.str();
}

}  // namespace gatehouse::testing
