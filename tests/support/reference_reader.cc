// SPDX-License-Identifier: Apache-2.0
// simdjson's first stage checks UTF-8, quotes and control characters; skipping
// a value on demand checks nothing, so the walk visits every token and checks
// it here.
#include "tests/support/reference_reader.h"

#include "proxy/json_token.h"
#include "proxy/server_envelope.h"
#include "simdjson.h"

namespace gatehouse::testing {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr int kMaxDepth = 256;

std::string_view TrimEnd(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// A scalar's text; "" where it is none.
std::string_view Token(ondemand::value& value) {
  return TrimEnd(value.raw_json_token());
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
  // Not consumed here: whoever iterates steps over a scalar by itself. It takes
  // a string before a colon for a key, wherever it stands, and all up to any
  // closing bracket for what belongs to it: so what follows is looked at here.
  const std::string_view token = value.raw_json_token();
  const char next = token.data()[token.size()];
  return IsJsonScalar(TrimEnd(token)) &&
         (next == ',' || next == ']' || next == '}');
}

// Reads one line that stands, padded, in the reader's buffer.
class EnvelopeWalk {
 public:
  explicit EnvelopeWalk(ondemand::document& document) : document_(document) {}

  // "" or what is wrong.
  std::string_view Run();
  ServerMessage Take() { return envelope_.Take(); }
  std::string_view result() const { return result_; }

 private:
  bool Visit(std::string_view key, ondemand::value value);
  bool ReadResult(ondemand::value value);

  ondemand::document& document_;
  ServerEnvelope envelope_;
  std::string_view result_;
};

bool EnvelopeWalk::ReadResult(ondemand::value value) {
  const char* start = nullptr;
  if (document_.current_location().get(start) != simdjson::SUCCESS) {
    return false;
  }
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return false;
  const bool sound =
      WalkMembers(object, [this](std::string_view key, ondemand::value member) {
        envelope_.NoteResult(key, Token(member));
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
  const EnvelopeMember member = envelope_.Open(key);
  if (member == EnvelopeMember::kNone) return false;
  if (member == EnvelopeMember::kResult) return ReadResult(value);
  if (IsObjectMember(member)) {
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    return type == ondemand::json_type::object && WalkValue(value, 1);
  }
  const std::string token(Token(value));
  return WalkValue(value, 1) && envelope_.TakeScalar(member, token);
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
  return envelope_.Close();
}

}  // namespace

struct ReferenceReader::Buffers {
  std::string bytes;
  std::unique_ptr<ondemand::parser> parser;
};

ReferenceReader::ReferenceReader() : buffers_(std::make_unique<Buffers>()) {}
ReferenceReader::~ReferenceReader() = default;

std::variant<ServerFault, ServerMessage> ReferenceReader::Read(
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
  return outcome;
}

}  // namespace gatehouse::testing
