// SPDX-License-Identifier: Apache-2.0
#include "proxy/session.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

constexpr std::string_view kRevisionKey =
    "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view kClientInfoKey =
    "io.modelcontextprotocol/clientInfo";
constexpr std::string_view kCapabilitiesKey =
    "io.modelcontextprotocol/clientCapabilities";
constexpr std::size_t kMaxToolNameBytes = 256;
constexpr std::size_t kMaxRemembered = 10'000;  // of each kind

// Ids without their type: TypeScript clients look answers up by Number(id).
std::string LooseId(const RpcId& id) {
  std::string_view text = id.text;
  if (text.size() >= 2 && text.front() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

// Answers of others may be masked, and calls judged, by what it changes.
bool MayBeForgotten(const InFlight& request) {
  return !request.changes_config && request.origin == audit::Origin::kOrdinary;
}

std::size_t HashOf(const std::string& loose_id) {
  return std::hash<std::string>()(loose_id);
}

std::string Shortened(std::optional<std::string_view> text) {
  return std::string(text.value_or("").substr(0, kMaxToolNameBytes));
}

}  // namespace

Era EraOf(const Message& message) {
  return RevisionOf(message).empty() ? Era::kLegacy : Era::kModern;
}

std::string_view RevisionOf(const Message& message) {
  const JsonValue* meta = message.meta();
  if (meta == nullptr) return {};
  return StringMember(*meta, kRevisionKey).value_or("");
}

bool IsFinalStatus(std::string_view status) {
  return status == "completed" || status == "failed" || status == "cancelled";
}

Admission Session::Admit(InFlight request) {
  std::string key = LooseId(request.id);
  if (in_flight_.contains(key) || forgotten_.contains(HashOf(key))) {
    return Admission::kIdInUse;
  }
  if (in_flight_.size() >= kMaxInFlight) return Admission::kFull;
  if (request.IsStream()) ++streams_;
  in_flight_.emplace(std::move(key), std::move(request));
  return Admission::kAdmitted;
}

InFlight* Session::Find(const RpcId& id) {
  const auto found = in_flight_.find(LooseId(id));
  if (found == in_flight_.end() || found->second.id != id) return nullptr;
  return &found->second;
}

bool Session::InUse(const RpcId& id) const {
  return in_flight_.contains(LooseId(id));
}

std::optional<InFlight> Session::Take(const RpcId& id) {
  const auto found = in_flight_.find(LooseId(id));
  if (found == in_flight_.end() || found->second.id != id) return std::nullopt;
  InFlight request = std::move(found->second);
  in_flight_.erase(found);
  EndConfig(request);
  if (request.IsStream()) --streams_;
  return request;
}

InFlight* Session::FindSent(const RpcId& id) {
  InFlight* const request = Find(id);
  return request == nullptr || request->waits ? nullptr : request;
}

std::optional<InFlight> Session::TakeSent(const RpcId& id) {
  return FindSent(id) == nullptr ? std::nullopt : Take(id);
}

std::vector<InFlight> Session::TakeAll() {
  std::vector<InFlight> all;
  all.reserve(in_flight_.size());
  for (auto& [key, request] : in_flight_) all.push_back(std::move(request));
  in_flight_.clear();
  for (const InFlight& request : all) EndConfig(request);
  streams_ = 0;
  std::sort(all.begin(), all.end(), [](const InFlight& a, const InFlight& b) {
    return std::tie(a.since, a.record, a.id.text) <
           std::tie(b.since, b.record, b.id.text);
  });
  return all;
}

void Session::SetConfigPending(InFlight& request) {
  request.changes_config = true;
  config_pending_ = request.id;
  config_cancelled_.reset();
}

std::optional<InFlight> Session::NoteCancelled(
    InFlight& request, std::chrono::steady_clock::time_point now) {
  request.cancelled = true;
  if (config_pending_ == request.id) config_cancelled_ = now;
  if (!MayBeForgotten(request) || forgotten_.size() >= kMaxForgotten) {
    return std::nullopt;
  }
  cancelled_.push_back(request.id);
  if (cancelled_.size() <= kMaxCancelled) return std::nullopt;
  const RpcId oldest = std::move(cancelled_.front());
  cancelled_.pop_front();
  // Answered meanwhile, perhaps, and its id in use again.
  const InFlight* waits = Find(oldest);
  if (waits == nullptr || !waits->cancelled || !MayBeForgotten(*waits)) {
    return std::nullopt;
  }
  forgotten_.insert(HashOf(LooseId(oldest)));
  return Take(oldest);
}

bool Session::ConfigPending(std::chrono::steady_clock::time_point now) const {
  constexpr std::chrono::milliseconds kCancelled{1000};
  if (!config_pending_) return false;
  return !config_cancelled_ || now < *config_cancelled_ + kCancelled;
}

// One that was cancelled may be answered when the next is under way already.
void Session::EndConfig(const InFlight& request) {
  if (!request.changes_config) return;
  if (config_pending_ == request.id) config_pending_.reset();
  config_changed_ = true;
}

void Session::ReadClientInfo(const JsonValue& info) {
  client_name_ = Shortened(StringMember(info, "name"));
  client_version_ = Shortened(StringMember(info, "version"));
}

void Session::Initialize(const Message& message) {
  initialized_ = true;
  features_ = {};
  const JsonValue* params = message.params();
  if (params == nullptr) return;
  revision_ = Shortened(StringMember(*params, "protocolVersion"));
  if (const JsonValue* info = Member(*params, "clientInfo")) {
    ReadClientInfo(*info);
  }
  const JsonValue* declared = Member(*params, "capabilities");
  if (declared != nullptr) features_ = ReadClientFeatures(*declared);
}

void Session::NoteClient(const Message& message) {
  const JsonValue* meta = message.meta();
  if (meta == nullptr) return;
  if (const JsonValue* info = Member(*meta, kClientInfoKey)) {
    ReadClientInfo(*info);
  }
}

// Before 2025-11-25 there was no word for it, and every client could be asked.
ClientFeatures Session::features() const {
  constexpr std::string_view kFirstOfParts = "2025-11-25";
  ClientFeatures features = features_;
  if (features.Has(ClientFeature::kSampling) && revision_ < kFirstOfParts) {
    features.Add(ClientFeature::kSamplingContext);
  }
  return features;
}

ClientFeatures Session::FeaturesOf(const Message& request) const {
  const JsonValue* meta = request.meta();
  if (meta == nullptr || EraOf(request) == Era::kLegacy) return features();
  const JsonValue* declared = Member(*meta, kCapabilitiesKey);
  return declared == nullptr ? ClientFeatures() : ReadClientFeatures(*declared);
}

bool Session::ExpectAnswer(const RpcId& id) {
  if (expected_.size() >= kMaxServerRequests) return false;
  // A late answer would be taken for that of this one.
  if (std::ranges::find(taken_back_, id.text) != taken_back_.end()) {
    return false;
  }
  return expected_.insert(id.text).second;
}

bool Session::TakeExpected(const RpcId& id) {
  return expected_.erase(id.text) != 0;
}

bool Session::TakeBack(const RpcId& id) {
  if (!TakeExpected(id)) return false;
  taken_back_.push_back(id.text);
  if (taken_back_.size() > kMaxCancelled) taken_back_.pop_front();
  return true;
}

bool Session::TakeLate(const RpcId& id) {
  const auto found = std::ranges::find(taken_back_, id.text);
  if (found == taken_back_.end()) return false;
  taken_back_.erase(found);
  return true;
}

bool Session::AwaitsSecrets() const {
  if (lost_secret_task_ || !secret_tasks_.empty()) return true;
  return std::any_of(in_flight_.begin(), in_flight_.end(), [](const auto& one) {
    return one.second.origin != audit::Origin::kOrdinary && !one.second.reveals;
  });
}

std::vector<const InFlight*> Session::ToolStreams() const {
  std::vector<const InFlight*> streams;
  for (const auto& [key, request] : in_flight_) {
    if (request.tells_of_tools) streams.push_back(&request);
  }
  return streams;
}

void Session::BindTask(const std::string& task, TaskOrigin origin) {
  const auto known = tasks_.find(task);
  if (known == tasks_.end() && tasks_.size() >= kMaxRemembered) {
    lost_secret_task_ = lost_secret_task_ || origin.IsSecret();
    return;
  }
  // A server that gives an id twice may answer for either call.
  if (known != tasks_.end()) {
    origin.origin = std::max(origin.origin, known->second.origin);
    origin.reveals = origin.reveals && known->second.reveals;
  }
  if (origin.IsSecret()) secret_tasks_.insert(task);
  tasks_.insert_or_assign(task, std::move(origin));
}

void Session::EndTask(std::string_view task) {
  const auto found = secret_tasks_.find(task);
  if (found != secret_tasks_.end()) secret_tasks_.erase(found);
}

const TaskOrigin* Session::FindTask(std::string_view task) const {
  const auto found = tasks_.find(task);
  return found == tasks_.end() ? nullptr : &found->second;
}

bool Session::TakeTaskNews(std::string_view task, std::string_view status) {
  const auto found = tasks_.find(task);
  if (found == tasks_.end() || found->second.status == status) return false;
  found->second.status = status;
  return true;
}

void Session::Subscribe(std::string_view uri) {
  if (subscribed_.size() < kMaxRemembered) subscribed_.emplace(uri);
}

bool Session::Subscribed(std::string_view uri) const {
  return subscribed_.contains(uri);
}

void Session::BeginRound(const std::string& round, const std::string& call) {
  if (rounds_.size() >= kMaxRemembered) rounds_.clear();
  rounds_[round] = call;
}

std::string Session::RoundOf(const std::string& round) const {
  const auto found = rounds_.find(round);
  return found == rounds_.end() ? "" : found->second;
}

}  // namespace gatehouse
