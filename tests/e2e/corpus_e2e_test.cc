// SPDX-License-Identifier: Apache-2.0
// The corpus of hostile frames (tests/fuzz/corpus/gate, grown by the fuzzer)
// to the real binary before the fake server: whatever reaches the server is
// the canonical text of a frame that was sent, whatever does not is answered
// or rightly met with silence, and each leaves its record.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "audit/reader.h"
#include "proxy/message.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::GuardProcess;
using testing::GuardSpec;

constexpr std::size_t kLeastFrames = 300;
constexpr std::string_view kCorpusPing =
    R"({"jsonrpc":"2.0","id":"corpus","method":"ping"})";

// As the framer cuts them.
std::vector<std::string> FramesOf(const std::string& bytes) {
  std::vector<std::string> frames;
  std::size_t start = 0;
  while (start <= bytes.size()) {
    const std::size_t end = std::min(bytes.find('\n', start), bytes.size());
    std::string frame = bytes.substr(start, end - start);
    if (frame.ends_with('\r')) frame.pop_back();
    if (!IsBlank(Frame{frame})) frames.push_back(std::move(frame));
    start = end + 1;
  }
  return frames;
}

std::vector<std::string> Corpus() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(
           GATEHOUSE_SOURCE_DIR "/tests/fuzz/corpus/gate")) {
    names.push_back(entry.path().string());
  }
  std::sort(names.begin(), names.end());
  std::vector<std::string> frames;
  for (const std::string& name : names) {
    for (std::string& frame : FramesOf(testing::ReadFile(name))) {
      frames.push_back(std::move(frame));
    }
  }
  return frames;
}

// What may go on of these frames, and how often each; "" never.
std::map<std::string, int> Forwardable(const std::vector<std::string>& frames) {
  std::map<std::string, int> canonical;
  for (const std::string& frame : frames) {
    const auto read = ReadMessage(Frame{frame});
    if (const auto* message = std::get_if<Message>(&read)) {
      ++canonical[message->canonical];
    }
  }
  return canonical;
}

std::size_t RecordsIn(const std::string& database) {
  std::size_t records = 0;
  const auto reader = audit::OpenReader(database);
  if (!reader.ok()) return 0;
  const auto walked = reader.value()->ForEach([&](const audit::StoredRecord&) {
    ++records;
    return audit::Reader::Next::kGoOn;
  });
  EXPECT_TRUE(walked.ok());
  return records;
}

TEST(Corpus, IsRefusedOrForwardedCanonicalAndRecorded) {
  const std::vector<std::string> frames = Corpus();
  ASSERT_GE(frames.size(), kLeastFrames);
  GuardProcess guard(GuardSpec{});
  for (const std::string& frame : frames) {
    ASSERT_TRUE(guard.WriteLine(frame));
    ASSERT_TRUE(guard.WriteLine(kCorpusPing));
    ASSERT_TRUE(guard.ReadLineWith("\"id\":\"corpus\"").has_value())
        << "the guard or its server died of " << frame << guard.Stderr();
  }
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);

  std::map<std::string, int> left = Forwardable(frames);
  std::size_t forwarded = 0;
  for (const std::string& line : FramesOf(guard.Received())) {
    if (line == kCorpusPing) continue;
    ++forwarded;
    EXPECT_GE(--left[line], 0)
        << "reached the server, and was not sent: " << line;
  }
  EXPECT_LT(forwarded, frames.size());
  // Refusals without a readable id are limited, but not their records.
  EXPECT_GE(RecordsIn(guard.database()) + forwarded, frames.size());
  EXPECT_EQ(testing::RunGatehouse({"audit", "verify", "--db", guard.database()})
                .exit_code,
            0);
}

}  // namespace
}  // namespace gatehouse
