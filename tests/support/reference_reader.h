// SPDX-License-Identifier: Apache-2.0
#pragma once
// A second reader of a server's lines, on simdjson's on-demand parser, to hold
// proxy/line_scanner against: it shares the envelope and the tokens' grammar
// with it, and nothing of the walk.

#include <memory>
#include <string_view>
#include <variant>

#include "proxy/server_message.h"

namespace gatehouse::testing {

// Keeps its buffers for the next line. One thread.
class ReferenceReader {
 public:
  ReferenceReader();
  ~ReferenceReader();

  // `line` without its end; what is returned borrows from it. Never throws.
  std::variant<ServerFault, ServerMessage> Read(std::string_view line);

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace gatehouse::testing
