// SPDX-License-Identifier: Apache-2.0
// Two steps: bytes first (what nlohmann would pass over in silence: a NUL ends
// its input, a byte order mark is skipped), then the walk. After a refusal the
// walk goes on without building anything, only to find the id: the client
// waits for an answer to it.
#include "proxy/json_reader.h"

#include <cstring>
#include <utility>
#include <vector>

#include "policy/json_builder.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "proxy/utf8_stream.h"

namespace gatehouse {
namespace {

std::optional<JsonFault> FindBadBytes(std::string_view text) {
  const auto fault = [](std::string_view sentence) {
    JsonFault result;
    result.sentence = sentence;
    return result;
  };
  if (text.empty()) return fault("the line is empty");
  if (std::memchr(text.data(), '\0', text.size()) != nullptr) {
    return fault("the line holds a NUL byte");
  }
  // Node's and Python's line readers end a line at a CR, Go's do not.
  if (std::memchr(text.data(), '\r', text.size()) != nullptr) {
    return fault("the line holds a carriage return");
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    return fault("the line starts with a byte order mark");
  }
  if (!IsUtf8(text)) {
    return fault("the line is not valid UTF-8");
  }
  return std::nullopt;
}

// An open object or array.
struct Level {
  bool is_object = false;
  std::size_t members = 0;
};

class Walk {
 public:
  using number_integer_t = JsonValue::number_integer_t;
  using number_unsigned_t = JsonValue::number_unsigned_t;
  using number_float_t = JsonValue::number_float_t;
  using string_t = JsonValue::string_t;
  using binary_t = JsonValue::binary_t;

  explicit Walk(const JsonLimits& limits) : limits_(limits) {
    levels_.reserve(8);
  }

  // nlohmann's SAX interface; false ends the walk.
  bool null() { return Scalar(nullptr, "null"); }
  bool boolean(bool flag) { return Scalar(flag, flag ? "true" : "false"); }
  bool number_integer(number_integer_t number) {
    // Only "-0" comes here without being negative; readers that keep the sign
    // and those that do not would differ.
    if (number < 0) return Scalar(number, std::to_string(number));
    Refuse(Code::kMalformed, "the number -0 is refused");
    return true;
  }
  bool number_unsigned(number_unsigned_t number) {
    return Scalar(number, std::to_string(number));
  }
  bool number_float(number_float_t number, const string_t& lexeme) {
    if (lexeme.find_first_of(".eE") == string_t::npos) {
      Refuse(Code::kMalformed, "an integer is out of range");
    }
    return Scalar(number, lexeme);
  }
  bool string(string_t& text);
  bool binary(binary_t&) { return false; }  // not in JSON
  bool start_object(std::size_t) { return Open(true); }
  bool end_object() { return Close(); }
  bool start_array(std::size_t) { return Open(false); }
  bool end_array() { return Close(); }
  bool key(string_t& name);
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& error);

  std::variant<JsonFault, StrictJson> Finish(bool complete) &&;

 private:
  void Refuse(Code code, std::string_view sentence);
  bool refused() const { return !fault_.sentence.empty(); }
  void Count();
  bool Open(bool is_object);
  bool Close();
  template <typename T>
  bool Scalar(T value, std::string_view lexeme);
  void NoteKey(const string_t& name);
  bool AtTop(std::string_view name) const {
    return levels_.size() == 1 && levels_.back().is_object && top_key_ == name;
  }

