// SPDX-License-Identifier: Apache-2.0
#pragma once
// What client-go's typed clients send to the sample cluster, which do not speak
// JSON: Secrets whole, in which helm keeps its releases, and of any other
// object its name. Read into the JSON text that a JSON client would have sent;
// nothing is ever answered in protobuf. Pure.
//
// Format: k8s.io/apimachinery pkg/runtime/serializer/protobuf (four magic bytes
// before a runtime.Unknown), k8s.io/api core/v1 generated.proto.

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::sample {

// nullopt where `body` is not a Secret in this form.
std::optional<std::string> SecretFromProtobuf(std::string_view body);
// {"metadata": {"name": …, "generateName": …}} of any object; nullopt where
// `body` is not in this form.
std::optional<std::string> NameFromProtobuf(std::string_view body);

}  // namespace gatehouse::sample
