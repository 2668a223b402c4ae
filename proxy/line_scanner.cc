// SPDX-License-Identifier: Apache-2.0
// Nearly all bytes of a long line stand in strings: those are searched sixteen
// at a time for what can end or break a string; everything else is a state
// machine over single bytes.
#include "proxy/line_scanner.h"

#include <algorithm>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "proxy/json_token.h"

namespace gatehouse {
namespace {

// Longer than any id, method or key that counts, escapes and all; a number
// longer than this is refused.
constexpr std::size_t kMaxTokenBytes = 4096;
constexpr std::string_view kUnsound =
    "the line is not one sound JSON-RPC message";

bool IsSpecial(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
         (c >= 'A' && c <= 'F');
}

// The first quote, backslash or control character, else `end`.
const char* FindSpecial(const char* at, const char* end) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i escape = _mm_set1_epi8('\\');
  const __m128i control = _mm_set1_epi8(0x1f);
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
                                      _mm_cmpeq_epi8(bytes, escape));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes);
    const int found = _mm_movemask_epi8(_mm_or_si128(ends, low));
    if (found != 0) return at + __builtin_ctz(static_cast<unsigned>(found));
  }
#endif
  while (at < end && !IsSpecial(*at)) ++at;
  return at;
}

}  // namespace

void LineScanner::Feed(std::string_view piece) {
  if (!sound()) return;
  if (!utf8_.Feed(piece)) return Fail("the line is not JSON in UTF-8");
  piece_ = piece.data();
  const char* const end = piece.data() + piece.size();
  for (const char* at = piece.data(); at < end && sound();) at = Step(at, end);
  offset_ += piece.size();
}

std::variant<ServerFault, ServerMessage> LineScanner::Finish() {
  if (!utf8_.Complete() || state_ != State::kEnd) Fail(kUnsound);
  if (sound()) Fail(envelope_.Close());
  if (!sound()) return ServerFault{fault_};
  return envelope_.Take();
}

const RpcId* LineScanner::Answers() const {
  // An error may ask the client for what it did not declare: read whole.
  const bool answers = envelope_.Seen(EnvelopeMember::kResult) &&
                       !envelope_.Seen(EnvelopeMember::kError);
  const bool asks = envelope_.Seen(EnvelopeMember::kMethod) ||
                    envelope_.Seen(EnvelopeMember::kParams);
  const auto& id = envelope_.message().id;
  return sound() && answers && !asks && id.has_value() ? &*id : nullptr;
}

const char* LineScanner::Step(const char* at, const char* end) {
  switch (state_) {
    case State::kString:
    case State::kEscape:
    case State::kHex:
      return InString(at, end);
    case State::kScalar:
      return InScalar(at, end);
    case State::kValue:
    case State::kFirstKey:
    case State::kKey:
    case State::kColon:
    case State::kFirstItem:
    case State::kAfter:
    case State::kEnd:
      break;
  }
  if (*at != ' ' && *at != '\t') {
    Structural(*at, offset_ + static_cast<std::size_t>(at - piece_));
  }
  return at + 1;
}

void LineScanner::Structural(char c, std::size_t offset) {
  const bool quote = c == '"';
  switch (state_) {
    case State::kFirstKey:
      if (c == '}') return Pop(c, offset);
      return quote ? BeginString(Role::kKey) : Fail(kUnsound);
    case State::kKey:
      return quote ? BeginString(Role::kKey) : Fail(kUnsound);
    case State::kColon:
      if (c != ':') return Fail(kUnsound);
      state_ = State::kValue;
      return;
    case State::kFirstItem:
      if (c == ']') return Pop(c, offset);
      return BeginValue(c, offset);
    case State::kValue:
      return BeginValue(c, offset);
    case State::kAfter:
      if (c != ',') return Pop(c, offset);
      state_ = objects_[depth_] ? State::kKey : State::kValue;
      return;
    case State::kEnd:
      return Fail("something follows the message");
    case State::kString:
    case State::kEscape:
    case State::kHex:
    case State::kScalar:
      return;  // not structural
  }
}

