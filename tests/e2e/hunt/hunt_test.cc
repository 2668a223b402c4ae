// SPDX-License-Identifier: Apache-2.0
// The live differential test: hostile calls go through the guard to the real
// servers and to kubectl, and the stand-in's log must never hold a request
// outside the policy, nor one that the profile did not name. What is ordinary
// must pass.
//
// Seeds are fixed here. `make hunt SECONDS=600` takes random ones and prints a
// minimal call for each find: GATEHOUSE_HUNT_SECONDS, GATEHOUSE_HUNT_SEED (to
// see one again), GATEHOUSE_HUNT_SERVER (one server only).

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

#include "policy/json_value.h"
#include "tests/e2e/hunt/arena.h"
#include "tests/e2e/hunt/shrink.h"

namespace gatehouse::testing {
namespace {

using std::chrono::steady_clock;

constexpr int kShrinkTries = 150;

struct Limits {
  int calls = 0;   // 0: any number
  int passed = 0;  // calls that reached the server; 0: any number
  steady_clock::time_point until = steady_clock::time_point::max();
};

struct Bag {
  int calls = 0;
  int passed = 0;
  int reached = 0;  // of those, with a request that counts
  int finds = 0;
};

bool Done(const Limits& limits, const Bag& bag) {
  return (limits.calls > 0 && bag.calls >= limits.calls) ||
         (limits.passed > 0 && bag.passed >= limits.passed) ||
         steady_clock::now() >= limits.until;
}

// Told with the smallest call that still does something wrong.
void Tell(Arena& arena, const HuntCall& call, const std::string& where) {
  const auto wrong = [&](const JsonValue& arguments) {
    return !arena.Try({call.tool, arguments}).wrong.empty();
  };
  HuntCall least = call;
  if (wrong(call.arguments)) {
    least.arguments = Shrink(call.arguments, wrong, kShrinkTries);
  }
  const std::string text = "\nFOUND " + where + "\n  " + least.Told() +
                           "\n  from " + call.Told() + "\n  " +
                           arena.Try(least).wrong + "\n";
  ADD_FAILURE() << text;
}

Bag Hunt(Arena& arena, CallGenerator& generator, const Limits& limits,
         const std::string& where) {
  Bag bag;
  std::set<std::string> tools_found;
  while (!Done(limits, bag)) {
    const HuntCall call = generator.Next();
    const HuntOutcome outcome = arena.Try(call);
    ++bag.calls;
    const bool reached = std::any_of(
        outcome.seen.begin(), outcome.seen.end(),
        [](const std::string& line) { return SeenIn(line).has_value(); });
    bag.passed += outcome.passed ? 1 : 0;
    bag.reached += reached ? 1 : 0;
    if (outcome.passed && reached) generator.Keep(call);
    if (outcome.wrong.empty()) continue;
    ++bag.finds;
    // One of a tool is enough to look into at a time.
    if (tools_found.insert(call.tool + outcome.wrong.substr(0, 12)).second) {
      Tell(arena, call, where + ": " + outcome.wrong.substr(0, 200));
    }
  }
  return bag;
}

// Which namespace the context has is a matter of the fence's place in the list,
// so that each is met: dev, none, shop.
std::string ContextNamespace(std::size_t index) {
  constexpr const char* kPlaces[] = {"dev", "", "shop"};
  return kPlaces[index % 3];
}

// All, and three times those that the fence lets through: near them are the
// calls that might pass and should not.
std::vector<OrdinaryCall> Bait(const Prey& prey, const Fence& fence) {
  std::vector<OrdinaryCall> calls;
  for (const OrdinaryCall& call : OrdinaryCalls(prey.name)) {
    const bool passes =
        std::string_view(call.passes).find(fence.letter) != std::string::npos;
    calls.insert(calls.end(), passes ? 4 : 1, call);
  }
  return calls;
}

Bag HuntOne(const Prey& prey, std::size_t fence, std::uint64_t seed,
            const Limits& limits) {
  const Fence& chosen = Fences()[fence];
  const std::string where =
      prey.name + " under " + chosen.name + ", seed " + std::to_string(seed);
  // Every other one with namespaces written out, which must change nothing.
  std::vector<std::string> options;
  if (seed % 2 == 0) options.emplace_back("--pin-namespace");
  const auto arena =
      Arena::Start(prey, chosen, ContextNamespace(fence + seed), options);
  if (arena == nullptr) {
    ADD_FAILURE() << where << " did not start";
    return {};
  }
  CallGenerator generator(seed, Bait(prey, chosen), arena->tools(),
                          arena->stranger());
  const Bag bag = Hunt(*arena, generator, limits, where);
  std::cout << where << ": " << bag.calls << " calls, " << bag.passed
            << " let through, " << bag.reached << " at the API, " << bag.finds
            << " finds" << std::endl;
  return bag;
}

void ExpectVerdict(Arena& arena, const OrdinaryCall& row, bool wanted,
                   const Fence& fence) {
  const HuntCall call{row.tool, ParseJson(row.arguments).value()};
  const HuntOutcome outcome = arena.Try(call);
  EXPECT_EQ(outcome.passed, wanted)
      << call.Told() << " under " << fence.name << "\n"
      << outcome.answer.substr(0, 400);
  EXPECT_EQ(outcome.wrong, "") << call.Told() << " under " << fence.name;
}

class LiveHunt : public ::testing::TestWithParam<std::size_t> {};

std::string NameOfPrey(const ::testing::TestParamInfo<std::size_t>& info) {
  constexpr const char* kNames[] = {"Node", "Go", "Kubectl"};
  return kNames[info.param];
}

TEST_P(LiveHunt, NothingOutsideThePolicyIsSeen) {
  const Prey prey = AllPrey()[GetParam()];
  ASSERT_FALSE(prey.argv.empty()) << kServersMissing;
  for (std::size_t fence = 0; fence < Fences().size(); ++fence) {
    Limits limits;
    limits.calls = 250;
    limits.passed = 8;
    const Bag bag = HuntOne(prey, fence, 7 + fence, limits);
    EXPECT_GE(bag.passed, 5) << "the test would show little";
  }
}

// Each call is tried under every fence that refuses it and, since running it
// takes time, under one of those that let it through, in turn.
TEST_P(LiveHunt, OrdinaryCallsPassAndOthersDoNot) {
  const Prey prey = AllPrey()[GetParam()];
  ASSERT_FALSE(prey.argv.empty()) << kServersMissing;
  for (const Fence& fence : Fences()) {
    const auto arena = Arena::Start(prey, fence, "default");
    ASSERT_NE(arena, nullptr);
    std::size_t row = 0;
    for (const OrdinaryCall& call : OrdinaryCalls(prey.name)) {
      const std::string_view passes = call.passes;
      const bool wanted = passes.find(fence.letter) != std::string_view::npos;
      ++row;
      if (wanted && passes[row % passes.size()] != fence.letter) continue;
      ExpectVerdict(*arena, call, wanted, fence);
    }
  }
}

bool AllowsAnything(const SeenRequest&) { return true; }

// What a namespace means that is left out, "" or null: each tool that has the
// argument is run so, in a context whose namespace is neither the server's
// default nor the call's, and what the API sees must have been named.
TEST_P(LiveHunt, AMissingNamespaceIsWhatTheProfileSays) {
  const Prey prey = AllPrey()[GetParam()];
  ASSERT_FALSE(prey.argv.empty()) << kServersMissing;
  Fence wide = Fences()[0];
  wide.policy =
      "apiVersion: gatehouse/v1\nkind: Policy\nname: wide\nprotect: []\n"
      "rules:\n  - {id: all, allow: [read, write]}\n"
      "  - {id: run, allow: exec, resources: [pods/exec]}\n";
  wide.allows = AllowsAnything;
  const auto arena = Arena::Start(prey, wide, "shop");
  ASSERT_NE(arena, nullptr);
  std::set<std::string> done;
  std::size_t passed = 0;
  const auto expect_named = [&](const HuntCall& call) {
    const HuntOutcome outcome = arena->Try(call);
    EXPECT_EQ(outcome.wrong, "") << call.Told();
    passed += outcome.passed ? 1 : 0;
  };
  for (const OrdinaryCall& row : OrdinaryCalls(prey.name)) {
    HuntCall call{row.tool, ParseJson(row.arguments).value()};
    if (Member(call.arguments, "namespace") == nullptr) continue;
    if (!done.insert(call.tool).second) continue;
    for (const JsonValue& value : {JsonValue(""), JsonValue(nullptr)}) {
      call.arguments["namespace"] = value;
      expect_named(call);
    }
    call.arguments.erase("namespace");
    expect_named(call);
  }
  EXPECT_GE(passed, done.size()) << "the test would show little";
}

INSTANTIATE_TEST_SUITE_P(, LiveHunt, ::testing::Values(0u, 1u, 2u), NameOfPrey);

// That the hunt can find something: a policy wider than its fence, and a call
// that shows it, made small.
TEST(HuntItself, FindsWhatAWiderPolicyLetsThroughAndMakesItSmall) {
  const Prey prey = AllPrey().back();
  ASSERT_FALSE(prey.argv.empty()) << kServersMissing;
  Fence wide = Fences()[0];
  wide.policy =
      "apiVersion: gatehouse/v1\nkind: Policy\nname: wide\n"
      "rules:\n  - {id: read, allow: read}\n";
  const auto arena = Arena::Start(prey, wide, "dev");
  ASSERT_NE(arena, nullptr);
  const JsonValue words =
      ParseJson(R"({"args":["get","pods","-n","dev","-o","wide","-nshop"]})")
          .value();
  const auto wrong = [&](const JsonValue& arguments) {
    return !arena->Try({"kubectl", arguments}).wrong.empty();
  };
  ASSERT_TRUE(wrong(words));
  // kubectl lists "po", and "s" is a namespace like any other.
  const JsonValue least = Shrink(words, wrong, 80);
  EXPECT_LE(Member(least, "args")->size(), 3u) << least.dump();
  EXPECT_LT(least.dump().size(), 30u) << least.dump();
}

// With seeds of chance, until the time is over.
class LongHunt : public ::testing::Test {
 public:
  explicit LongHunt(int seconds)
      : until_(steady_clock::now() + std::chrono::seconds(seconds)) {}

