// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_message.h"

#include "proxy/line_scanner.h"

namespace gatehouse {

std::variant<ServerFault, ServerMessage> ReadServerMessage(
    std::string_view line) {
  LineScanner scanner;
  scanner.Feed(line);
  auto read = scanner.Finish();
  if (auto* const message = std::get_if<ServerMessage>(&read)) {
    const std::size_t begin = scanner.result_begin();
    message->result = line.substr(begin, scanner.result_end() - begin);
  }
  return read;
}

}  // namespace gatehouse
