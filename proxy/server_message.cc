// SPDX-License-Identifier: Apache-2.0
// simdjson's first stage checks UTF-8, quotes and control characters; skipping
// a value on demand checks nothing, so the walk visits every token and checks
// it here. It is more lenient than the client's reader on purpose where a
// client loses nothing: long integers, lone surrogates that a server cut out
// of a log, equal keys deep inside a result.
#include "proxy/server_message.h"

#include <array>
#include <cstdint>

#include "proxy/json_token.h"
#include "simdjson.h"

namespace gatehouse {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr int kMaxDepth = 256;
constexpr std::size_t kKeptBytes = 1u << 20;
constexpr std::size_t kMaxMethodBytes = 256;

std::string_view TrimEnd(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// A scalar's text; "" where it is none.
std::string_view Token(ondemand::value& value) {
  return TrimEnd(value.raw_json_token());
}

// A string's text as it stands; "" where it is none, or a long one.
std::string ShortText(ondemand::value& value) {
  constexpr std::size_t kMaxShort = 64;
  const std::string_view token = Token(value);
  if (token.size() < 2 || token.size() > kMaxShort || token[0] != '"') {
    return "";
  }
  return std::string(token.substr(1, token.size() - 2));
}

// The key's text between its quotes, escapes as they stand.
std::optional<std::string_view> RawKey(ondemand::field& field) {
  const char* start = field.key().raw();
  const char* end = start;
  while (*end != '"') end += *end == '\\' ? 2 : 1;
  const std::string_view quoted(start - 1,
                                static_cast<std::size_t>(end - start) + 2);
  if (!IsJsonString(quoted)) return std::nullopt;
  return quoted.substr(1, quoted.size() - 2);
}

bool WalkValue(ondemand::value value, int depth);

bool WalkArray(ondemand::value& value, int depth) {
  ondemand::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) return false;
  for (auto element : list) {
    ondemand::value item;
    if (std::move(element).get(item) != simdjson::SUCCESS) return false;
    if (!WalkValue(item, depth + 1)) return false;
  }
  return true;
}

// Calls `visit(key, value)` for each member; stops where it says false.
template <typename Visit>
bool WalkMembers(ondemand::object& object, Visit visit) {
  for (auto member : object) {
    ondemand::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS) return false;
    const auto key = RawKey(field);
    if (!key.has_value() || !visit(*key, field.value())) return false;
  }
  return true;
}

bool WalkObject(ondemand::value& value, int depth) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return false;
  return WalkMembers(object, [depth](std::string_view, ondemand::value member) {
    return WalkValue(member, depth + 1);
  });
}

// Checks one value whole and leaves the iterator behind it.
bool WalkValue(ondemand::value value, int depth) {
  if (depth > kMaxDepth) return false;
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == ondemand::json_type::array) return WalkArray(value, depth);
  if (type == ondemand::json_type::object) return WalkObject(value, depth);
  // Not consumed here: whoever iterates steps over a scalar by itself.
  return IsJsonScalar(Token(value));
}

enum Member : std::uint8_t {
  kVersion = 1,
  kId = 2,
  kMethod = 4,
  kParams = 8,
  kResult = 16,
  kError = 32,
};

std::uint8_t MemberOf(std::string_view key) {
  struct Row {
    std::string_view key;
    Member member;
  };
  constexpr std::array<Row, 6> kRows = {{{"jsonrpc", kVersion},
                                         {"id", kId},
                                         {"method", kMethod},
                                         {"params", kParams},
                                         {"result", kResult},
                                         {"error", kError}}};
  for (const Row& row : kRows) {
    if (row.key == key) return row.member;
  }
  return 0;
}

// Reads one line that stands, padded, in the reader's buffer.
class EnvelopeWalk {
 public:
  explicit EnvelopeWalk(ondemand::document& document) : document_(document) {}

  // "" or what is wrong.
  std::string_view Run();
  ServerMessage Take() { return std::move(message_); }
  std::string_view result() const { return result_; }

 private:
  bool Visit(std::string_view key, ondemand::value value);
  bool ReadScalarMember(std::uint8_t member, std::string_view token);
  bool ReadResult(ondemand::value value);
  std::string_view KindFault();

  ondemand::document& document_;
  ServerMessage message_;
  std::string_view result_;
  std::uint8_t seen_ = 0;
};

bool EnvelopeWalk::ReadScalarMember(std::uint8_t member,
                                    std::string_view token) {
  if (member == kVersion) return token == "\"2.0\"";
  const Result<JsonValue> value = ParseJson(token);
  if (!value.ok()) return false;
  if (member == kId) {
    message_.id = ReadRpcId(value.value());
    return message_.id.has_value() || token == "null";
  }
  const auto method = AsString(value.value());
  if (!method.has_value() || method->empty()) return false;
  message_.method = *method;
  return method->size() <= kMaxMethodBytes;
}

