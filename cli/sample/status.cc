// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/status.h"

#include "policy/json_writer.h"

namespace gatehouse::sample {
namespace {

JsonWriter Start(std::string_view status) {
  JsonWriter out;
  out.BeginObject().Key("kind").String("Status");
  out.Key("apiVersion").String("v1").Key("metadata").BeginObject().EndObject();
  out.Key("status").String(status);
  return out;
}

ApiResponse Finish(JsonWriter& out, int code) {
  out.Key("code").Integer(code).EndObject();
  return ApiResponse{code, "application/json", out.Take(), std::nullopt};
}

void WriteDetails(JsonWriter& out, std::string_view resource,
                  std::string_view name) {
  out.Key("details").BeginObject().Key("name").String(name);
  out.Key("kind").String(resource).EndObject();
}

}  // namespace

ApiResponse Failure(int code, std::string_view reason,
                    std::string_view message) {
  JsonWriter out = Start("Failure");
  out.Key("message").String(message).Key("reason").String(reason);
  return Finish(out, code);
}

ApiResponse NotFound(std::string_view resource, std::string_view name) {
  JsonWriter out = Start("Failure");
  out.Key("message").String(std::string(resource) + " \"" + std::string(name) +
                            "\" not found");
  out.Key("reason").String("NotFound");
  WriteDetails(out, resource, name);
  return Finish(out, 404);
}

ApiResponse MethodNotAllowed() {
  return Failure(405, "MethodNotAllowed",
                 "the server does not allow this method on this resource");
}

ApiResponse Success(std::string_view resource, std::string_view name) {
  JsonWriter out = Start("Success");
  WriteDetails(out, resource, name);
  return Finish(out, 200);
}

}  // namespace gatehouse::sample
