// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sample cluster's own door to nlohmann: reading and changing members by
// path, and the patch kinds that Kubernetes knows. Objects here are plain JSON
// trees; nothing checks them against a schema. Only gatehouse-sample-cluster
// and the sample server change JSON values; the guard itself never does.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "policy/json_value_fwd.h"
#include "policy/result.h"

namespace gatehouse::sample {

using Path = std::initializer_list<std::string_view>;

// The value at `path`, or nullptr. Borrowed from `object`.
const JsonValue* Find(const JsonValue& object, Path path);
// The string at `path`; numbers and booleans as JSON text, else "".
std::string Text(const JsonValue& object, Path path);
// The same for a path written with dots, as field selectors do.
std::string TextAtDots(const JsonValue& object, std::string_view dotted);
// The whole number at `path`, or `absent`.
std::int64_t Number(const JsonValue& object, Path path, std::int64_t absent);

// Sets the value, making the maps on the way; what is in the way is replaced.
void Set(JsonValue& object, Path path, JsonValue value);
void Remove(JsonValue& object, std::string_view key);

// RFC 7386; members whose key starts with "$" (directives of a strategic
// merge) are left out, lists are replaced whole.
JsonValue MergePatch(JsonValue target, const JsonValue& patch);
// RFC 6902.
Result<JsonValue> JsonPatch(const JsonValue& target, const JsonValue& patch);

// Writes `template_text` with each $NAME of `values` replaced. Values are put
// in as they stand: callers pass JSON-safe text.
std::string Fill(
    std::string_view template_text,
    std::initializer_list<std::pair<std::string_view, std::string_view>>
        values);

// Compact JSON text.
std::string Write(const JsonValue& value);
// `text` as a JSON string with its quotes.
std::string Quote(std::string_view text);

}  // namespace gatehouse::sample
