// SPDX-License-Identifier: Apache-2.0
// The envelope rules, each a function that answers with a sentence or with
// none. Order matters in one way only: the id is looked for first, so that
// every later refusal can be answered to it.
#include "proxy/message.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "proxy/json_reader.h"
#include "proxy/key_fold.h"
#include "proxy/known_keys.h"
#include "proxy/tool_definition.h"

namespace gatehouse {
namespace {

// What goes on, escaped: the SDKs' readers end at a line of 10 MiB.
constexpr std::size_t kMaxCanonicalBytes = 8 << 20;
constexpr std::size_t kMaxIdBytes = 256;
constexpr std::size_t kMaxMethodBytes = 128;
constexpr std::int64_t kMaxIdNumber = (std::int64_t{1} << 53) - 1;

constexpr std::array<std::string_view, 6> kEnvelope = {
    "jsonrpc", "id", "method", "params", "result", "error"};

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// The same of an id that a refused walk found, which is canonical already.
std::optional<RpcId> IdOfFault(const JsonFault& fault) {
  if (!fault.id.has_value()) return std::nullopt;
  const Result<JsonValue> value = ParseJson(*fault.id);
  if (!value.ok()) return std::nullopt;
  return ReadRpcId(value.value());
}

Refusal RefuseFault(JsonFault fault) {
  Refusal refusal;
  refusal.code = fault.code;
  refusal.rpc_code = fault.is_json ? kInvalidRequest : kParseError;
  if (!fault.is_response) refusal.id = IdOfFault(fault);
  refusal.sentence = std::move(fault.sentence);
  refusal.method = fault.method.value_or("").substr(0, kMaxMethodBytes);
  return refusal;
}

Refusal Refuse(Code code, int rpc_code, std::string sentence) {
  Refusal refusal;
  refusal.code = code;
  refusal.rpc_code = rpc_code;
  refusal.sentence = std::move(sentence);
  return refusal;
}

std::string_view EnvelopeKeyFault(const JsonValue& value) {
  for (const auto& [key, member] : Members(value)) {
    if (std::find(kEnvelope.begin(), kEnvelope.end(), key) != kEnvelope.end()) {
      continue;
    }
    return FoldsOnto(key, kEnvelope).empty()
               ? "the message has a member that JSON-RPC does not define"
               : "the message has a member that only resembles one of JSON-RPC";
  }
  return {};
}

// A response's id is one of the server's: it must not be answered to, since
// the client may have a request of its own under that id.
bool IsResponse(const JsonValue& value) {
  return Member(value, "method") == nullptr &&
         (Member(value, "result") != nullptr ||
          Member(value, "error") != nullptr);
}

// Servers in typed languages end at an error that is none.
std::string_view ErrorFault(const JsonValue& error) {
  if (KindOf(error) != JsonKind::kObject) return "the error is not an object";
  const JsonValue* code = Member(error, "code");
  const auto number = code == nullptr ? std::nullopt : AsInteger(*code);
  if (!number || *number < std::numeric_limits<std::int32_t>::min() ||
      *number > std::numeric_limits<std::int32_t>::max()) {
    return "the error's code is not a whole number of 32 bits";
  }
  if (!StringMember(error, "message")) return "the error has no message";
  return {};
}

// Request, notification and response exclude each other.
std::string_view KindFault(const JsonValue& value) {
  const bool has_result = Member(value, "result") != nullptr;
  const bool has_error = Member(value, "error") != nullptr;
  if (StringMember(value, "jsonrpc") != "2.0") {
    return "the member jsonrpc is not \"2.0\"";
  }
  if (const JsonValue* method = Member(value, "method")) {
    if (has_result || has_error) {
      return "the message is a request and a response at once";
    }
    const auto name = AsString(*method);
    if (!name.has_value() || name->empty()) return "the method is not a name";
    if (name->size() > kMaxMethodBytes) return "the method's name is too long";
    return {};
  }
  if (has_result == has_error) {
    return "the message is neither a request nor a response";
  }
  if (Member(value, "params") != nullptr) return "a response has no params";
  return has_error ? ErrorFault(*Member(value, "error")) : "";
}

std::string_view ParamsFault(const Message& message) {
  const JsonValue* params = Member(message.value, "params");
  if (params == nullptr) return {};
  if (KindOf(*params) != JsonKind::kObject) return "params is not an object";
  const JsonValue* meta = message.meta();
  if (meta == nullptr) return {};
  if (KindOf(*meta) != JsonKind::kObject) return "_meta is not an object";
  constexpr std::string_view kRevision =
      "io.modelcontextprotocol/protocolVersion";
  const JsonValue* revision = Member(*meta, kRevision);
  if (revision != nullptr && AsString(*revision).value_or("").empty()) {
    return "the protocol version is not a string, or an empty one";
  }
  return {};
}

std::string_view ToolFault(const Message& message) {
  if (message.method != "tools/call") return {};
  const JsonValue* params = message.params();
  const auto name =
      params == nullptr ? std::nullopt : StringMember(*params, "name");
  if (!name.has_value()) return "the call names no tool";
  if (!IsToolName(*name)) {
    return "the tool's name is not 1 to 128 of A-Z a-z 0-9 _ . -";
  }
  const JsonValue* arguments = Member(*params, "arguments");
  if (arguments != nullptr && KindOf(*arguments) != JsonKind::kObject) {
    return "arguments is not an object";
  }
  return {};
}

// Everything below the envelope that is the same for every method.
std::optional<Refusal> ContentFault(const Message& message) {
  if (const auto key = FindKeyLookalike(message.value); !key.empty()) {
    return Refuse(Code::kMalformed, kInvalidParams,
                  "a key only resembles \"" + std::string(key) + "\"");
  }
  for (const auto check : {ParamsFault, ToolFault}) {
    const std::string_view sentence = check(message);
    if (sentence.empty()) continue;
    return Refuse(Code::kMalformed, kInvalidParams, std::string(sentence));
  }
  return std::nullopt;
}

// `message` holds value and canonical text; fills in the rest.
std::optional<Refusal> ReadEnvelope(Message& message) {
  const JsonValue& value = message.value;
  const JsonValue* id = Member(value, "id");
  if (id != nullptr) message.id = ReadRpcId(*id);
  message.method = StringMember(value, "method").value_or("");
  for (const auto check : {EnvelopeKeyFault, KindFault}) {
    const std::string_view sentence = check(value);
    if (sentence.empty()) continue;
    return Refuse(Code::kMalformed, kInvalidRequest, std::string(sentence));
  }
  if (id != nullptr && !message.id.has_value()) {
    return Refuse(Code::kMalformed, kInvalidRequest,
                  "the id is not a string or a whole number within 2^53");
  }
  if (message.method.empty()) message.kind = MessageKind::kResponse;
  if (message.kind == MessageKind::kResponse && id == nullptr) {
    return Refuse(Code::kMalformed, kInvalidRequest, "the response has no id");
  }
  if (id == nullptr) message.kind = MessageKind::kNotification;
  if (message.canonical.size() > kMaxCanonicalBytes) {
    return Refuse(Code::kTooLarge, kInvalidRequest,
                  "the message is over 8 MiB once its text is escaped");
  }
  return ContentFault(message);
}

}  // namespace

const JsonValue* Message::params() const { return Member(value, "params"); }

const JsonValue* Message::meta() const {
  const JsonValue* object = params();
  return object == nullptr ? nullptr : Member(*object, "_meta");
}

std::string_view Message::tool() const {
  const JsonValue* object = params();
  if (object == nullptr) return {};
  return StringMember(*object, "name").value_or("");
}

bool Message::AnswersAsTool() const {
  if (method != "tools/call") return false;
  const JsonValue* object = params();
  return object == nullptr || Member(*object, "task") == nullptr;
}

const JsonValue* Message::arguments() const {
  const JsonValue* object = params();
  return object == nullptr ? nullptr : Member(*object, "arguments");
}

std::optional<RpcId> ReadRpcId(const JsonValue& value) {
  if (const auto text = AsString(value)) {
    if (text->size() > kMaxIdBytes) return std::nullopt;
    if (std::any_of(text->begin(), text->end(), IsControl)) return std::nullopt;
    return RpcId{JsonWriter().String(*text).Take()};
  }
  const std::optional<std::int64_t> number = AsInteger(value);
  if (!number.has_value()) return std::nullopt;
  if (*number > kMaxIdNumber || *number < -kMaxIdNumber) return std::nullopt;
  return RpcId{std::to_string(*number)};
}

bool IsBlank(const Frame& frame) {
  return frame.part == FramePart::kWhole &&
         frame.bytes.find_first_not_of(" \t") == std::string_view::npos;
}

std::variant<Refusal, Message> ReadMessage(const Frame& frame) {
  const std::size_t start = frame.bytes.find_first_not_of(" \t");
  if (start != std::string_view::npos && frame.bytes[start] == '[') {
    return Refuse(Code::kBatch, kInvalidRequest,
                  "JSON-RPC batches are not accepted");
  }
  auto read = ReadStrictJson(frame.bytes);
  if (auto* fault = std::get_if<JsonFault>(&read)) {
    return RefuseFault(std::move(*fault));
  }
  StrictJson& json = std::get<StrictJson>(read);
  if (KindOf(json.value) != JsonKind::kObject) {
    return Refuse(Code::kMalformed, kInvalidRequest,
                  "the message is not an object");
  }
  Message message;
  message.value = std::move(json.value);
  message.canonical = std::move(json.canonical);
  if (auto refusal = ReadEnvelope(message)) {
    if (!IsResponse(message.value)) refusal->id = message.id;
    refusal->method = message.method.substr(0, kMaxMethodBytes);
    refusal->notification = Member(message.value, "id") == nullptr &&
                            !message.method.empty() &&
                            refusal->rpc_code == kInvalidParams;
    return *std::move(refusal);
  }
  return message;
}

}  // namespace gatehouse
