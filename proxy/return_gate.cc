// SPDX-License-Identifier: Apache-2.0
// A server is hostile too: an answer that nobody asked for could complete a
// call that was refused, a request that nobody allowed could drive the user's
// model. What is not matched is dropped; the records of such noise are
// limited, since a server can make it without end.
#include "proxy/return_gate.h"

#include <string>
#include <utility>
#include <variant>

#include "audit/redact_token.h"
#include "proxy/answer_mask.h"
#include "proxy/answer_notes.h"
#include "proxy/call_record.h"
#include "proxy/client_asks.h"
#include "proxy/config_change.h"
#include "proxy/long_line.h"
#include "proxy/outcomes.h"
#include "proxy/reply.h"
#include "proxy/server_lists.h"
#include "proxy/server_message.h"
#include "proxy/server_notes.h"
#include "proxy/server_version.h"

namespace gatehouse {
namespace {

constexpr std::string_view kAsksInput = "it asks the client for input";
constexpr std::string_view kConfigTask =
    "the server made a task of a call that may change the kubeconfig, and that "
    "said it takes none";

// The line that is being judged.
struct Line {
  std::string_view text;
  std::string* owner = nullptr;  // of a text that may be taken over, not copied
};

// The line as it is to be seen: itself, or what masking made of it.
Verdict RelayMasked(const Line& line, audit::MaskedLine masked) {
  Verdict verdict{Verdict::Kind::kForward, {}};
  if (masked.line) {
    verdict.bytes = *std::move(masked.line);
  } else if (line.owner != nullptr) {
    verdict.bytes = std::move(*line.owner);
  } else {
    verdict.bytes.reserve(line.text.size() + 1);
    verdict.bytes = line.text;
  }
  verdict.bytes.push_back('\n');
  return verdict;
}

}  // namespace

struct ReturnGate::State {
  State(const GateContext& given, ResultLimit result_limit)
      : context(given),
        make(given.trail, given.session, given.redactor),
        outcomes(given),
        asks(given),
        lists(given),
        mask(given),
        version(context),
        limit(result_limit) {}

  Verdict Take(const Frame& frame);
  Verdict TakeMessage(const ServerMessage& message, const Line& line);
  Verdict TakePiece(const Frame& frame);
  Verdict EndLongLine(std::string_view piece);
  void BeginLongLine();
  Verdict StreamOn(std::string bytes, FramePart part);
  std::string BehindTail(std::string_view piece);
  Verdict HoldEnd(std::string_view piece);
  Verdict EndStream(std::string_view piece);
  Verdict EndByTask(std::size_t bytes);
  Verdict Broken(std::string_view sentence, std::size_t bytes);
  bool MayStream(const LongLine& line);
  std::optional<audit::Record> RecordOf(const InFlight& request,
                                        const ServerMessage& message,
                                        const std::optional<AskFault>& fault);
  Verdict TakeResponse(const ServerMessage& message, const Line& line);
  Verdict TakeRequest(const ServerMessage& message, const Line& line);
  Verdict TakeNotification(const ServerMessage& message, const Line& line);

