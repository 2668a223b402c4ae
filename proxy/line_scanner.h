// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one reader of a server's lines: checked and understood piece by piece, as
// they arrive where a line is too long to wait for, in memory that does not
// grow with it. Says whom the line answers as soon as the line has said so, and
// at its end what message it was. It is more lenient than the client's reader
// on purpose where a client loses nothing: long integers, lone surrogates that
// a server cut out of a log, equal keys deep inside a result.
//
// A resumable walk over bytes: UTF-8, grammar, one closed envelope. It keeps
// nothing of a value but a few short tokens of the envelope.

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/server_envelope.h"
#include "proxy/server_message.h"
#include "proxy/utf8_stream.h"

namespace gatehouse {

// Owns its state. One thread. Cannot fail: a fault is remembered, and all that
// follows it is ignored.
class LineScanner {
 public:
  // The next bytes of the line, whatever the cut.
  void Feed(std::string_view piece);
  // After the last: the message (its `result` is "": the text is gone), or why
  // the line is none.
  std::variant<ServerFault, ServerMessage> Finish();

  // Nothing is wrong so far.
  bool sound() const { return fault_.empty(); }
  // The message has ended: only blanks may follow.
  bool complete() const { return state_ == State::kEnd; }
  // Its result has `inputRequests`, so far as it is read.
  bool asks_client() const { return envelope_.message().asks_client; }
  // Whom the line answers: once it has given its id and begun its result, which
  // is no error, and is sound so far; else nullptr.
  const RpcId* Answers() const;
  // Where the result's text stands in the line, once it has ended; 0, 0 where
  // there is none.
  std::size_t result_begin() const { return result_begin_; }
  std::size_t result_end() const { return result_end_; }

 private:
  enum class State : std::uint8_t {
    kValue,      // a value must come
    kFirstKey,   // after "{": a key or "}"
    kKey,        // after "," in an object
    kColon,      // after a key
    kFirstItem,  // after "[": a value or "]"
    kAfter,      // after a value: "," or the container's end
    kString,     // inside a string
    kEscape,     // after its backslash
    kHex,        // inside \uXXXX, `hex_left_` to come
    kScalar,     // inside a number, true, false or null
    kEnd,        // after the message: blanks only
  };
  enum class Role : std::uint8_t { kKey = 0, kValue };
  static constexpr std::size_t kMaxEnclosing = 256;

  const char* Step(const char* at, const char* end);
  const char* InString(const char* at, const char* end);
  const char* InScalar(const char* at, const char* end);
  void Structural(char c, std::size_t offset);
  void BeginValue(char c, std::size_t offset);
  void Push(char c, std::size_t offset);
  void Pop(char c, std::size_t offset);
  void BeginString(Role role);
  void Keep(const char* from, const char* to);
  void EndString();
  void EndScalar();
  void Fail(std::string_view sentence);
  bool InResult() const {
    return depth_ == 2 && member_ == EnvelopeMember::kResult;
  }

  ServerEnvelope envelope_;
  Utf8Stream utf8_;
  State state_ = State::kValue;
  std::bitset<kMaxEnclosing + 2> objects_;         // by depth: object, or array
  std::size_t depth_ = 0;                          // open containers
  EnvelopeMember member_ = EnvelopeMember::kNone;  // of the message, now open
  std::string result_key_;                         // the last of its result
  Role role_ = Role::kKey;                         // of the string now open
  bool keeping_ = false;                           // its bytes go to `token_`
  std::string token_;  // a value's with its quotes, a key's without
  int hex_left_ = 0;
  const char* piece_ = nullptr;  // being walked
  std::size_t offset_ = 0;       // of the piece in the line
  std::size_t result_begin_ = 0;
  std::size_t result_end_ = 0;
  std::string fault_;
};

}  // namespace gatehouse
