// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bar for work that takes long: on standard error, only where that is a
// terminal, and gone when the work is done.

#include <cstdint>
#include <string>

namespace gatehouse::cli {

// Clears its line when it goes. One thread.
class Progress {
 public:
  // `doing`: "verifying".
  explicit Progress(std::string doing);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Cheap; draws only when the bar grows.
  void Show(std::uint64_t done, std::uint64_t all);

 private:
  std::string doing_;
  bool shown_;
  std::uint64_t drawn_ = 0;
  bool any_ = false;
};

}  // namespace gatehouse::cli
