// SPDX-License-Identifier: Apache-2.0
#pragma once
// The official SDK clients, as a process that a test drives by lines
// (sdk_client.mjs): what a person's own client makes of the guard's answers.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/line_process.h"
#include "policy/json_value.h"

namespace gatehouse::testing {

// The programs and packages of scripts/install-test-servers; "" where missing.
std::string NewerNode();
std::string NpmPackages();

// Owns the process. One thread.
class SdkClient {
 public:
  // `kind`: v1, legacy, auto or modern. `argv` is the server, or the guard
  // around it. nullptr where it could not be started.
  static std::unique_ptr<SdkClient> Start(std::string_view kind,
                                          const std::vector<std::string>& argv);

  // What connecting gave: {"result": {"server", "revision"}} or {"threw"}.
  const JsonValue& connected() const { return connected_; }

  // What the SDK gave back: {"result", "heard", "problem"}, or {"threw"}.
  JsonValue Ask(std::string_view method, std::string_view params);
  // Asks, and gives up as soon as the request is out.
  JsonValue AskAndGiveUp(std::string_view method, std::string_view params);
  // Ends the client as its user would; its exit code.
  int Close();

 private:
  explicit SdkClient(cli::LineProcess process) : process_(std::move(process)) {}
  JsonValue Send(const std::string& line);
  JsonValue Read();

  cli::LineProcess process_;
  JsonValue connected_;
};

}  // namespace gatehouse::testing
