// SPDX-License-Identifier: Apache-2.0
#pragma once
// One contender at work: a process that speaks MCP on its stdio, as the load
// generator starts and drives it. Blocking, one thread; a fault ends the bench.

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/fd.h"

namespace gatehouse::bench {

struct Contender {
  std::string name;
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> environment;
  bool pinned = false;  // all of it on the first core, with its client
};

class Session {
 public:
  explicit Session(const Contender& what);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Send(std::string_view text);
  // As much as the pipe takes at once.
  std::size_t SendSome(std::string_view text);
  // The next line's length; the text is in line().
  std::size_t ReadLine();
  std::string_view line() const { return line_; }
  // Reads until so many lines have come, of any length; their bytes.
  std::size_t SkipLines(std::size_t lines);
  // Of what was read at once: how many lines.
  std::size_t ReadBatch();

  // Peak memory (VmHWM) and user and system time of the process itself.
  double PeakMiB() const;
  double CpuSeconds() const;

 private:
  bool Fill();

  UniqueFd in_;
  UniqueFd out_;
  pid_t pid_ = -1;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::string line_;
};

// The median time of what each FULL record waits for: a page, and fdatasync.
double SyncMicroseconds(const std::string& folder);

void PinToFirstCore();
void Unpin();

}  // namespace gatehouse::bench
