// SPDX-License-Identifier: Apache-2.0
#pragma once
// An MCP client for tests: starts the real `gatehouse` binary, writes lines,
// reads lines with a deadline, waits for its end, and reads what reached the
// fake server. Every wait is a poll with a deadline, never a sleep.

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/fd.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {

inline constexpr std::chrono::seconds kAnswerLimit{20};

struct GuardSpec {
  // Of `gatehouse run`; empty: read-only, sample-server, the folder's audit.db.
  std::vector<std::string> options;
  // What stands after "--"; empty: the fake server itself.
  std::vector<std::string> server;
  std::vector<std::pair<std::string, std::string>> environment;
  // What KUBECONFIG is; empty: a file with the one context "test".
  std::string kubeconfig{};
  // Of the guard: RLIMIT_…, and how much.
  std::vector<std::pair<int, rlim_t>> limits = {};
};

// How the guard ended, as a shell would show it; nullopt: not yet.
using ExitCode = std::optional<int>;

// Owns the process and its folder; kills what is left on destruction.
class GuardProcess {
 public:
  explicit GuardProcess(const GuardSpec& spec);
  // A second guard beside another, with that one's folder and database.
  GuardProcess(const GuardSpec& spec, const TemporaryFolder& folder);
  GuardProcess(const GuardProcess&) = delete;
  GuardProcess& operator=(const GuardProcess&) = delete;
  ~GuardProcess();

  // Bytes as they are; false once the guard no longer reads.
  bool Write(std::string_view bytes);
  bool WriteLine(std::string_view line);
  // Whether a line of at most 4096 bytes can be written without waiting longer.
  bool CanWrite(std::chrono::milliseconds limit) const;
  void CloseInput() { input_.Close(); }

  // The next line of stdout without its "\n"; nullopt at the end of the
  // stream or after `limit`.
  std::optional<std::string> ReadLine(
      std::chrono::milliseconds limit = kAnswerLimit);
  // The next line, of which only the beginning is kept; as ReadLine.
  struct LongLine {
    std::string begin;  // 256 bytes of it
    std::size_t bytes = 0;
  };
  std::optional<LongLine> SkipLine(
      std::chrono::milliseconds limit = kAnswerLimit);
  // How much can be read without waiting.
  std::size_t Readable() const;
  // The next line that holds `text`; the others are forgotten.
  std::optional<std::string> ReadLineWith(std::string_view text);

  void Signal(int signal) const;
  ExitCode WaitForExit(std::chrono::milliseconds limit = kAnswerLimit);

  // Everything the fake server has received so far.
  std::string Received() const;
  bool WaitUntilReceived(std::string_view text) const;
  std::string Stderr() const;

  // All of the guard's processes (guard, server, descendants) are gone.
  bool AllGone() const;

  // The fake server of this guard; -1 where it does not run.
  pid_t ServerPid() const;

  const std::string& database() const { return database_; }
  const TemporaryFolder& folder() const { return *folder_; }
  pid_t pid() const { return pid_; }

 private:
  void Start(const GuardSpec& spec);
  bool ReadMore(std::chrono::steady_clock::time_point until);

  TemporaryFolder own_folder_;
  const TemporaryFolder* folder_;
  std::string mark_;
  std::string database_;
  std::string received_path_;
  std::string stderr_path_;
  UniqueFd input_;
  UniqueFd output_;
  std::string buffer_;
  pid_t pid_ = -1;
  ExitCode exit_;
};

struct CommandResult {
  int exit_code = -1;
  std::string output;  // stdout and stderr
};

// Runs `gatehouse ARGS…` to its end.
CommandResult RunGatehouse(const std::vector<std::string>& arguments);

std::string FakeServerPath();
std::string GatehousePath();

}  // namespace gatehouse::testing
