// SPDX-License-Identifier: Apache-2.0
// Whatever ReadMessage accepts: its canonical text is one ASCII line; reading
// that again accepts it and gives the very same text; a second parser reads
// the frame and the canonical text to equal values, and that value is the one
// that was judged. Whatever it refuses has a sentence of its own.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/message.h"
#include "proxy/server_message.h"

namespace gatehouse {
namespace {

void Require(bool property, std::string_view what) {
  if (property) return;
  std::cerr << "property does not hold: " << what << "\n";
  std::abort();
}

bool IsOneAsciiLine(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return true;
}

void CheckMessage(std::string_view bytes) {
  const Frame frame{bytes};
  if (IsBlank(frame)) return;
  const auto read = ReadMessage(frame);
  if (const auto* refusal = std::get_if<Refusal>(&read)) {
    Require(!refusal->sentence.empty(), "a refusal has a sentence");
    Require(refusal->sentence.size() < 200, "a refusal's sentence is short");
    return;
  }
  const Message& message = std::get<Message>(read);
  Require(IsOneAsciiLine(message.canonical), "one ASCII line");
  const auto again = ReadMessage(Frame{message.canonical});
  Require(std::holds_alternative<Message>(again), "accepted again");
  const Message& second = std::get<Message>(again);
  Require(second.canonical == message.canonical, "the same text again");
  Require(second.id == message.id, "the same id again");
  const auto plain = nlohmann::json::parse(bytes, nullptr, false);
  const auto canonical =
      nlohmann::json::parse(message.canonical, nullptr, false);
  Require(!plain.is_discarded(), "a second parser accepts the frame");
  Require(plain == canonical, "a second parser reads both alike");
  Require(canonical == nlohmann::json(message.value),
          "what is forwarded is what was judged");
}

// The return way's reader: what it accepts, a strict parser accepts too, but
// for numbers and surrogates that it leaves to the client.
void CheckServerMessage(std::string_view bytes) {
  const auto read = ReadServerMessage(bytes);
  const auto* message = std::get_if<ServerMessage>(&read);
  if (message == nullptr) return;
  const bool inside = message->result.empty() ||
                      (message->result.data() >= bytes.data() &&
                       message->result.data() + message->result.size() <=
                           bytes.data() + bytes.size());
  Require(inside, "the result lies within the line");
  if (!message->result.empty()) {
    Require(message->result.front() == '{' && message->result.back() == '}',
            "the result is an object's text");
  }
}

}  // namespace
}  // namespace gatehouse

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // The framer gives lines: what follows a newline is another frame.
  const std::string_view line = text.substr(0, text.find('\n'));
  gatehouse::CheckMessage(line);
  gatehouse::CheckServerMessage(line);
  return 0;
}