bool EnvelopeWalk::ReadResult(ondemand::value value) {
  const char* start = nullptr;
  if (document_.current_location().get(start) != simdjson::SUCCESS) {
    return false;
  }
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return false;
  const bool sound =
      WalkMembers(object, [this](std::string_view key, ondemand::value member) {
        if (key == "isError" && Token(member) == "true") {
          message_.is_tool_error = true;
        }
        if (key == "resultType") message_.result_type = ShortText(member);
        return WalkValue(member, 2);
      });
  const char* end = nullptr;
  if (!sound || document_.current_location().get(end) != simdjson::SUCCESS) {
    return false;
  }
  result_ = TrimEnd({start, static_cast<std::size_t>(end - start)});
  return true;
}

bool EnvelopeWalk::Visit(std::string_view key, ondemand::value value) {
  const std::uint8_t member = MemberOf(key);
  if (member == 0 || (seen_ & member) != 0) return false;
  seen_ |= member;
  if (member == kResult) return ReadResult(value);
  if (member == kParams || member == kError) {
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    return type == ondemand::json_type::object && WalkValue(value, 1);
  }
  const std::string token(Token(value));
  return WalkValue(value, 1) && ReadScalarMember(member, token);
}

std::string_view EnvelopeWalk::KindFault() {
  if ((seen_ & kVersion) == 0) return "the line has no jsonrpc member";
  const bool has_result = (seen_ & kResult) != 0;
  const bool has_error = (seen_ & kError) != 0;
  message_.is_error = has_error;
  if ((seen_ & kMethod) != 0) {
    if (has_result || has_error) return "a request and a response at once";
    if ((seen_ & kId) != 0 && !message_.id) return "a request with id null";
    message_.kind =
        message_.id ? MessageKind::kRequest : MessageKind::kNotification;
    return {};
  }
  if (has_result == has_error || (seen_ & kParams) != 0) {
    return "neither a request nor a response";
  }
  message_.kind = MessageKind::kResponse;
  return {};
}

std::string_view EnvelopeWalk::Run() {
  ondemand::object object;
  if (document_.get_object().get(object) != simdjson::SUCCESS) {
    return "the line is not a JSON object";
  }
  const bool sound =
      WalkMembers(object, [this](std::string_view key, ondemand::value value) {
        return Visit(key, value);
      });
  if (!sound) return "the line is not one sound JSON-RPC message";
  // Out of bounds is the good case: nothing is left.
  if (document_.current_location().error() != simdjson::OUT_OF_BOUNDS)
    return "something follows the message";
  return KindFault();
}

}  // namespace

struct ServerReader::Buffers {
  std::string bytes;
  std::unique_ptr<ondemand::parser> parser;
};

ServerReader::ServerReader() : buffers_(std::make_unique<Buffers>()) {}
ServerReader::~ServerReader() = default;

std::variant<ServerFault, ServerMessage> ServerReader::Read(
    std::string_view line) {
  if (line.find('\r') != line.npos || line.find('\0') != line.npos) {
    return ServerFault{"the line holds a carriage return or a NUL byte"};
  }
  Buffers& buffers = *buffers_;
  if (buffers.parser == nullptr) {
    buffers.parser = std::make_unique<ondemand::parser>();
  }
  buffers.bytes.reserve(line.size() + simdjson::SIMDJSON_PADDING);
  buffers.bytes.assign(line);
  std::variant<ServerFault, ServerMessage> outcome = ServerFault{};
  try {
    ondemand::document document;
    const simdjson::padded_string_view padded(buffers.bytes.data(), line.size(),
                                              buffers.bytes.capacity());
    if (buffers.parser->iterate(padded).get(document) != simdjson::SUCCESS) {
      return ServerFault{"the line is not JSON in UTF-8"};
    }
    EnvelopeWalk walk(document);
    const std::string_view fault = walk.Run();
    if (fault.empty()) {
      ServerMessage message = walk.Take();
      const std::string_view found = walk.result();
      if (!found.empty()) {
        message.result = line.substr(
            static_cast<std::size_t>(found.data() - buffers.bytes.data()),
            found.size());
      }
      outcome = std::move(message);
    } else {
      outcome = ServerFault{std::string(fault)};
    }
  } catch (const std::exception&) {
    outcome = ServerFault{"the line could not be read"};
  }
  // A rare big answer must not keep its memory for the session.
  if (line.size() > kKeptBytes) buffers = Buffers();
  return outcome;
}

}  // namespace gatehouse
