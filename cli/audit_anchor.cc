// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit anchor`: one checkpoint of the chain, now, to a file or to
// the system's log; and the keys that sign them.
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "audit/anchor_keeper.h"
#include "audit/anchor_place.h"
#include "audit/signing.h"
#include "cli/audit.h"

namespace gatehouse::cli {
namespace {

struct AnchorOptions {
  std::string database;
  std::vector<std::string> places;
  std::string key;
  std::string new_key;
};

Result<std::optional<audit::Ed25519Key>> ReadKey(const std::string& path) {
  if (path.empty()) return std::optional<audit::Ed25519Key>();
  auto key = audit::Ed25519Key::ReadPrivate(path);
  if (!key.ok()) return key.error();
  return std::optional(std::move(key).value());
}

// To one place after the other: one that is down keeps nothing from the rest.
int Anchor(const AnchorOptions& options) {
  const auto database = FindTrail(options.database);
  if (!database.ok()) return FailedToRead(database.error());
  const auto key = ReadKey(options.key);
  if (!key.ok()) return FailedToRead(key.error());
  const audit::Ed25519Key* const signer = key.value() ? &*key.value() : nullptr;
  if (options.places.empty()) {
    const auto anchor = audit::MakeAnchor(database.value(), signer);
    if (!anchor.ok()) return FailedToRead(anchor.error());
    std::cout << audit::FormatAnchor(anchor.value()) << "\n";
    return kExitDone;
  }
  int exit_code = kExitDone;
  for (const std::string& name : options.places) {
    const auto place = audit::FindAnchorPlace(name);
    if (!place.ok()) return Misused(place.error());
    const auto sent =
        audit::SendAnchor(database.value(), *place.value(), signer);
    if (!sent.ok()) exit_code = FailedToRead(sent.error());
    if (sent.ok()) std::cout << sent.value() << "\n";
  }
  return exit_code;
}

int MakeKey(const std::string& path) {
  const auto key = audit::Ed25519Key::Make(path);
  if (!key.ok()) return FailedToRead(key.error());
  std::cout << key.value().PublicPem();
  std::cerr << "gatehouse: " << path << " is the private key, "
            << key.value().id()
            << "; what was printed is the public one: give it to whoever "
               "verifies\n";
  return kExitDone;
}

void AddKeygen(Command anchor, const std::shared_ptr<AnchorOptions>& options) {
  const Command command = anchor.AddCommand(
      "keygen",
      "Make a key to sign anchors with: the private half into a new file, the "
      "public half (PEM) to standard output");
  command.Add("FILE", options->new_key, "Where the private key goes")
      .Required();
  command.Do([options] { return MakeKey(options->new_key); });
}

}  // namespace

void AddAuditAnchor(Command audit) {
  const Command command = audit.AddCommand(
      "anchor",
      "Vouch for the trail as it is now: brings it to the disk and writes one "
      "line, its size and head, where whoever owns this user id cannot change "
      "it. `audit verify --anchors` compares");
  command.Footer(
      "\nExamples:\n"
      "  gatehouse audit anchor keygen anchor.key > anchor.pub\n"
      "  gatehouse audit anchor --to /mnt/worm/gatehouse.anchors --key "
      "anchor.key\n"
      "  gatehouse audit anchor --to syslog\n"
      "  gatehouse audit anchor | mail -s anchor auditor@example.com\n"
      "  journalctl -t gatehouse -o cat > anchors.txt\n"
      "  gatehouse audit verify --anchors anchors.txt --key anchor.pub\n\n"
      "`gatehouse run --anchor PLACE` does it while a guard runs.");
  auto options = std::make_shared<AnchorOptions>();
  AddDatabaseOption(command, options->database);
  command
      .Add("--to", options->places,
           "A file to append to, syslog (which journald reads), or "
           "syslog:SOCKET; may be given again (default: only print)")
      .Word("PLACE")
      .OneWordEach();
  command
      .Add("--key", options->key,
           "Sign with this Ed25519 private key (PEM, as `audit anchor "
           "keygen` and `openssl genpkey` make them)")
      .Word("FILE");
  AddKeygen(command, options);
  command.Do([options] { return Anchor(*options); });
}

}  // namespace gatehouse::cli
