// SPDX-License-Identifier: Apache-2.0
#include "proxy/trail.h"

#include <utility>

#include "audit/redact.h"

namespace gatehouse {
namespace {

// Some megabytes; reached only while the database cannot be written.
constexpr std::size_t kMaxWaiting = 10'000;

}  // namespace

audit::Record RecordOf(const Identity& identity) {
  audit::Record record;
  record.session = identity.session;
  record.os_user = identity.subject.user;
  record.uid = identity.uid;
  record.pid = identity.pid;
  record.kube_user = identity.subject.kube_user;
  record.server = identity.server;
  return record;
}

Trail::Trail(audit::Sink& sink, const Clock& clock, const Identity& identity,
             const Session& session)
    : sink_(sink), clock_(clock), identity_(identity), session_(session) {}

audit::Record Trail::Make(audit::Stage stage) const {
  audit::Record record = RecordOf(identity_);
  record.stage = stage;
  record.time_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                       clock_.UtcNow().time_since_epoch())
                       .count();
  const auto masked = [this](const std::string& text) {
    return redactor_ == nullptr ? text : redactor_->MaskText(text);
  };
  record.client_name = masked(session_.client_name());
  record.client_version = masked(session_.client_version());
  return record;
}

void Trail::Queue(audit::Record&& record) {
  if (queue_.size() >= kMaxWaiting) {
    queue_.pop_front();
    ++lost_;
  }
  if (lost_ > 0) {
    if (!record.detail.empty()) record.detail += "; ";
    record.detail += std::to_string(lost_) +
                     " records before were lost: the trail was not writable";
  }
  queue_.push_back(std::move(record));
}

void Trail::Queue(audit::ToolDefinition definition) {
  // No more than the lists of a session can hold, see catalogue.cc.
  if (identity_.command.empty() || definitions_.size() >= kMaxWaiting) return;
  definitions_.push_back(std::move(definition));
}

Result<std::vector<audit::ToolDefinition>> Trail::Definitions() const {
  if (identity_.command.empty()) return std::vector<audit::ToolDefinition>();
  return sink_.Definitions(identity_.command);
}

Result<std::vector<audit::Sequence>> Trail::AppendAll(
    const std::vector<audit::Record>& records) {
  for (const audit::ToolDefinition& definition : definitions_) {
    const Status kept = sink_.KeepDefinition(definition);
    if (!kept.ok()) return kept.error();
  }
  for (const audit::Record& record : queue_) {
    auto sequence = sink_.Append(record);
    if (!sequence.ok()) return sequence.error();
    appended_ = sequence.value();
  }
  std::vector<audit::Sequence> sequences;
  sequences.reserve(records.size());
  for (const audit::Record& record : records) {
    auto sequence = sink_.Append(record);
    if (!sequence.ok()) return sequence.error();
    sequences.push_back(sequence.value());
    appended_ = sequence.value();
  }
  return sequences;
}

Result<std::vector<audit::Sequence>> Trail::Write(
    const std::vector<audit::Record>& records) {
  if (records.empty() && queue_.empty() && definitions_.empty())
    return std::vector<audit::Sequence>();
  auto sequences = AppendAll(records);
  if (sequences.ok()) {
    const Status committed = sink_.Commit(audit::Durability::kNormal);
    if (committed.ok()) {
      queue_.clear();
      definitions_.clear();
      lost_ = 0;
      last_ = appended_;
      return sequences;
    }
    sequences = committed.error();
  }
  sink_.Rollback();
  return sequences;
}

Result<std::optional<std::size_t>> Trail::CountLimits(
    const std::vector<audit::LimitUse>& uses) {
  return sink_.CountLimits(uses);
}

Status Trail::Flush() {
  const auto written = Write({});
  if (!written.ok()) return written.error();
  return Done{};
}

}  // namespace gatehouse
