// SPDX-License-Identifier: Apache-2.0
// Without source positions or a registry: one logger, one sink, owned by Log.
#include "proxy/log.h"

#include <fcntl.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "proxy/fd.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxLineBytes = 8 << 10;

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kOff:
      return spdlog::level::off;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kDebug:
      return spdlog::level::debug;
  }
  return spdlog::level::off;
}

// Other people's text: a terminal must not obey it, a line must stay a line.
std::string Escape(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string escaped;
  for (const char c : text.substr(0, kMaxLineBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      escaped += c;
    } else {
      escaped += "\\x";
      escaped += kHex[byte >> 4];
      escaped += kHex[byte & 15];
    }
  }
  if (text.size() > kMaxLineBytes) escaped += "…";
  return escaped;
}

// Writes whole lines and drops what does not fit: a client that ignores our
// stderr (the specification lets it) must not stop the guard.
class StreamSink
    : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit StreamSink(Stream stream) : stream_(std::move(stream)) {}
  std::uint64_t dropped() const { return dropped_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    // A line that was cut short by a full pipe is at least ended.
    if (torn_) line.push_back('\n');
    formatter_->format(message, line);
    std::string_view rest(line.data(), line.size());
    while (!rest.empty()) {
      const IoResult written = stream_.Write(rest);
      if (written.state != IoState::kMoved) {
        ++dropped_;
        torn_ = torn_ || rest.size() < line.size();
        return;
      }
      torn_ = false;
      rest.remove_prefix(written.bytes);
    }
  }
  void flush_() override {}

  Stream stream_;
  std::uint64_t dropped_ = 0;
  bool torn_ = false;
};

}  // namespace

struct Log::Inner {
  Inner(Stream stream, LogLevel level)
      : sink(std::make_shared<StreamSink>(std::move(stream))),
        logger("gatehouse", sink) {
    logger.set_level(ToSpdlog(level));
    logger.set_pattern("%v");
    // What spdlog cannot format or write is dropped, never printed elsewhere.
    logger.set_error_handler([](const std::string&) {});
  }
  void Write(spdlog::level::level_enum level, std::string_view prefix,
             std::string_view text) {
    if (!logger.should_log(level)) return;
    const std::string line = std::string(prefix) + Escape(text);
    logger.log(level, spdlog::string_view_t(line.data(), line.size()));
  }

  std::shared_ptr<StreamSink> sink;
  spdlog::logger logger;
  bool in_file = false;
};

std::optional<LogLevel> ParseLogLevel(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, LogLevel>, 5> kWords = {{
      {"off", LogLevel::kOff},
      {"error", LogLevel::kError},
      {"warn", LogLevel::kWarn},
      {"info", LogLevel::kInfo},
      {"debug", LogLevel::kDebug},
  }};
  for (const auto& [name, level] : kWords) {
    if (name == word) return level;
  }
  return std::nullopt;
}

Result<Log> Log::Open(const LogOptions& options) {
  if (options.file.empty()) return OnFd(STDERR_FILENO, options.level);
  UniqueFd fd(open(options.file.c_str(),
                   O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK,
                   0600));
  if (!fd.open()) return SystemError("log file " + options.file, errno);
  Result<Stream> stream = Stream::Adopt(std::move(fd));
  if (!stream.ok()) return stream.error();
  Log log(std::make_unique<Inner>(std::move(stream).value(), options.level));
  log.inner_->in_file = true;
  return log;
}

Result<Log> Log::OnFd(int fd, LogLevel level) {
  Result<Stream> stream = Stream::Share(fd);
  if (!stream.ok()) return stream.error();
  return Log(std::make_unique<Inner>(std::move(stream).value(), level));
}

Log::Log(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;
Log::~Log() = default;

void Log::Error(std::string_view sentence) {
  inner_->Write(spdlog::level::err, "gatehouse: error: ", sentence);
}
void Log::Warn(std::string_view sentence) {
  inner_->Write(spdlog::level::warn, "gatehouse: warning: ", sentence);
}
void Log::Info(std::string_view sentence) {
  inner_->Write(spdlog::level::info, "gatehouse: ", sentence);
}
void Log::Debug(std::string_view sentence) {
  inner_->Write(spdlog::level::debug, "gatehouse: debug: ", sentence);
}
void Log::ServerLine(std::string_view line) {
  inner_->Write(spdlog::level::critical, "[server] ", line);
}

bool Log::in_file() const { return inner_->in_file; }
std::uint64_t Log::dropped() const { return inner_->sink->dropped(); }

}  // namespace gatehouse
