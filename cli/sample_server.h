// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tiny MCP server over made-up data, for `gatehouse demo` on machines without
// Node, and for tests. It never touches a cluster and says in its serverInfo
// that it is a sample. Profile: rules/profiles/sample-server.yaml.

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/sample/sample_data.h"
#include "policy/json_value_fwd.h"
#include "policy/result.h"

namespace gatehouse::cli {

// Holds the sample objects; a delete lasts as long as this does. One thread.
class SampleServer {
 public:
  SampleServer();

  // The answer to one line without its "\n", or "" where none is due.
  std::string Handle(std::string_view line);

 private:
  // What a tool says; kNotFound and kInvalid become a result with isError.
  Result<std::string> CallTool(std::string_view tool,
                               const JsonValue& arguments);
  std::string ListPods(const JsonValue& arguments) const;
  Result<std::string> GetResource(const JsonValue& arguments) const;
  Result<std::string> DeleteResource(const JsonValue& arguments);
  // The index of the object that the arguments name.
  Result<std::size_t> Locate(const JsonValue& arguments) const;

  std::vector<sample::SampleObject> objects_;
};

// The hidden command `gatehouse sample-server`.
void AddSampleServer(Command app);

}  // namespace gatehouse::cli