  void TestBody() override {
    const char* given = std::getenv("GATEHOUSE_HUNT_SEED");
    std::uint64_t seed = given != nullptr
                             ? std::strtoull(given, nullptr, 10)
                             : std::random_device()() % 1'000'000'000;
    for (; steady_clock::now() < until_; ++seed) {
      for (const Prey& prey : AllPrey()) HuntIf(prey, seed);
    }
  }

 private:
  void HuntIf(const Prey& prey, std::uint64_t seed) const {
    const char* only = std::getenv("GATEHOUSE_HUNT_SERVER");
    if (prey.argv.empty() || (only != nullptr && prey.name != only)) return;
    Limits limits;
    limits.calls = 400;
    limits.until = until_;
    HuntOne(prey, seed % Fences().size(), seed, limits);
  }

  steady_clock::time_point until_;
};

// Only `make hunt` has it.
const bool kRegistered = [] {
  const char* seconds = std::getenv("GATEHOUSE_HUNT_SECONDS");
  if (seconds == nullptr) return false;
  ::testing::RegisterTest(
      "LongHunt", "FindsNothing", nullptr, nullptr, __FILE__, __LINE__,
      [=]() -> ::testing::Test* { return new LongHunt(std::atoi(seconds)); });
  return true;
}();

}  // namespace
}  // namespace gatehouse::testing
