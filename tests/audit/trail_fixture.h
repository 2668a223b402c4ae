// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests of audit/ share: a folder of their own, records to write, and
// a bare SQLite connection for tampering as an outsider would.

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "audit/record.h"
#include "audit/sqlite_sink.h"
#include "audit/utc_time.h"

namespace gatehouse::audit {

class TrailTest : public ::testing::Test {
 protected:
  TrailTest() {
    std::string pattern = ::testing::TempDir() + "gatehouse-trail-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    database_ = folder_ + "/state/audit.db";
  }
  ~TrailTest() override { std::filesystem::remove_all(folder_); }

  std::string Beside(const std::string& name) const {
    return folder_ + "/state/" + name;
  }

  std::unique_ptr<Sink> OpenSink(const SinkOptions& options = {}) const {
    Result<std::unique_ptr<Sink>> sink = OpenSqliteSink(database_, options);
    EXPECT_TRUE(sink.ok()) << sink.error().sentence;
    return std::move(sink).value();
  }

  std::string folder_;
  std::string database_;
};

inline Record SampleDecision(const std::string& call,
                             Effect effect = Effect::kAllow) {
  Record record;
  record.stage = Stage::kDecision;
  record.time_ns = NowNanoseconds();
  record.session = "session-1";
  record.call = call;
  record.os_user = "ada";
  record.pid = 42;
  record.method = "tools/call";
  record.rpc_id = "1";
  record.server = "sample-server";
  record.tool = "pods_list";
  Request request;
  request.verb = Verb::kList;
  request.group = "";
  request.resource = "pods";
  request.subresource = "";
  request.namespace_name = "dev";
  request.name = "";
  record.requests = {request};
  record.arguments = R"({"namespace":"dev"})";
  Decision decision;
  decision.effect = effect;
  decision.code =
      effect == Effect::kAllow ? Code::kAllowed : Code::kDeniedByRule;
  decision.rule = "a-rule";
  decision.sentence = "because";
  record.decision = decision;
  record.policy_hash = "sha256:00";
  record.mode = "enforce";
  return record;
}

inline Record SampleOutcome(const std::string& call) {
  Record record;
  record.stage = Stage::kOutcome;
  record.time_ns = NowNanoseconds();
  record.session = "session-1";
  record.call = call;
  record.tool = "pods_list";
  record.outcome = Outcome::kOk;
  record.bytes = 7;
  record.duration_us = 1500;
  return record;
}

// `count` records in one batch: decisions "c1", "c2", … with outcomes between.
inline void Fill(Sink& sink, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string call = "c" + std::to_string(i / 2 + 1);
    ASSERT_TRUE(
        sink.Append(i % 2 == 0 ? SampleDecision(call) : SampleOutcome(call))
            .ok());
  }
  ASSERT_TRUE(sink.Commit(Durability::kFull).ok());
}

// Runs SQL on the database as somebody with the file in hand would.
inline void Tamper(const std::string& database, const std::string& sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(database.c_str(), &connection), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &error),
            SQLITE_OK)
      << sql << ": " << (error != nullptr ? error : "");
  sqlite3_free(error);
  sqlite3_close(connection);
}

inline std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace gatehouse::audit
