// SPDX-License-Identifier: Apache-2.0
#pragma once
// What waits to be written to one side: the relay's last stage. Takes whole
// lines from verdicts without copying the big ones, and writes them in as few
// calls as possible. Keeps no limit of its own: the relay looks at pending()
// before it reads more.

#include <cstddef>
#include <deque>
#include <string>

#include "proxy/fd.h"

namespace gatehouse {

// Owns the bytes. One thread.
class Outbox {
 public:
  // Empty bytes are ignored.
  void Add(std::string bytes);

  // Writes until all is written (kMoved, also when there was nothing), the
  // stream takes no more (kBlocked) or fails (kFailed; the bytes stay).
  IoResult Flush(Stream& to);

  // Takes over all of the other, which is empty after that.
  void Append(Outbox& other);
  void Clear();
  std::size_t pending() const { return pending_; }

 private:
  void Drop(std::size_t bytes);

  std::deque<std::string> parts_;
  std::size_t offset_ = 0;  // of the first part: already written
  std::size_t pending_ = 0;
};

}  // namespace gatehouse