  GateContext context;
  RecordMaker make;
  Outcomes outcomes;
  ClientAsks asks;
  ServerLists lists;
  AnswerMask mask;
  ServerVersion version;
  ResultLimit limit;
  std::optional<LongLine> long_line;  // not ended yet
  bool stream_considered = false;     // whether it may pass on at once
  std::string stream_tail;            // of what passes on: not sent yet
};

Verdict ReturnGate::State::Take(const Frame& frame) {
  if (frame.part != FramePart::kWhole) return TakePiece(frame);
  if (IsBlank(frame)) return {};
  const auto read = ReadServerMessage(frame.bytes);
  if (const auto* fault = std::get_if<ServerFault>(&read)) {
    return outcomes.Drop(Code::kMalformed, fault->sentence, frame.bytes.size());
  }
  return TakeMessage(std::get<ServerMessage>(read), {frame.bytes});
}

Verdict ReturnGate::State::TakeMessage(const ServerMessage& message,
                                       const Line& line) {
  if (BecomesConfigTask(context.session, message))
    return EndByTask(line.text.size());
  if (line.text.size() > limit.max_bytes)
    return outcomes.TooLarge(message, line.text.size());
  switch (message.kind) {
    case MessageKind::kRequest:
      return TakeRequest(message, line);
    case MessageKind::kNotification:
      return TakeNotification(message, line);
    case MessageKind::kResponse:
      return TakeResponse(message, line);
  }
  return {};
}

// A long line is read as it comes and kept for its end, or passes at once.
Verdict ReturnGate::State::TakePiece(const Frame& frame) {
  if (frame.part == FramePart::kFirst) BeginLongLine();
  if (!long_line) return {};  // it was broken off
  LongLine& line = *long_line;
  line.Add(frame.bytes);
  if (frame.part == FramePart::kLast) return EndLongLine(frame.bytes);
  if (line.mode() == LongLine::Mode::kStreamed) {
    if (!line.sound()) return Broken("the line is unsound", line.bytes());
    // A member that came later says so.
    if (!line.Answers()) return Broken("it is no answer", line.bytes());
    if (line.asks_client()) return Broken(kAsksInput, line.bytes());
    // Its end does not leave before the line is known to be sound: what has
    // left by then is never a whole message.
    if (line.complete()) return HoldEnd(frame.bytes);
    return StreamOn(BehindTail(frame.bytes), FramePart::kMiddle);
  }
  if (!MayStream(line)) return {};
  return StreamOn(line.Stream(), FramePart::kFirst);
}

void ReturnGate::State::BeginLongLine() {
  long_line.emplace(limit.max_bytes);
  stream_considered = false;
  stream_tail.clear();
}

// Only what was judged, is still waited for, and will not be rewritten, as far
// as can be seen when it becomes known whom the line answers.
bool ReturnGate::State::MayStream(const LongLine& line) {
  if (!limit.streams || stream_considered) return false;
  if (line.mode() != LongLine::Mode::kHeld || !line.Answers()) return false;
  if (line.asks_client() || line.complete()) return false;
  stream_considered = true;
  const InFlight* request = context.session.FindSent(*line.Answers());
  return request != nullptr && request->IsJudged() && !request->cancelled &&
         !mask.MayChange(*request, line.held());
}

// The last bytes wait for the next piece, so that nothing that is cut in two
// is overlooked.
Verdict ReturnGate::State::StreamOn(std::string bytes, FramePart part) {
  const LongLine& line = *long_line;
  const InFlight* request = context.session.FindSent(*line.Answers());
  if (request == nullptr) return Broken("nobody waits for it", line.bytes());
  if (part != FramePart::kFirst && mask.MayChange(*request, bytes)) {
    return Broken("it holds what may have to be masked", line.bytes());
  }
  if (part == FramePart::kLast) {
    bytes += '\n';
  } else {
    const std::size_t sent =
        bytes.size() - std::min(audit::kKeptBytes, bytes.size());
    stream_tail = bytes.substr(sent);
    bytes.erase(sent);
  }
  return {Verdict::Kind::kForward, std::move(bytes), part};
}

std::string ReturnGate::State::BehindTail(std::string_view piece) {
  std::string bytes = std::exchange(stream_tail, {});
  bytes.reserve(bytes.size() + piece.size() + 1);
  bytes.append(piece);
  return bytes;
}

Verdict ReturnGate::State::HoldEnd(std::string_view piece) {
  stream_tail.append(piece);
  if (stream_tail.size() <= limit.max_bytes) return {};
  return Broken("only blanks follow its message", long_line->bytes());
}

Verdict ReturnGate::State::EndLongLine(std::string_view piece) {
  if (long_line->mode() == LongLine::Mode::kStreamed) return EndStream(piece);
  LongLine line = *std::exchange(long_line, std::nullopt);
  const auto read = line.Finish();
  if (const auto* fault = std::get_if<ServerFault>(&read)) {
    return outcomes.Drop(Code::kMalformed, fault->sentence, line.bytes());
  }
  const ServerMessage& message = std::get<ServerMessage>(read);
  if (line.mode() == LongLine::Mode::kHeld) {
    return TakeMessage(message, {line.held(), line.owner()});
  }
  return BecomesConfigTask(context.session, message)
             ? EndByTask(line.bytes())
             : outcomes.TooLarge(message, line.bytes());
}

// The calls after it would be judged by a kubeconfig that is to be another one
// at a time that nobody knows: there are none.
Verdict ReturnGate::State::EndByTask(std::size_t bytes) {
  (void)outcomes.Drop(Code::kMalformed, kConfigTask, bytes);
  return {Verdict::Kind::kClose, std::string(kConfigTask)};
}

// What has left cannot be called back: nothing that follows it may be taken
// for the rest of a sound message.
Verdict ReturnGate::State::Broken(std::string_view sentence,
                                  std::size_t bytes) {
  long_line.reset();
  (void)outcomes.Drop(Code::kMalformed, sentence, bytes);
  return {Verdict::Kind::kClose,
          "an answer cannot go on of which a part has been passed on: " +
              std::string(sentence)};
}

Verdict ReturnGate::State::EndStream(std::string_view piece) {
  const std::size_t bytes = long_line->bytes();
  const auto read = LongLine(*long_line).Finish();
  if (const auto* fault = std::get_if<ServerFault>(&read)) {
    return Broken(fault->sentence, bytes);
  }
  const ServerMessage& message = std::get<ServerMessage>(read);
  if (message.asks_client) {
    return Broken(kAsksInput, bytes);
  }
  if (BecomesConfigTask(context.session, message)) {
    return Broken(kConfigTask, bytes);
  }
  Verdict last = StreamOn(BehindTail(piece), FramePart::kLast);
  if (last.kind == Verdict::Kind::kClose) return last;
  long_line.reset();
  const auto request = context.session.TakeSent(*message.id);
  audit::Record record = outcomes.Of(*request, message);
  record.detail = "passed on as it came";
  outcomes.Close(*request, std::move(record), bytes);
  return last;
}

// nullopt where the answer leaves none: nothing was decided about its request,
// and it tells no news.
std::optional<audit::Record> ReturnGate::State::RecordOf(
    const InFlight& request, const ServerMessage& message,
    const std::optional<AskFault>& fault) {
  const std::string news = TakeTaskNews(context.session, request, message);
  const bool refused = fault && !request.polled.empty();
  if (!request.IsJudged() && news.empty() && !refused) return std::nullopt;
  audit::Record record = request.IsJudged()
                             ? outcomes.Of(request, message)
                             : outcomes.OfNews(request, message, news);
  if (message.result_type == "input_required") {
    record.detail = "the server asks for input";
  }
  if (fault) record.detail = "refused: " + std::string(fault->sentence);
  return record;
}

Verdict ReturnGate::State::TakeResponse(const ServerMessage& message,
                                        const Line& line) {
  auto request =
      message.id ? context.session.TakeSent(*message.id) : std::nullopt;
  if (!request.has_value()) {
    return outcomes.Drop(Code::kNotInFlight,
                         "an answer to no request in flight", line.text.size(),
                         message);
  }
  std::optional<AskFault> fault;
  std::optional<std::string> filtered;
  audit::MaskedLine masked;
  if (!request->cancelled) {
    fault = asks.OfAnswer(*request, message, line.text);
    if (!message.is_error && ServerLists::IsList(request->method)) {
      filtered = lists.Take(*request, message);
    }
    masked = mask.OfAnswer(*request, message, filtered ? *filtered : line.text);
  }
  if (auto record = RecordOf(*request, message, fault)) {
    record->result_digest = context.redactor.Digest(message.result);
    record->masked = masked.counts;
    record->controls = masked.controls;
    outcomes.Close(*request, *std::move(record), line.text.size());
  }
  if (fault) {
    return {Verdict::Kind::kForward,
            Outcomes::Instead(*request, fault->code, fault->sentence)};
  }
  NoteAnswer(context.session, *request, message);
  version.Take(*request, message);
  // MCP: the client has forgotten a request that it cancelled.
  if (request->cancelled) return {};
  return RelayMasked(filtered ? Line{*filtered, &*filtered} : line,
                     std::move(masked));
}

Verdict ReturnGate::State::TakeRequest(const ServerMessage& message,
                                       const Line& line) {
  const auto fault = asks.OfRequest(message, line.text);
  if (!fault) return RelayMasked(line, mask.OfRequest(line.text));
  (void)outcomes.Drop(fault->code, fault->sentence, line.text.size(), message);
  const bool unknown = fault->code == Code::kUnknownMethod;
  return {Verdict::Kind::kAnswer,
          ErrorLine(message.id, unknown ? kMethodNotFound : kInvalidRequest,
                    fault->code, fault->sentence)};
}

Verdict ReturnGate::State::TakeNotification(const ServerMessage& message,
                                            const Line& line) {
  if (const auto fault = asks.OfNote(message, line.text)) {
    return outcomes.Drop(fault->code, fault->sentence, line.text.size(),
                         message);
  }
  const TakenNote note = TakeNote(context.session, message, line.text);
  if (note.ended && note.ended->IsJudged()) {
    outcomes.Close(*note.ended, outcomes.Of(*note.ended, message),
                   line.text.size());
  }
  switch (note.fate) {
    case NoteFate::kPasses:
      return RelayMasked(line, mask.OfNotification(message, line.text));
    case NoteFate::kNothing:
      return outcomes.Drop(Code::kNotInFlight,
                           "a notification about no request in flight",
                           line.text.size(), message);
    case NoteFate::kUnknown:
      break;
  }
  return outcomes.Drop(Code::kUnknownMethod,
                       "an unknown notification of the server",
                       line.text.size(), message);
}

ReturnGate::ReturnGate(const GateContext& context, ResultLimit limit)
    : state_(std::make_unique<State>(context, limit)) {}
ReturnGate::~ReturnGate() = default;

std::vector<Verdict> ReturnGate::Handle(std::span<const Frame> frames) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(frames.size());
  for (const Frame& frame : frames) {
    verdicts.push_back(state_->Take(frame));
    // Nothing behind it would be sent: those stay in flight, to be answered
    // when the server is gone.
    if (verdicts.back().kind == Verdict::Kind::kClose) break;
  }
  return verdicts;
}

std::vector<Verdict> ReturnGate::OnServerGone() {
  state_->long_line.reset();
  return state_->outcomes.ServerGone();
}

std::vector<Verdict> ReturnGate::OnPolicyChanged() {
  std::vector<Verdict> verdicts;
  for (std::string& line : ToolsChangedLines(state_->context.session)) {
    verdicts.push_back({Verdict::Kind::kForward, std::move(line)});
  }
  return verdicts;
}

void ReturnGate::OnUnfinished(std::string_view bytes) {
  const std::size_t before = state_->long_line ? state_->long_line->bytes() : 0;
  state_->long_line.reset();
  (void)state_->outcomes.Drop(Code::kMalformed,
                              "the server ended in the middle of a line",
                              before + bytes.size());
}

Status ReturnGate::Flush() {
  state_->outcomes.TellRest();
  state_->lists.TellRest();
  return state_->context.trail.Flush();
}

}  // namespace gatehouse
