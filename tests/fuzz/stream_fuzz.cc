// SPDX-License-Identifier: Apache-2.0
// Any bytes of a server, cut at any places: lines that come in pieces, held or
// passed on as they come, end up as the same lines would that come whole.
//   1 the scanner of pieces says of a line what the reader of lines says
//   2 the return gate answers, drops and records the same
//   3 what streams reaches the client as it would have whole, or stops short of
//     the line's end and ends the session
// The first byte chooses the cap above which a line comes in pieces, the second
// seeds the cuts.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proxy/framer.h"
#include "proxy/line_scanner.h"
#include "proxy/server_message.h"
#include "tests/support/gate_bench.h"
#include "tests/support/reference_reader.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

constexpr std::size_t kNoCap = std::size_t{64} << 20;
constexpr std::size_t kHeldBytes = 8'000;

void Require(bool property, std::string_view what) {
  if (property) return;
  std::cerr << "property does not hold: " << what << "\n";
  std::abort();
}

// The bytes in pieces of a few bytes to many.
std::vector<std::string_view> Cut(std::string_view bytes, std::uint32_t seed) {
  std::minstd_rand random(seed + 1);
  const std::size_t most = std::size_t{1} << (1 + random() % 11);
  std::vector<std::string_view> pieces;
  while (!bytes.empty()) {
    pieces.push_back(bytes.substr(0, 1 + random() % most));
    bytes.remove_prefix(pieces.back().size());
  }
  return pieces;
}

void CheckScanner(const std::string& line, std::uint32_t seed) {
  testing::ReferenceReader reader;
  const auto whole = reader.Read(line);
  LineScanner scanner;
  std::string answers;  // whom, as soon as it is said
  for (const std::string_view piece : Cut(line, seed)) {
    scanner.Feed(piece);
    const RpcId* id = scanner.Answers();
    Require(id == nullptr || answers.empty() || answers == id->text,
            "whom a line answers does not change");
    if (id != nullptr) answers = id->text;
  }
  const auto pieces = scanner.Finish();
  Require(pieces.index() == whole.index(), "sound in pieces as a whole");
  const auto* expected = std::get_if<ServerMessage>(&whole);
  if (expected == nullptr) return;
  const auto& message = std::get<ServerMessage>(pieces);
  Require(message.kind == expected->kind && message.id == expected->id &&
              message.method == expected->method &&
              message.is_error == expected->is_error &&
              message.is_tool_error == expected->is_tool_error &&
              message.result_type == expected->result_type &&
              message.asks_client == expected->asks_client,
          "the same message");
  Require(
      std::string_view(line).substr(
          scanner.result_begin(),
          scanner.result_end() - scanner.result_begin()) == expected->result,
      "the same result");
  Require(answers.empty() || answers == message.id->text,
          "it answers whom it said");
}

// A session with requests of many kinds in flight.
struct Conversation {
  explicit Conversation(ResultLimit limit) : gate(bench.context, limit) {
    (void)bench.FromClient(
        {R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
         R"("capabilities":{"sampling":{},"elicitation":{"url":{}}}}})",
         CallLine("1", "read_pod"), CallLine("2", "secret_get"),
         CallLine("\"3\"", "reveal_get"), CallLine("4", "read_log"),
         R"({"jsonrpc":"2.0","id":5,"method":"tools/list"})",
         R"({"jsonrpc":"2.0","id":6,"method":"tools/call","params":{)"
         R"("name":"read_pod","_meta":{)"
         R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
         R"("io.modelcontextprotocol/clientCapabilities":{"roots":{}}}}})",
         R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
         R"("params":{"requestId":4}})"});
    before = bench.records().size();
  }

  // All that the server says, cut at chance; false once a gate ends it.
  bool Take(std::string_view bytes, std::size_t cap, std::uint32_t seed) {
    Framer framer(cap);
    for (const std::string_view piece : Cut(bytes, seed)) {
      framer.Feed(piece);
      while (const auto frame = framer.Next()) {
        const std::vector<Frame> one = {*frame};
        for (const Verdict& verdict : gate.Handle(one)) {
          if (verdict.kind == Kind::kClose) return false;
          if (verdict.kind == Kind::kForward) to_client += verdict.bytes;
          if (verdict.kind == Kind::kAnswer) to_server += verdict.bytes;
        }
      }
    }
    return true;
  }

  // What the trail says, but for what two readers word differently.
  std::string Trail() {
    Require(gate.Flush().ok(), "the trail is written");
    std::string text;
    for (std::size_t i = before; i < bench.records().size(); ++i) {
      audit::Record record = bench.records()[i];
      record.call.clear();
      if (record.event == "server frame dropped") record.detail.clear();
      text += audit::WritePayload(record) + "\n";
    }
    return text;
  }

  GateBench bench;
  ReturnGate gate;
  std::size_t before = 0;
  std::string to_client;
  std::string to_server;
};

void CheckHeld(std::string_view bytes, std::size_t cap, std::uint32_t seed,
               Conversation& whole) {
  Conversation pieces({kHeldBytes, false});
  Require(pieces.Take(bytes, cap, seed + 1), "held lines end no session");
  Require(pieces.to_client == whole.to_client, "the client gets the same");
  Require(pieces.to_server == whole.to_server, "the server hears the same");
  Require(pieces.Trail() == whole.Trail(), "the trail says the same");
}

void CheckStreamed(std::string_view bytes, std::size_t cap, std::uint32_t seed,
                   Conversation& whole) {
  Conversation pieces({kHeldBytes, true});
  if (pieces.Take(bytes, cap, seed + 2)) {
    Require(pieces.to_client == whole.to_client,
            "what streams arrives as it would whole");
    Require(pieces.to_server == whole.to_server, "the server hears the same");
    return;
  }
  const std::size_t lines = pieces.to_client.rfind('\n') + 1;  // npos + 1 is 0
  Require(whole.to_client.starts_with(pieces.to_client.substr(0, lines)),
          "what came before the end arrived");
  Require(bytes.find(pieces.to_client.substr(lines)) != bytes.npos,
          "what was let go of the last line is the server's own");
  Require(pieces.Trail().find("server frame dropped") != std::string::npos,
          "why it ended is recorded");
}

}  // namespace
}  // namespace gatehouse

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace gatehouse;  // NOLINT: one short function
  if (size < 2) return 0;
  const std::size_t cap = 16 + std::size_t{data[0]} * 8;
  const std::uint32_t seed = data[1];
  std::string bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  bytes += '\n';
  std::string_view rest = bytes;
  std::size_t longest = 0;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string line(rest.substr(0, end));
    if (line.ends_with('\r')) line.pop_back();
    // A long line of blanks is none, and dropped; a short one never was.
    if (!line.empty() && line.find_first_not_of(" \t") == line.npos) return 0;
    CheckScanner(line, seed);
    longest = std::max(longest, line.size());
    rest.remove_prefix(end + 1);
  }
  Conversation whole({kHeldBytes, false});
  Require(whole.Take(bytes, kNoCap, seed), "whole lines end no session");
  CheckHeld(bytes, cap, seed, whole);
  // A longer line is none that could be held, and may stream all the same.
  if (longest <= kHeldBytes) CheckStreamed(bytes, cap, seed, whole);
  return 0;
}
