// SPDX-License-Identifier: Apache-2.0
#include "proxy/log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <string>

#include "proxy/fd.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using testing::ReadFile;
using testing::TemporaryFolder;

struct Captured {
  Pipe pipe = std::move(MakePipe()).value();
  std::string Take() {
    Stream reader = Stream::Share(pipe.read.get()).value();
    std::string text;
    std::array<char, 4096> buffer = {};
    IoResult read = reader.Read(buffer);
    while (read.state == IoState::kMoved) {
      text.append(buffer.data(), read.bytes);
      read = reader.Read(buffer);
    }
    return text;
  }
};

TEST(Log, WritesOneMarkedLineEach) {
  Captured captured;
  Log log = Log::OnFd(captured.pipe.write.get(), LogLevel::kDebug).value();
  log.Error("a");
  log.Warn("b");
  log.Info("c");
  log.Debug("d");
  log.ServerLine("e");
  EXPECT_EQ(captured.Take(),
            "gatehouse: error: a\ngatehouse: warning: b\ngatehouse: c\n"
            "gatehouse: debug: d\n[server] e\n");
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const std::array<std::pair<LogLevel, std::string>, 3> rows = {{
      {LogLevel::kOff, ""},
      {LogLevel::kError, "gatehouse: error: a\n[server] e\n"},
      {LogLevel::kWarn,
       "gatehouse: error: a\ngatehouse: warning: b\n"
       "[server] e\n"},
  }};
  for (const auto& [level, expected] : rows) {
    Captured captured;
    Log log = Log::OnFd(captured.pipe.write.get(), level).value();
    log.Error("a");
    log.Warn("b");
    log.Info("c");
    log.ServerLine("e");
    EXPECT_EQ(captured.Take(), expected);
  }
}

TEST(Log, EscapesWhatATerminalWouldObeyAndNeverFormats) {
  Captured captured;
  Log log = Log::OnFd(captured.pipe.write.get(), LogLevel::kInfo).value();
  log.ServerLine("\x1b[2J{} %s\tgr\xc3\xbc\xc3\x9f\n[server] forged");
  EXPECT_EQ(captured.Take(),
            "[server] \\x1b[2J{} %s\\x09gr\xc3\xbc\xc3\x9f\\x0a[server] "
            "forged\n");
}

TEST(Log, DropsAndCountsWhatNobodyReads) {
  Captured captured;
  Log log = Log::OnFd(captured.pipe.write.get(), LogLevel::kInfo).value();
  const std::string line(4000, 'x');
  for (int i = 0; i < 2000 && log.dropped() == 0; ++i) log.Info(line);
  EXPECT_EQ(log.dropped(), 1U);
  (void)captured.Take();
  log.Info("again");
  EXPECT_TRUE(captured.Take().ends_with("gatehouse: again\n"));
}

TEST(Log, AppendsToAPrivateFile) {
  const TemporaryFolder folder;
  const std::string path = folder.File("log");
  for (int i = 0; i < 2; ++i) {
    Log log = Log::Open({LogLevel::kInfo, path}).value();
    log.Info("hello");
  }
  EXPECT_EQ(ReadFile(path), "gatehouse: hello\ngatehouse: hello\n");
  struct stat status = {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(Log, AFileThatCannotBeOpenedIsAnError) {
  const auto log = Log::Open({LogLevel::kInfo, "/nonexistent/log"});
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.error().code, ErrorCode::kNotFound);
}

TEST(ParseLogLevel, KnowsItsFiveWords) {
  EXPECT_EQ(ParseLogLevel("off"), LogLevel::kOff);
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("loud"), std::nullopt);
}

}  // namespace
}  // namespace gatehouse
