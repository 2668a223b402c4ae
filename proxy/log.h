// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one door to spdlog, and the only thing that writes to stderr (stdout
// belongs to the protocol). Lines never block the relay: if stderr takes
// nothing, lines are dropped and counted. Control characters are escaped, so
// that a server's text cannot drive a terminal. Never log unredacted arguments
// or results.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "policy/result.h"

namespace gatehouse {

enum class LogLevel : std::uint8_t { kOff = 0, kError, kWarn, kInfo, kDebug };

// "off", "error", "warn", "info", "debug"; nullopt for anything else.
std::optional<LogLevel> ParseLogLevel(std::string_view word);

struct LogOptions {
  LogLevel level = LogLevel::kWarn;
  std::string file;  // "" for stderr; else appended to, made with mode 0600
};

// Owns its sink. One thread. Movable; pass it down by reference.
class Log {
 public:
  // kIo, kPermission, … where the file cannot be opened.
  static Result<Log> Open(const LogOptions& options);
  // Writes to `fd` (borrowed, kept open by the caller for the log's life).
  static Result<Log> OnFd(int fd, LogLevel level);

  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;
  ~Log();

  // One sentence each, as "gatehouse: warning: …"; no final newline.
  void Error(std::string_view sentence);
  void Warn(std::string_view sentence);
  void Info(std::string_view sentence);
  void Debug(std::string_view sentence);
  // A line the server wrote to its stderr, as "[server] …"; at every level
  // but kOff.
  void ServerLine(std::string_view line);

  // Whether it is a file that lines go to, and nobody at the terminal sees
  // them.
  bool in_file() const;
  // Lines that stderr did not take.
  std::uint64_t dropped() const;

 private:
  struct Inner;
  explicit Log(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};

}  // namespace gatehouse