  JsonLimits limits_;
  JsonBuilder builder_;  // idle once refused
  JsonWriter canonical_;
  std::vector<Level> levels_;
  string_t top_key_;  // the message's member whose value comes next
  std::size_t values_ = 0;
  JsonFault fault_;
  bool parse_failed_ = false;
  int ids_ = 0;
  int methods_ = 0;
};

void Walk::Refuse(Code code, std::string_view sentence) {
  if (refused()) return;
  fault_.code = code;
  fault_.is_json = true;
  fault_.sentence = sentence;
}

void Walk::Count() {
  if (++values_ > limits_.max_values) {
    Refuse(Code::kTooLarge, "the message holds too many values");
  }
  if (levels_.empty()) return;
  if (++levels_.back().members > limits_.max_members) {
    Refuse(Code::kTooLarge, "an object or list has too many members");
  }
}

template <typename T>
bool Walk::Scalar(T value, std::string_view lexeme) {
  Count();
  if (AtTop("id") && std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    fault_.id = lexeme;
  }
  if (refused()) return true;
  canonical_.Raw(lexeme);
  builder_.Add(JsonValue(value));
  return true;
}

bool Walk::string(string_t& text) {
  Count();
  if (AtTop("id")) fault_.id = JsonWriter().String(text).Take();
  if (AtTop("method")) fault_.method = text;
  if (refused()) return true;
  canonical_.String(text);
  builder_.Add(JsonValue(std::move(text)));
  return true;
}

bool Walk::Open(bool is_object) {
  Count();
  if (levels_.size() >= limits_.max_depth) {
    Refuse(Code::kTooDeep, "the message is nested over " +
                               std::to_string(limits_.max_depth) + " levels");
  }
  if (!refused()) {
    is_object ? canonical_.BeginObject() : canonical_.BeginArray();
    builder_.Open(is_object ? JsonValue::object() : JsonValue::array());
  }
  levels_.push_back({is_object, 0});
  return true;
}

bool Walk::Close() {
  const bool is_object = levels_.back().is_object;
  levels_.pop_back();
  if (refused()) return true;
  is_object ? canonical_.EndObject() : canonical_.EndArray();
  builder_.Close();
  return true;
}

void Walk::NoteKey(const string_t& name) {
  if (levels_.size() != 1) return;
  top_key_ = name;
  if (name == "id") ++ids_;
  if (name == "method") ++methods_;
  if (name == "result" || name == "error") fault_.is_response = true;
}

bool Walk::key(string_t& name) {
  NoteKey(name);
  if (refused()) return true;
  if (name.find('\0') != string_t::npos) {
    Refuse(Code::kMalformed, "a key holds U+0000");
  } else if (name == "__proto__") {
    Refuse(Code::kMalformed, "the key __proto__ is refused");
  } else if (!builder_.Key(name)) {
    Refuse(Code::kDuplicateKey, "an object has the same key twice");
  } else {
    canonical_.Key(name);
  }
  return true;
}

bool Walk::parse_error(std::size_t, const std::string&,
                       const nlohmann::detail::exception& error) {
  constexpr int kOutOfRange = 406;
  parse_failed_ = true;
  fault_ = JsonFault();
  // Not nlohmann's own words: they quote the text, and this may be recorded.
  fault_.sentence = error.id == kOutOfRange
                        ? "a number is out of range"
                        : "the line is not one complete JSON value";
  return false;
}

std::variant<JsonFault, StrictJson> Walk::Finish(bool complete) && {
  if (!refused() && complete) {
    return StrictJson{std::move(builder_).Take(), canonical_.Take()};
  }
  if (!refused()) fault_.sentence = "the line is not one complete JSON value";
  // Given twice, or cut off, it is not known which id the client waits for.
  if (parse_failed_ || ids_ != 1) fault_.id.reset();
  if (parse_failed_ || methods_ != 1) fault_.method.reset();
  if (methods_ != 0) fault_.is_response = false;
  return std::move(fault_);
}

}  // namespace

std::variant<JsonFault, StrictJson> ReadStrictJson(std::string_view text,
                                                   const JsonLimits& limits) {
  if (auto fault = FindBadBytes(text)) return *std::move(fault);
  Walk walk(limits);
  try {
    const bool complete = JsonValue::sax_parse(
        text.data(), text.data() + text.size(), &walk,
        nlohmann::detail::input_format_t::json, /*strict=*/true,
        /*ignore_comments=*/false);
    return std::move(walk).Finish(complete);
  } catch (const std::exception&) {
    JsonFault fault;
    fault.sentence = "the line could not be read";
    return fault;
  }
}

}  // namespace gatehouse
