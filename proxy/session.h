// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the guard must remember between frames: requests in flight in both
// directions, by id's type and value; what the client declared; the argument
// names of the server's tools. Shared by gate and return_gate, owned by the
// caller of both, used by one thread. It judges nothing.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "audit/answer_facts.h"
#include "proxy/catalogue.h"
#include "proxy/client_features.h"
#include "proxy/held_calls.h"
#include "proxy/message.h"
#include "proxy/reply.h"

namespace gatehouse {

inline constexpr std::size_t kMaxInFlight = 10'000;
inline constexpr std::size_t kMaxServerRequests = 1'000;
// Cancelled requests whose answer may still come. Most servers send none then.
inline constexpr std::size_t kMaxCancelled = 256;
// Ids of requests given up by that: their answers may come as late as they
// like.
inline constexpr std::size_t kMaxForgotten = 20'000;

// The era of one request: modern where params._meta names a revision.
Era EraOf(const Message& message);
// That revision, "" where there is none.
std::string_view RevisionOf(const Message& message);

// A client's request that was, or is about to be, forwarded.
struct InFlight {
  RpcId id;
  std::string method;
  Era era = Era::kLegacy;
  std::chrono::steady_clock::time_point since;
  bool cancelled = false;
  // The kubeconfig may be another one after it: no call is judged until then.
  bool changes_config = false;
  bool makes_no_task = false;  // its answer must be its end (config_change.h)
  std::optional<std::string> cursor;  // of a list
  bool as_tool = false;               // answered by a tool result
  ClientFeatures features;            // what its answer may ask of the client
  // Of what was judged only.
  std::string call;   // ties the outcome record to the decision
  std::string tool;   // tools/call
  std::string round;  // alike in all rounds of one request
  std::uint64_t record = 0;
  // Its record is on its way to the disk, and the server has not seen it yet.
  bool waits = false;
  // Of tasks/get only, which nothing is decided about: whose news it asks for.
  std::string polled;
  // Of tasks/result only: the task that has ended where it is answered.
  std::string ending;
  // Of its answer: whether it is secret whatever it looks like, and whether the
  // policy lets it be seen.
  audit::Origin origin = audit::Origin::kOrdinary;
  bool reveals = false;
  // Of subscriptions/listen: the server has agreed to tell of changed tools.
  bool tells_of_tools = false;

  bool IsJudged() const { return !call.empty(); }
  // Open as long as the session, so nobody waits for its answer.
  bool IsStream() const { return method == "subscriptions/listen"; }
};

// A task that an allowed call became.
struct TaskOrigin {
  std::string call;
  std::string tool;
  audit::Origin origin = audit::Origin::kOrdinary;  // of its result
  bool reveals = false;
  std::string status{};  // as the trail knows it

  bool IsSecret() const {
    return origin != audit::Origin::kOrdinary && !reveals;
  }
};

// A status after which a task's server works on it no more.
bool IsFinalStatus(std::string_view status);

// What came of asking for a place among the requests in flight.
enum class Admission : std::uint8_t { kFull = 0, kIdInUse, kAdmitted };

class Session {
 public:
  // An id is in use while an equal one is in flight, and for good once its
  // request was forgotten: a late answer would be taken for that of the next.
  // `"1"` and `1` are equal here: some clients match answers by number.
  Admission Admit(InFlight request);
  // nullptr where nothing of that id (type and value) is in flight. Borrowed
  // until the next Admit or Take.
  InFlight* Find(const RpcId& id);
  // Whether an answer under this id, of whatever type, could be taken for that
  // of a request in flight.
  bool InUse(const RpcId& id) const;
  // Removes and returns it: an answer consumes its request once.
  std::optional<InFlight> Take(const RpcId& id);
  // The same of what the server has been given: it cannot answer what waits.
  InFlight* FindSent(const RpcId& id);
  std::optional<InFlight> TakeSent(const RpcId& id);
  // Removes and returns all, oldest first.
  std::vector<InFlight> TakeAll();
  std::size_t in_flight() const { return in_flight_.size(); }
  // Requests whose answer is waited for: all in flight but streams.
  std::size_t awaited() const { return in_flight_.size() - streams_; }
  // The listen streams on which the server tells of changed tools.
  std::vector<const InFlight*> ToolStreams() const;
  // Whether some answer in flight, or of a task that has not ended, is secret
  // whatever it looks like, and not to be seen.
  bool AwaitsSecrets() const;

