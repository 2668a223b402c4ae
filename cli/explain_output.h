// SPDX-License-Identifier: Apache-2.0
#pragma once
// How `policy explain` shows one answer: for people, and as JSON members that
// scripts rely on. Decides nothing.

#include "cli/call_explainer.h"
#include "policy/engine.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {

// "FILE:LINE".
std::string PlaceOf(const RuleSource& rule);

// Into an object that is open.
void WriteAnswer(const Answer& answer, JsonWriter& out);
// The policy and, for each request, what every rule made of it.
void WriteTrace(const Answer& answer, const Engine& engine, JsonWriter& out);
// Onto standard output.
void PrintAnswer(const Answer& answer, const Engine& engine);

}  // namespace gatehouse::cli
