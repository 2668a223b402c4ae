// SPDX-License-Identifier: Apache-2.0
#pragma once
// The gate's first pass: each frame of the client becomes a step (what is to
// become of it, if its record can be written), and the records of a batch are
// collected. Reads, routes, admits ids, judges. It forwards nothing and writes
// nothing: gate.cc does, when all frames of the batch are through here.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/digest.h"
#include "audit/record.h"
#include "proxy/assessor.h"
#include "proxy/call_record.h"
#include "proxy/gate.h"
#include "proxy/long_line.h"
#include "proxy/message.h"
#include "proxy/routes.h"
#include "proxy/verdict.h"

namespace gatehouse {

// What becomes of one frame, if its record can be written.
struct Step {
  enum class Kind : std::uint8_t {
    kDrop = 0,
    kRefuse,  // answered by the refusal, where it can be answered
    kPass,    // forwarded, needs no record
    kCancel,  // forwarded if what it names is still in flight then
    kCall,    // judged: a tool call, or another method that names something
  };
  Kind kind = Kind::kDrop;
  Refusal refusal;                    // kRefuse
  Message message;                    // kPass, kCancel, kCall: see DropValue
  Judgement judgement;                // kCall
  std::optional<RpcId> cancelled;     // kCancel
  std::optional<std::size_t> record;  // index among the batch's records
  // May change something: its record must be on the disk before it leaves.
  bool changes = false;
  // How the message is answered, if it is refused after all.
  bool as_tool = false;
  Era era = Era::kLegacy;

  // The message was judged: only its text goes on. A batch has many, and what
  // is given back at once is used for the next one while it is still in the
  // cache.
  void DropValue();
};

// Borrows what the context holds. One thread.
class Intake {
 public:
  explicit Intake(const GateContext& context)
      : context_(context),
        make_(context.trail, context.session, context.redactor) {}

  // Forgets the last batch.
  void Begin();
  Step Take(const Frame& frame);
  // A call that was held until now.
  Step TakeHeld(HeldCall call);

  // Of the frames taken since Begin, indexed by Step::record.
  std::vector<audit::Record>& records() { return records_; }
  const RecordMaker& make() const { return make_; }

 private:
  Step TakePiece(const Frame& piece);
  Step TakeMessage(Message message, std::size_t bytes);
  Step TakeRequest(Message message, std::size_t bytes);
  Step TakeNotification(Message message, std::size_t bytes);
  Step TakeCall(Message message, std::size_t bytes);
  bool MustWait() const;
  Step Hold(Message message, std::size_t bytes);
  Step TakeMethod(Message message, std::size_t bytes);
  Step TakePoll(Message message, std::string_view task);
  Step TakeJudged(Message message, const MethodAsks& asks);
  Step TakeCancel(Message message, std::size_t bytes);
  Step Refuse(Refusal refusal, std::size_t bytes);
  bool IsTooMuchNow(const Message& message) const;
  Step RefuseBusy(const Message& message, std::size_t bytes);
  Step Pass(Message message);
  bool LeaveOutDenied(Message& message);
  std::optional<Refusal> ArgumentFault(const Message& message);
  void Judge(Step& step, const MethodAsks& asks);
  void NoteOrigin(InFlight& request, const Step& step,
                  const MethodAsks& asks) const;
  void Pin(Step& step, UtcTime now);
  std::string RoundDetail(const Message& message, const std::string& round);

  GateContext context_;
  RecordMaker make_;
  std::vector<audit::Record> records_;
  audit::RandomStore random_;         // of calls' ids
  std::optional<LongLine> too_long_;  // a line over the cap, not ended yet
};

}  // namespace gatehouse
