// SPDX-License-Identifier: Apache-2.0
#pragma once
// Policies and questions from a seed: words that meet each other often, since
// a random policy that matches nothing shows nothing.

#include <initializer_list>
#include <random>
#include <string>

#include "tests/policy/reference/reference.h"

namespace gatehouse::reference {

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Policy NewPolicy();
  Rule NewRule(const std::string& id, const std::string& effect);
  Question NewQuestion();
  // The request with one field forgotten.
  Request Forget(Request request);

  // True once in `n` times.
  bool OneIn(unsigned n) { return random_() % n == 0; }

 private:
  std::string Pick(std::initializer_list<const char*> words);
  std::vector<std::string> Some(std::initializer_list<const char*> words);
  List Maybe(unsigned n, std::initializer_list<const char*> words);
  std::vector<std::string> Verbs(bool may_be_unclear);
  Match NewMatch(bool exception, bool may_trust_clients);
  When NewWhen();
  Rule BroadAllow();
  Request NewRequest();
  Request NewHelmRequest();
  Request NewCustomRequest();

  std::mt19937 random_;
};

}  // namespace gatehouse::reference