  // Remembers clientInfo and capabilities of an initialize request.
  void Initialize(const Message& message);
  // Remembers clientInfo of a modern request, where it names itself.
  void NoteClient(const Message& message);
  bool initialized() const { return initialized_; }
  // What the handshake declared.
  ClientFeatures features() const;
  // What this request declares: in 2026-07-28 each by itself.
  ClientFeatures FeaturesOf(const Message& request) const;
  const std::string& client_name() const { return client_name_; }
  const std::string& client_version() const { return client_version_; }
  // The negotiated legacy revision: what initialize asked for, then what the
  // server answered.
  const std::string& revision() const { return revision_; }
  void set_revision(std::string revision) { revision_ = std::move(revision); }

  // initialize's answer declared tools.listChanged.
  bool tells_of_tools() const { return tells_of_tools_; }
  void set_tells_of_tools(bool tells) { tells_of_tools_ = tells; }

  // Tasks that allowed calls of this session became; bounded: beyond it, the
  // later ones are not known and cannot be asked for. An id that comes again is
  // the newer call's, and as secret as the more secret of both.
  void BindTask(const std::string& task, TaskOrigin origin);
  // It has ended: its secrets are awaited no longer. Its origin stays.
  void EndTask(std::string_view task);
  const TaskOrigin* FindTask(std::string_view task) const;
  // Whether that is news of a task that is bound.
  bool TakeTaskNews(std::string_view task, std::string_view status);

  // Resources that were subscribed to with leave, so that they may always be
  // given up again.
  void Subscribe(std::string_view uri);
  bool Subscribed(std::string_view uri) const;

  // First rounds that the server answered with input_required, and the call
  // that each was; "" where there was none.
  void BeginRound(const std::string& round, const std::string& call);
  std::string RoundOf(const std::string& round) const;

  // A server's request on its way to the client: false where too many wait or
  // the id is in use.
  bool ExpectAnswer(const RpcId& id);
  // Whether the server waits for this answer; consumed.
  bool TakeExpected(const RpcId& id);
  // The server takes its request back; false where it is none that waits. The
  // client may have answered it already: that answer goes nowhere.
  bool TakeBack(const RpcId& id);
  // Whether this answers a request that was taken back; consumed.
  bool TakeLate(const RpcId& id);
  // Whether the server waits for any answer.
  bool ExpectsAnswers() const { return !expected_.empty(); }

  // A forwarded call changes the kubeconfig: those after it are held, to be
  // judged by what it leaves behind. Ends with its answer, with the server, or,
  // once the client cancelled it, a second later (no answer comes then).
  void SetConfigPending(InFlight& request);
  // What NoteCancelled gives back is no longer in flight: the request that was
  // cancelled first, where more than kMaxCancelled wait. Never one by which
  // others are judged or masked, and none beyond kMaxForgotten: those stay.
  std::optional<InFlight> NoteCancelled(
      InFlight& request, std::chrono::steady_clock::time_point now);
  bool ConfigPending(std::chrono::steady_clock::time_point now) const;
  // Once after each such call: the kubeconfig is to be read again.
  bool TakeConfigChanged() { return std::exchange(config_changed_, false); }
  HeldCalls& held() { return held_; }

  // The server is gone: nothing can be forwarded any more.
  void SetServerGone() { server_gone_ = true; }
  bool server_gone() const { return server_gone_; }
  // The server has stopped reading: what is asked meanwhile is refused, since
  // it would only pile up.
  void SetServerBusy(bool busy) { server_busy_ = busy; }
  bool server_busy() const { return server_busy_; }

  Catalogue& catalogue() { return catalogue_; }

 private:
  void ReadClientInfo(const JsonValue& info);
  void EndConfig(const InFlight& request);

  std::unordered_map<std::string, InFlight> in_flight_;  // by loose id
  std::deque<RpcId> cancelled_;  // the last of them, answered or not
  std::unordered_set<std::size_t> forgotten_;  // hashes of loose ids
  std::set<std::string, std::less<>> expected_;
  std::deque<std::string> taken_back_;  // the last of the server's requests
  ClientFeatures features_;
  std::string client_name_;
  std::string client_version_;
  std::string revision_;
  bool initialized_ = false;
  std::optional<RpcId> config_pending_;  // the last call that began such a wait
  bool config_changed_ = false;
  std::optional<std::chrono::steady_clock::time_point> config_cancelled_;
  HeldCalls held_;
  bool server_gone_ = false;
  bool server_busy_ = false;
  bool tells_of_tools_ = false;
  std::size_t streams_ = 0;
  std::map<std::string, TaskOrigin, std::less<>> tasks_;
  std::set<std::string, std::less<>> secret_tasks_;  // of those, not ended
  bool lost_secret_task_ = false;  // one was not known: no end of it is seen
  std::set<std::string, std::less<>> subscribed_;
  std::map<std::string, std::string> rounds_;
  Catalogue catalogue_;
};

}  // namespace gatehouse
