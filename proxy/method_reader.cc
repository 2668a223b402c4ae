// SPDX-License-Identifier: Apache-2.0
#include "proxy/method_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "policy/json_value.h"
#include "policy/judged_methods.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxUriBytes = 4096;
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxListed = 1'000;  // URIs or tasks of one subscription

using Answer = std::variant<MethodFault, MethodAsks>;

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return lower;
}

// Between slashes: "." and ".." are taken away by some readers and not by
// others. "..." is a name.
bool HasDotSegment(std::string_view uri) {
  const std::size_t end = std::min(uri.find_first_of("?#"), uri.size());
  std::string_view path = uri.substr(0, end);
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

Answer OneUri(const Message& message, std::string_view method) {
  const auto uri = StringMember(*message.params(), "uri");
  if (!uri.has_value()) return MethodFault{"the request names no URI"};
  if (const auto fault = UriFault(*uri); !fault.empty()) {
    return MethodFault{fault};
  }
  return MethodAsks{{{Asked::kResource, method, *uri, nullptr}}, {}};
}

Answer OnePrompt(const Message& message, std::string_view method) {
  const auto name = StringMember(*message.params(), "name");
  if (!name.has_value() || !IsName(*name)) {
    return MethodFault{"the request names no prompt"};
  }
  const JsonValue* arguments = message.arguments();
  if (arguments != nullptr && KindOf(*arguments) != JsonKind::kObject) {
    return MethodFault{"arguments is not an object"};
  }
  return MethodAsks{{{Asked::kPrompt, method, *name, arguments}}, {}};
}

// Of a prompt's argument, or of a variable of a resource's URI template.
Answer OneReference(const Message& message, std::string_view method) {
  const JsonValue* ref = Member(*message.params(), "ref");
  const auto type = ref == nullptr ? std::nullopt : StringMember(*ref, "type");
  const bool prompt = type == "ref/prompt";
  if (!prompt && type != "ref/resource") {
    return MethodFault{"the request does not say what to complete"};
  }
  const auto target = StringMember(*ref, prompt ? "name" : "uri");
  // Both would be one for each reader.
  if (!target.has_value() || Member(*ref, prompt ? "uri" : "name") != nullptr) {
    return MethodFault{"the reference names not one thing to complete"};
  }
  if (prompt ? !IsName(*target) : !UriFault(*target).empty()) {
    return MethodFault{"the reference is not a name or a URI"};
  }
  return MethodAsks{
      {{prompt ? Asked::kPrompt : Asked::kResource, method, *target, nullptr}},
      {}};
}

// A list of strings; nullopt where it is none. Absent: empty.
std::optional<std::vector<std::string_view>> Strings(const JsonValue& object,
                                                     std::string_view key) {
  std::vector<std::string_view> strings;
  const JsonValue* list = Member(object, key);
  if (list == nullptr) return strings;
  if (KindOf(*list) != JsonKind::kArray) return std::nullopt;
  for (const JsonValue* element : Elements(*list)) {
    const auto text = AsString(*element);
    if (!text.has_value() || strings.size() >= kMaxListed) return std::nullopt;
    strings.push_back(*text);
  }
  return strings;
}

// What the filter has beside its two lists must be switches: another list
// would be a subscription to we know not what.
bool HasOtherLists(const JsonValue& filter) {
  for (const auto& [key, value] : Members(filter)) {
    if (key == "resourceSubscriptions" || key == "taskIds") continue;
    if (!AsBool(*value).has_value()) return true;
  }
  return false;
}

Answer Subscription(const Message& message, std::string_view method) {
  const JsonValue* filter = Member(*message.params(), "notifications");
  if (filter == nullptr || KindOf(*filter) != JsonKind::kObject) {
    return MethodFault{"the subscription names no notifications"};
  }
  const auto uris = Strings(*filter, "resourceSubscriptions");
  const auto tasks = Strings(*filter, "taskIds");
  if (!uris.has_value() || !tasks.has_value() || HasOtherLists(*filter)) {
    return MethodFault{"the subscription names something unknown"};
  }
  MethodAsks asks;
  for (const std::string_view uri : *uris) {
    if (const auto fault = UriFault(uri); !fault.empty()) {
      return MethodFault{fault};
    }
    asks.requests.push_back({Asked::kResource, method, uri, nullptr});
  }
  asks.tasks = *tasks;
  return asks;
}

Answer OneTask(const Message& message) {
  const auto task = StringMember(*message.params(), "taskId");
  if (!task.has_value()) return MethodFault{"the request names no task"};
  return MethodAsks{{}, {*task}};
}

struct Row {
  std::string_view method;
  // `method` is the row's own: it stays where it is.
  Answer (*read)(const Message&, std::string_view method);
};
constexpr std::array<Row, 6> kRows = {{{"resources/read", OneUri},
                                       {"resources/subscribe", OneUri},
                                       {"resources/unsubscribe", OneUri},
                                       {"prompts/get", OnePrompt},
                                       {"completion/complete", OneReference},
                                       {"subscriptions/listen", Subscription}}};
static_assert(std::ranges::equal(kRows, kJudgedMethods, {}, &Row::method,
                                 &JudgedMethod::name));

}  // namespace

std::string_view UriFault(std::string_view uri) {
  if (uri.empty() || uri.size() > kMaxUriBytes) {
    return "the URI is empty or too long";
  }
  if (std::any_of(uri.begin(), uri.end(),
                  [](char c) { return c <= 0x20 || c >= 0x7F || c == '\\'; })) {
    return "the URI holds characters that no URI has";
  }
  const std::string lower = LowerCase(uri);
  for (const std::string_view escape : {"%2e", "%2f", "%5c", "%25", "%00"}) {
    if (lower.find(escape) != std::string::npos) {
      return "the URI hides a dot, a slash or a percent sign in an escape";
    }
  }
  if (HasDotSegment(uri)) return "the URI has \".\" or \"..\" for a segment";
  return {};
}

bool DeclaresTasks(const Message& message) {
  const JsonValue* at = message.meta();
  for (const std::string_view key :
       {std::string_view("io.modelcontextprotocol/clientCapabilities"),
        std::string_view("extensions"), kTasksExtension}) {
    at = at == nullptr ? nullptr : Member(*at, key);
  }
  return at != nullptr;
}

Answer ReadMethod(const Message& message) {
  if (message.params() == nullptr) {
    return MethodFault{"the request has no params"};
  }
  for (const Row& row : kRows) {
    if (row.method == message.method) return row.read(message, row.method);
  }
  return OneTask(message);
}

}  // namespace gatehouse
