// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes calls for the hunt: a server's ordinary calls with some of their
// arguments bent, and calls made up from the schemas that the server itself
// lists. The same seed gives the same calls.

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "policy/json_value.h"
#include "policy/kubernetes/tables.h"
#include "tests/e2e/hunt/hostile_words.h"
#include "tests/e2e/hunt/ordinary_calls.h"

namespace gatehouse::testing {

struct HuntCall {
  std::string tool;
  JsonValue arguments;

  std::string Told() const { return tool + " " + arguments.dump(); }
};

// Owns its source of chance. One thread.
class CallGenerator {
 public:
  // `ordinary`: what to bend, none empty. `tools`: the array of a tools/list.
  // `stranger`: the address of a server that nobody may talk to; it stands for
  // STRANGER in the dictionary.
  CallGenerator(std::uint64_t seed, std::vector<OrdinaryCall> ordinary,
                const JsonValue& tools, std::string stranger);

  HuntCall Next();
  // A call that the guard let through: others are made from it too, so that
  // the hunt goes on where it is allowed to go.
  void Keep(const HuntCall& call);

 private:
  std::size_t Below(std::size_t count) { return random_() % count; }
  bool Chance(std::size_t one_in) { return Below(one_in) == 0; }
  std::string Word(const std::vector<std::string>& words);

  void Bend(HuntCall& call);
  HuntCall Invent();
  JsonValue ValueFor(std::string_view tool, std::string_view argument);
  JsonValue OddValue(std::string_view argument);
  JsonValue BySchema(std::string_view argument, const JsonValue& schema);
  std::string TextFor(std::string_view argument);
  std::string Manifest();
  std::string Bent(std::string text);
  JsonValue Words(std::size_t most);
  void BendWords(JsonValue& words);
  JsonValue Flags();
  std::string CommandWord();
  std::string FlagFor(const std::vector<std::string>& words);
  std::string Spelt(const std::string& name, char letter, bool takes_value);

  std::mt19937_64 random_;
  const HostileWords& words_;
  std::vector<OrdinaryCall> ordinary_;
  std::vector<HuntCall> kept_;
  JsonValue tools_;
  std::string stranger_;
  std::shared_ptr<const KubernetesTables> tables_;
  std::vector<std::string> commands_;  // kubectl's
};

}  // namespace gatehouse::testing
