// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one kind of object that a client of the sample cluster sends in
// protobuf: Secrets, in which helm keeps its releases (client-go's typed
// clients do not speak JSON). Read into the JSON text that a JSON client would
// have sent; nothing is ever answered in protobuf. Pure.
//
// Format: k8s.io/apimachinery pkg/runtime/serializer/protobuf (four magic bytes
// before a runtime.Unknown), k8s.io/api core/v1 generated.proto.

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::sample {

// nullopt where `body` is not a Secret in this form.
std::optional<std::string> SecretFromProtobuf(std::string_view body);

}  // namespace gatehouse::sample