void LineScanner::BeginValue(char c, std::size_t offset) {
  const bool container = c == '{' || c == '[';
  if (depth_ > kMaxEnclosing) return Fail("the line is nested too deep");
  if (depth_ == 0 && c != '{') return Fail("the line is not a JSON object");
  if (depth_ == 1 && (IsObjectMember(member_) ? c != '{' : container)) {
    return Fail(kUnsound);
  }
  if (container) return Push(c, offset);
  if (c == '"') return BeginString(Role::kValue);
  token_ = c;
  state_ = State::kScalar;
}

void LineScanner::Push(char c, std::size_t offset) {
  if (InResult()) envelope_.NoteResult(result_key_, {});
  if (depth_ == 1 && member_ == EnvelopeMember::kResult) {
    result_begin_ = offset;
  }
  objects_[++depth_] = c == '{';
  state_ = c == '{' ? State::kFirstKey : State::kFirstItem;
}

void LineScanner::Pop(char c, std::size_t offset) {
  if (c != (objects_[depth_] ? '}' : ']')) return Fail(kUnsound);
  --depth_;
  state_ = depth_ == 0 ? State::kEnd : State::kAfter;
  if (depth_ == 1 && member_ == EnvelopeMember::kResult) {
    result_end_ = offset + 1;
  }
}

// Kept are the keys of the message and of its result, and the scalars there.
void LineScanner::BeginString(Role role) {
  role_ = role;
  keeping_ = depth_ == 1 || InResult();
  token_.clear();
  if (role == Role::kValue) token_ = '"';
  state_ = State::kString;
}

const char* LineScanner::InString(const char* at, const char* end) {
  const char* const from = at;
  while (at < end && sound()) {
    if (state_ == State::kEscape) {
      const bool hex = *at == 'u';
      constexpr std::string_view kShort = "\"\\/bfnrt";
      if (!hex && kShort.find(*at) == kShort.npos) Fail(kUnsound);
      hex_left_ = 4;
      state_ = hex ? State::kHex : State::kString;
      ++at;
    } else if (state_ == State::kHex) {
      if (!IsHexDigit(*at)) Fail(kUnsound);
      if (--hex_left_ == 0) state_ = State::kString;
      ++at;
    } else {
      at = FindSpecial(at, end);
      if (at == end) break;
      if (*at == '"') {
        Keep(from, at);
        EndString();
        return at + 1;
      }
      if (*at != '\\') Fail(kUnsound);  // a control character
      state_ = State::kEscape;
      ++at;
    }
  }
  Keep(from, end);
  return end;
}

const char* LineScanner::InScalar(const char* at, const char* end) {
  const char* const from = at;
  constexpr std::string_view kAfterScalar = ",}] \t";
  while (at < end && kAfterScalar.find(*at) == kAfterScalar.npos) ++at;
  keeping_ = true;
  Keep(from, at);
  if (token_.size() > kMaxTokenBytes) Fail(kUnsound);
  if (at < end) EndScalar();
  return at;
}

// One byte more than the limit stays, to tell a long token by.
void LineScanner::Keep(const char* from, const char* to) {
  if (!keeping_ || token_.size() > kMaxTokenBytes) return;
  const auto count = static_cast<std::size_t>(to - from);
  token_.append(from, std::min(count, kMaxTokenBytes + 1 - token_.size()));
}

void LineScanner::EndString() {
  if (role_ == Role::kValue) {
    token_ += '"';
    return EndScalar();
  }
  state_ = State::kColon;
  if (InResult()) result_key_ = token_;
  if (depth_ != 1) return;
  member_ = envelope_.Open(token_);
  if (member_ == EnvelopeMember::kNone) Fail(kUnsound);
}

void LineScanner::EndScalar() {
  state_ = State::kAfter;
  if (token_.front() != '"' && !IsJsonScalar(token_)) return Fail(kUnsound);
  if (InResult()) envelope_.NoteResult(result_key_, token_);
  if (depth_ == 1 && !envelope_.TakeScalar(member_, token_)) Fail(kUnsound);
}

void LineScanner::Fail(std::string_view sentence) {
  if (fault_.empty()) fault_ = sentence;
}

}  // namespace gatehouse
