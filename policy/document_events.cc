// SPDX-License-Identifier: Apache-2.0
// libyaml counts characters, we count bytes: the places of the longer
// characters are noted once, and most texts have none.
#include "policy/document_events.h"

#include <yaml.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <vector>

namespace gatehouse {
namespace {

bool IsAscii(std::string_view text) {
  std::uint64_t all = 0;
  for (; text.size() >= sizeof all; text.remove_prefix(sizeof all)) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data(), sizeof eight);
    all |= eight;
  }
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return (all & 0x8080808080808080) == 0;
}

// From characters to bytes.
class ByteOffsets {
 public:
  explicit ByteOffsets(std::string_view text) {
    if (IsAscii(text)) return;
    std::size_t index = 0;
    std::size_t extra = 0;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte & 0xC0) == 0x80) {
        wide_.back().extra = ++extra;
        continue;
      }
      if (byte >= 0xC0) wide_.push_back({index, extra});
      ++index;
    }
  }

  std::size_t At(std::size_t index) const {
    const auto after =
        std::lower_bound(wide_.begin(), wide_.end(), index,
                         [](const Wide& wide, std::size_t sought) {
                           return wide.index < sought;
                         });
    return after == wide_.begin() ? index : index + std::prev(after)->extra;
  }

 private:
  struct Wide {
    std::size_t index = 0;  // of the character
    std::size_t extra = 0;  // bytes beyond one each, up to its end
  };
  std::vector<Wide> wide_;
};

}  // namespace

struct YamlEvents::State {
  explicit State(std::string_view source) : text(source), offsets(source) {
    if (yaml_parser_initialize(&parser) == 0) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &parser, reinterpret_cast<const unsigned char*>(text.data()),
        text.size());
  }
  ~State() {
    yaml_event_delete(&event);
    yaml_parser_delete(&parser);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void Place(const yaml_mark_t& mark, YamlEvent& placed) const {
    placed.at = offsets.At(mark.index);
    const std::size_t line_start = offsets.At(mark.index - mark.column);
    placed.position = {static_cast<int>(mark.line) + 1,
                       static_cast<int>(placed.at - line_start) + 1, 0};
  }

  YamlEvent Fault() {
    if (parser.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    YamlEvent fault;
    Place(parser.problem_mark, fault);
    if (between_documents && parser.error == YAML_PARSER_ERROR) {
      fault.kind = YamlEvent::Kind::kTrailingText;
      return fault;
    }
    problem = parser.problem == nullptr ? "unreadable" : parser.problem;
    if (parser.context != nullptr) problem += std::string(" ") + parser.context;
    fault.value = problem;
    return fault;
  }

  std::string_view text;
  ByteOffsets offsets;
  yaml_parser_t parser{};
  yaml_event_t event{};
  bool between_documents = false;
  std::string problem;
};

YamlEvents::YamlEvents(std::string_view text)
    : state_(std::make_unique<State>(text)) {}
YamlEvents::~YamlEvents() = default;

YamlEvent YamlEvents::Next() {
  using Kind = YamlEvent::Kind;
  State& state = *state_;
  while (true) {
    yaml_event_delete(&state.event);
    if (yaml_parser_parse(&state.parser, &state.event) == 0) {
      return state.Fault();
    }
    YamlEvent next;
    state.Place(state.event.start_mark, next);
    switch (state.event.type) {
      case YAML_NO_EVENT:
      case YAML_STREAM_END_EVENT:
        next.kind = Kind::kEnd;
        return next;
      case YAML_STREAM_START_EVENT:
        continue;
      case YAML_DOCUMENT_START_EVENT:
        state.between_documents = false;
        continue;
      case YAML_DOCUMENT_END_EVENT:
        state.between_documents = true;
        continue;
      case YAML_ALIAS_EVENT:
        next.kind = Kind::kAlias;
        return next;
      case YAML_SCALAR_EVENT: {
        const auto& scalar = state.event.data.scalar;
        next.kind = Kind::kScalar;
        next.value = {reinterpret_cast<const char*>(scalar.value),
                      scalar.length};
        next.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
        return next;
      }
      case YAML_SEQUENCE_START_EVENT:
        next.kind = Kind::kListStart;
        return next;
      case YAML_SEQUENCE_END_EVENT:
        next.kind = Kind::kListEnd;
        return next;
      case YAML_MAPPING_START_EVENT:
        next.kind = Kind::kMapStart;
        return next;
      case YAML_MAPPING_END_EVENT:
        next.kind = Kind::kMapEnd;
        return next;
    }
  }
}

}  // namespace gatehouse
