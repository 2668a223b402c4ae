// SPDX-License-Identifier: Apache-2.0
#pragma once
// One contender at work: a process that speaks MCP on its stdio, as the load
// generator starts and drives it. Blocking, one thread; a fault ends the bench.

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/fd.h"

namespace gatehouse::bench {

struct Contender {
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
  // Reads until so many line ends have come; the bytes up to the last.
  std::size_t SkipLines(std::size_t lines);
  // Waits for answers: how many line ends came at once, one at least.
  std::size_t ReadBatch();

  // Peak memory (VmHWM) and processor time of the process itself.
  double PeakMiB() const;
  double CpuSeconds() const;

 private:
  bool Fill();

  UniqueFd in_;
  UniqueFd out_;
  pid_t pid_ = -1;
  // Of one read; what of it was not taken yet.
  std::unique_ptr<char[]> buffer_;
  std::string_view rest_;
};

void PinToFirstCore();
void Unpin();

}  // namespace gatehouse::bench
