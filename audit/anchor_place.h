// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where anchors go: a file on other storage, or the system's log. A line is
// handed over whole or not at all. May block where a file's storage does; who
// must not wait sends from a thread (anchor_keeper.h).

#include <memory>
#include <string>
#include <string_view>

#include "policy/result.h"

namespace gatehouse::audit {

// No state between two Sends: storage may come and go.
class AnchorPlace {
 public:
  virtual ~AnchorPlace() = default;
  // Done: the system has it (a file: on its disk; the log: in its socket).
  virtual Status Send(std::string_view line) const = 0;
};

// "syslog" (the datagram socket /dev/log, which journald reads too),
// "syslog:SOCKET", or a file's path; kInvalid for "".
Result<std::unique_ptr<AnchorPlace>> FindAnchorPlace(const std::string& name);

}  // namespace gatehouse::audit
