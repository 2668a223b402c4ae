// SPDX-License-Identifier: Apache-2.0
#pragma once
// Kubernetes Status objects, the API's way of saying no or done. Pure.

#include <string>
#include <string_view>

#include "cli/sample/api.h"

namespace gatehouse::sample {

ApiResponse Failure(int code, std::string_view reason,
                    std::string_view message);
ApiResponse NotFound(std::string_view resource, std::string_view name);
ApiResponse MethodNotAllowed();
// What a delete answers.
ApiResponse Success(std::string_view resource, std::string_view name);

}  // namespace gatehouse::sample
