// SPDX-License-Identifier: Apache-2.0
#include "proxy/pinned_message.h"

#include <string>
#include <string_view>

#include "policy/json_writer.h"
#include "proxy/message_edit.h"

namespace gatehouse {
namespace {

std::optional<std::string> WithPin(const std::string& text,
                                   const NamespacePin& pin) {
  const auto params = FindMember(text, 0, "params");
  if (!params || text[params->begin] != '{') return std::nullopt;
  const std::string value = JsonWriter().String(pin.namespace_name).Take();
  const auto arguments = FindMember(text, params->begin, "arguments");
  if (!arguments) {
    const std::string object =
        "{" + JsonWriter().String(pin.argument).text() + ":" + value + "}";
    return SetMember(text, params->begin, "arguments", object);
  }
  if (text[arguments->begin] != '{') return std::nullopt;
  return SetMember(text, arguments->begin, pin.argument, value);
}

}  // namespace

std::optional<Message> WithPinnedNamespace(const Message& message,
                                           const NamespacePin& pin) {
  const std::optional<std::string> text = WithPin(message.canonical, pin);
  if (!text) return std::nullopt;
  return ReadEdited(*text);
}

}  // namespace gatehouse
